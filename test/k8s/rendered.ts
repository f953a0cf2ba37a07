// The objects of an overlay, rendered once a run, and copies of them with one thing changed.

import { OVERLAYS, overlayAt } from "../../scripts/k8s/check.ts";
import { type Manifest, parseManifests } from "../../scripts/k8s/manifests.ts";
import { findRenderer, render } from "../../scripts/k8s/renderer.ts";

export const [DEV, PRODUCTION] = ["k8s/overlays/dev", "k8s/overlays/production"] as const;

const renderer = findRenderer();
const rendered = new Map(OVERLAYS.map(({ folder }) => [folder, parseManifests(render(renderer, folder))]));

export function manifestsOf(folder: string): readonly Manifest[] {
  const { manifests, findings } = rendered.get(folder) ?? { manifests: [], findings: [`${folder} is not rendered`] };
  if (findings.length > 0) throw new Error(findings.join("; "));
  return manifests;
}

export function secretsOf(folder: string) {
  return { externalSecrets: overlayAt(folder).externalSecrets };
}

// biome-ignore lint/suspicious/noExplicitAny: tests put in what the types forbid.
type Loose = any;

/** A copy of all objects in which `change` has had its way with the first one of a kind, or with that of a name. */
export function changed(
  manifests: readonly Manifest[],
  options: { kind: string; name?: string; change: (manifest: Loose) => void },
): readonly Manifest[] {
  const { kind, name, change } = options;
  const copy = structuredClone(manifests);
  const target = copy.find(
    (manifest) => manifest.kind === kind && (name ?? manifest.metadata.name) === manifest.metadata.name,
  );
  if (target === undefined) throw new Error(`there is no ${kind} ${name ?? ""}`);
  change(target);
  return copy;
}
