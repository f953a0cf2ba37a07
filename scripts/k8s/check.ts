// All checks of one overlay, except the one for unknown fields, which takes the objects of all overlays in one run.

import type { Manifest } from "./manifests.ts";
import { checkNodes, type NodesReport } from "./nodes.ts";
import { checkSchema } from "./schema.ts";
import { checkSecurity } from "./security.ts";
import { checkSelectors } from "./selectors.ts";

export interface Overlay {
  /** From the repository's root. */
  readonly folder: string;
  /** Secrets that whoever applies it makes by hand (docs/kubernetes.md). */
  readonly externalSecrets: readonly string[];
}

const PRODUCTION_SECRETS = ["aureon-node-secrets", "aureon-api-tls"];

export const OVERLAYS: readonly Overlay[] = [
  { folder: "k8s/overlays/dev", externalSecrets: [] },
  { folder: "k8s/overlays/production", externalSecrets: PRODUCTION_SECRETS },
];

/** One of somebody else, made after ours. */
export function overlayAt(folder: string): Overlay {
  return OVERLAYS.find((overlay) => overlay.folder === folder) ?? { folder, externalSecrets: PRODUCTION_SECRETS };
}

/** Objects of one name would overwrite each other. */
function checkNames(manifests: readonly Manifest[]): readonly string[] {
  const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `there is more than one ${name}`);
}

/** References, rights and the node's own configuration; for objects that have passed the schema. */
export function checkReferences(
  manifests: readonly Manifest[],
  overlay: Pick<Overlay, "externalSecrets">,
): { readonly findings: readonly string[]; readonly nodes: NodesReport } {
  const nodes = checkNodes({ manifests, externalSecrets: overlay.externalSecrets });
  const findings = [
    ...checkNames(manifests),
    ...checkSelectors(manifests),
    ...checkSecurity(manifests),
    ...nodes.findings,
  ];
  return { findings, nodes };
}

export async function checkSchemas(manifests: readonly Manifest[]): Promise<readonly string[]> {
  return (await Promise.all(manifests.map(checkSchema))).flat();
}
