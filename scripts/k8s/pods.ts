// What a pod of a StatefulSet finds when it starts: its name, its environment and its files. References to ConfigMaps,
// Secrets and volumes are followed here, and those that lead nowhere are findings.

import {
  type IConfigMap,
  type IContainer,
  type IPodSpec,
  type ISecret,
  type IStatefulSet,
  type Manifest,
  ofKind,
  podSpecOf,
} from "./manifests.ts";

export interface Pod {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** By path; undefined is the text of a Secret that is not among the manifests. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** What can be written: by path, the volume's name. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface PodsOptions {
  readonly manifests: readonly Manifest[];
  /** Secrets that somebody makes by hand. */
  readonly externalSecrets: readonly string[];
}

/** Keys and texts of a ConfigMap or a Secret; any key, with no text, for one that is made by hand. */
type Entries = ReadonlyMap<string, string> | "external";

function decode(secret: ISecret): ReadonlyMap<string, string> {
  const encoded = Object.entries(secret.data ?? {});
  const texts = encoded.map(([key, text]) => [key, Buffer.from(text, "base64").toString()] as const);
  return new Map([...texts, ...Object.entries(secret.stringData ?? {})]);
}

function entriesOf(map: IConfigMap): ReadonlyMap<string, string> {
  return new Map(Object.entries(map.data ?? {}));
}

/** One pod, put together step by step. */
class PodBuilder {
  readonly findings: string[] = [];
  private readonly environment: Record<string, string> = {};
  private readonly files = new Map<string, string | undefined>();
  private readonly folders = new Map<string, string>();
  private readonly options: PodsOptions;
  private readonly name: string;

  constructor(name: string, options: PodsOptions) {
    this.name = name;
    this.options = options;
  }

  build(spec: IPodSpec, claims: readonly (string | undefined)[]): Pod {
    const [container] = spec.containers;
    if (container !== undefined) {
      this.readEnvironment(container);
      this.readMounts(container, { spec, claims });
    }
    const { name, environment, files, folders } = this;
    return { name, args: container?.args ?? [], environment, files, folders };
  }

  private find(message: string): undefined {
    this.findings.push(`pod ${this.name}: ${message}`);
  }

  private entries(kind: "ConfigMap" | "Secret", name: string | undefined): Entries | undefined {
    const { manifests, externalSecrets } = this.options;
    if (kind === "Secret" && name !== undefined && externalSecrets.includes(name)) return "external";
    if (kind === "Secret") {
      const secret = ofKind(manifests, kind).find((candidate) => candidate.metadata.name === name);
      return secret === undefined ? this.find(`there is no Secret ${name}`) : decode(secret);
    }
    const map = ofKind(manifests, kind).find((candidate) => candidate.metadata.name === name);
    return map === undefined ? this.find(`there is no ConfigMap ${name}`) : entriesOf(map);
  }

  private readEnvironment(container: IContainer): void {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      const [kind, reference] =
        configMapRef === undefined ? (["Secret", secretRef] as const) : (["ConfigMap", configMapRef] as const);
      const entries = this.entries(kind, reference?.name);
      if (entries instanceof Map) Object.assign(this.environment, Object.fromEntries(entries));
    }
    for (const { name, value, valueFrom } of container.env ?? []) {
      if (valueFrom?.fieldRef?.fieldPath === "metadata.name") this.environment[name] = this.name;
      else if (valueFrom !== undefined) this.find(`the checks know no such source of ${name}`);
      else this.environment[name] = this.expand(value ?? "", `the variable ${name}`);
    }
  }

  /** Replaces $(NAME) by a variable that was set before, as the kubelet does. */
  private expand(text: string, where: string): string {
    return text.replace(/\$\((\w+)\)/g, (written, variable: string) => {
      const value = this.environment[variable];
      if (value === undefined) this.find(`${where} uses $(${variable}), which is not set before it`);
      return value ?? written;
    });
  }

  private readMounts(
    container: IContainer,
    options: { spec: IPodSpec; claims: readonly (string | undefined)[] },
  ): void {
    const { spec, claims } = options;
    const mounts = container.volumeMounts ?? [];
    const volumes = spec.volumes ?? [];
    for (const name of [...claims, ...volumes.map((volume) => volume.name)]) {
      if (!mounts.some((mount) => mount.name === name)) this.find(`the volume ${name} is mounted nowhere`);
    }
    for (const { name, mountPath, readOnly, subPath, subPathExpr } of mounts) {
      const volume = volumes.find((candidate) => candidate.name === name);
      const folder = this.expand(subPathExpr ?? subPath ?? "", `the mount ${mountPath}`);
      if (volume === undefined && !claims.includes(name)) this.find(`${mountPath} mounts ${name}, which is no volume`);
      else if (volume?.configMap !== undefined || volume?.secret !== undefined) {
        this.readFiles(volume, { mountPath, folder });
      } else if (readOnly !== true) this.folders.set(mountPath, name);
    }
  }

  private readFiles(
    volume: NonNullable<IPodSpec["volumes"]>[number],
    options: { mountPath: string; folder: string },
  ): void {
    const { mountPath, folder } = options;
    const source = volume.configMap ?? volume.secret;
    const entries =
      volume.configMap === undefined
        ? this.entries("Secret", volume.secret?.secretName)
        : this.entries("ConfigMap", volume.configMap.name);
    if (entries === undefined) return;
    const all = entries === "external" ? [] : [...entries.keys()].map((key) => ({ key, path: key }));
    const prefix = folder === "" ? "" : `${folder}/`;
    let count = 0;
    for (const { key, path } of source?.items ?? all) {
      if (entries !== "external" && !entries.has(key)) this.find(`the volume ${volume.name} has no key ${key}`);
      if (!path.startsWith(prefix)) continue;
      this.files.set(
        `${mountPath}/${path.slice(prefix.length)}`,
        entries === "external" ? undefined : entries.get(key),
      );
      count++;
    }
    if (count === 0) this.find(`${mountPath} has no files: the volume ${volume.name} has none in ${folder}/`);
  }
}

/** The pods of a StatefulSet, in the order of their ordinals. */
export function podsOf(
  set: IStatefulSet & Manifest,
  options: PodsOptions,
): { readonly pods: readonly Pod[]; readonly findings: readonly string[] } {
  const claims = (set.spec?.volumeClaimTemplates ?? []).map((claim) => claim.metadata?.name);
  const builders = Array.from(
    { length: set.spec?.replicas ?? 1 },
    (_, ordinal) => new PodBuilder(`${set.metadata.name}-${ordinal}`, options),
  );
  const pods = builders.map((builder) => builder.build(podSpecOf(set), claims));
  return { pods, findings: builders.flatMap((builder) => builder.findings) };
}
