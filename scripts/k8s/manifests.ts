// Kubernetes objects as the checks read them: parsed from YAML, found by kind, named in messages.

import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import type { IIngress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { ISecret } from "kubernetes-models/v1/Secret";
import type { IService } from "kubernetes-models/v1/Service";
import { parseAllDocuments } from "yaml";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

interface Kinds {
  readonly ConfigMap: IConfigMap;
  readonly Ingress: IIngress;
  readonly NetworkPolicy: INetworkPolicy;
  readonly PodDisruptionBudget: IPodDisruptionBudget;
  readonly Secret: ISecret;
  readonly Service: IService;
  readonly StatefulSet: IStatefulSet;
}

export type { IConfigMap, IContainer, IPodSpec, ISecret, IService, IStatefulSet };

export type Labels = Readonly<Record<string, string>>;

export interface Parsed {
  readonly manifests: readonly Manifest[];
  readonly findings: readonly string[];
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Manifest>;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string";
}

/** Kustomize breaks long base64 into lines. Kubernetes reads over their ends, the schema does not. */
function joinLines(manifest: Manifest): Manifest {
  const { kind, data } = manifest as ISecret & Manifest;
  if (kind !== "Secret" || data === undefined) return manifest;
  const joined = Object.entries(data).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "string" ? value.replaceAll("\n", "") : value,
  ]);
  return { ...manifest, ...{ data: Object.fromEntries(joined) } };
}

/** Reads a stream of documents as Kubernetes does: YAML 1.1, where 0440 is octal. */
export function parseManifests(text: string): Parsed {
  const manifests: Manifest[] = [];
  const findings: string[] = [];
  for (const document of parseAllDocuments(text, { version: "1.1" })) {
    findings.push(...[...document.errors, ...document.warnings].map((error) => error.message));
    const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
    if (isManifest(value)) manifests.push(joinLines(value));
    else if (document.errors.length === 0 && value !== null) {
      findings.push("a document has no apiVersion, kind and metadata.name");
    }
  }
  return { manifests, findings };
}

export function ofKind<Kind extends keyof Kinds>(
  manifests: readonly Manifest[],
  kind: Kind,
): readonly (Kinds[Kind] & Manifest)[] {
  return manifests.filter((manifest) => manifest.kind === kind) as (Kinds[Kind] & Manifest)[];
}

/** As findings name it. */
export function titleOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

export function podSpecOf(set: IStatefulSet): IPodSpec {
  return set.spec?.template.spec ?? { containers: [] };
}

/** Whether a selector of labels chooses a pod; an empty one chooses every pod. */
export function selects(selector: Labels | undefined, labels: Labels | undefined): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}
