// The packages that a build may draw from, read from bun.lock: the dependencies of package.json and all that those need.
//
// A lock's key says where a package is installed: "a/b" is the b in a's own node_modules, which a meets before the
// outer one. Peers count where they are required: Bun installs those. An optional peer is whatever else happens to be
// there, for example the compiler, and no part of the product.

const NAME = /@[^/]+\/[^/]+|[^/]+/g;

export interface LockedPackage {
  /** `name@version`: the same package in two places is one. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Of the archive in the registry: "sha512-" and Base64. */
  readonly integrity: string;
  /** From the repository's root, where it is installed. */
  readonly folder: string;
  /** The ids of what it needs itself, in order. */
  readonly dependencies: readonly string[];
}

export interface ProductionTree {
  /** The ids of what package.json names. */
  readonly direct: readonly string[];
  /** In the order of their ids. */
  readonly packages: readonly LockedPackage[];
}

interface LockInfo {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalPeers?: readonly string[];
}

type LockEntry = readonly [id: string, registry: string, info: LockInfo, integrity: string];

export interface Lock {
  readonly workspaces: { readonly "": { readonly dependencies?: Readonly<Record<string, string>> } };
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** The key of the package that one at `from` gets under `name`: the nearest on the way out. */
function resolveKey(lock: Lock, from: readonly string[], name: string): string | undefined {
  for (let depth = from.length; depth >= 0; depth--) {
    const key = [...from.slice(0, depth), name].join("/");
    if (Object.hasOwn(lock.packages, key)) return key;
  }
  return undefined;
}

/** The keys of what the package at `key` needs. */
function neededKeys(lock: Lock, key: string, info: LockInfo): string[] {
  const from = key.match(NAME) ?? [];
  const optionalPeers = new Set(info.optionalPeers);
  const required = [
    ...Object.keys(info.dependencies ?? {}),
    ...Object.keys(info.peerDependencies ?? {}).filter((name) => !optionalPeers.has(name)),
  ].map((name) => {
    const needed = resolveKey(lock, from, name);
    if (needed === undefined) throw new RangeError(`bun.lock has no ${name}, which ${key} needs`);
    return needed;
  });
  // The lock may leave out one that this project has no platform for.
  const optional = Object.keys(info.optionalDependencies ?? {}).flatMap((name) => resolveKey(lock, from, name) ?? []);
  return [...required, ...optional];
}

function readEntry(
  lock: Lock,
  key: string,
): { readonly entry: LockEntry; readonly name: string; readonly version: string } {
  const entry = lock.packages[key];
  const [, name, version] = /^((?:@[^/]+\/)?[^@/]+)@(\d[^:]*)$/.exec(entry?.[0] ?? "") ?? [];
  if (entry === undefined || name === undefined || version === undefined || !entry[3]?.startsWith("sha512-")) {
    throw new RangeError(`${key} of bun.lock is not a package from the npm registry`);
  }
  return { entry, name, version };
}

/** @throws RangeError when something that is needed is missing, or does not come from the registry */
export function productionTree(lock: Lock): ProductionTree {
  const rootKeys = Object.keys(lock.workspaces[""].dependencies ?? {}).map((name) => {
    if (!Object.hasOwn(lock.packages, name)) throw new RangeError(`bun.lock has no ${name}, which package.json names`);
    return name;
  });
  const found = new Map<string, LockedPackage>();
  const seen = new Set(rootKeys);
  // A set goes on to what is added while it is gone through.
  for (const key of seen) {
    const { entry, name, version } = readEntry(lock, key);
    const [id, , info, integrity] = entry;
    const needed = neededKeys(lock, key, info);
    for (const one of needed) seen.add(one);
    const dependencies = new Set([
      ...(found.get(id)?.dependencies ?? []),
      ...needed.map((one) => readEntry(lock, one).entry[0]),
    ]);
    const folder = `node_modules/${(key.match(NAME) ?? []).join("/node_modules/")}`;
    found.set(id, { id, name, version, integrity, folder, dependencies: [...dependencies].sort() });
  }
  const packages = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { direct: rootKeys.map((key) => readEntry(lock, key).entry[0]).sort(), packages };
}
