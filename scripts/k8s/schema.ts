// Checks each object against the schema of its kind: required fields, types, formats. What a kind does not have is found
// by unknownFields.ts, since Kubernetes' schemas allow it.

import { type Manifest, titleOf } from "./manifests.ts";

/** Beta versions are removed again, and the schemas of removed ones are still known here. */
const STABLE_VERSION = /^(?:[a-z0-9.-]+\/)?v\d+$/;

interface Model {
  validate(): void;
}

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
}

/** The module that holds types and schema of a kind. */
export function moduleOf({ apiVersion, kind }: Manifest): string {
  return `kubernetes-models/${apiVersion}/${kind}`;
}

async function modelOf(manifest: Manifest): Promise<(new (data: Manifest) => Model) | undefined> {
  try {
    const module = (await import(moduleOf(manifest))) as Record<string, new (data: Manifest) => Model>;
    return module[manifest.kind];
  } catch {
    return undefined;
  }
}

export async function checkSchema(manifest: Manifest): Promise<readonly string[]> {
  const title = titleOf(manifest);
  if (!STABLE_VERSION.test(manifest.apiVersion)) return [`${title}: ${manifest.apiVersion} is no stable version`];
  const ModelOfKind = await modelOf(manifest);
  if (ModelOfKind === undefined) {
    return [`${title}: Kubernetes has no ${manifest.kind} in ${manifest.apiVersion}`];
  }
  try {
    new ModelOfKind(manifest).validate();
    return [];
  } catch (error) {
    const { errors } = error as { errors?: readonly SchemaError[] };
    if (errors === undefined) throw error;
    return errors.map(({ instancePath, message }) => `${title}: ${instancePath} ${message}`);
  }
}
