// The production packages that bun.lock names, against made-up locks and against what is installed here.

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import packageJson from "../../../package.json" with { type: "json" };
import { type Lock, productionTree } from "../../../scripts/build/productionTree.ts";
import { readLock } from "../../../scripts/build/sbom.ts";

type Info = Lock["packages"][string][2];

function lockOf(
  direct: readonly string[],
  packages: Readonly<Record<string, readonly [id: string, info: Info]>>,
): Lock {
  const entries = Object.entries(packages).map(([key, [id, info]]) => [key, [id, "", info, "sha512-AA=="]] as const);
  const dependencies = Object.fromEntries(direct.map((name) => [name, "*"]));
  return { workspaces: { "": { dependencies } }, packages: Object.fromEntries(entries) };
}

test("a package gets the nearest one, and one in two places is listed once", () => {
  const lock = lockOf(["a", "@s/b"], {
    a: ["a@1.0.0", { dependencies: { c: "1" } }],
    "@s/b": ["@s/b@1.0.0", { dependencies: { c: "2", d: "1" } }],
    c: ["c@1.0.0", {}],
    "@s/b/c": ["c@2.0.0", { dependencies: { d: "1" } }],
    "@s/b/d": ["d@1.0.0", {}],
    d: ["d@1.0.0", {}],
    a2: ["a2@1.0.0", {}],
  });
  const { direct, packages } = productionTree(lock);
  expect(direct).toEqual(["@s/b@1.0.0", "a@1.0.0"]);
  expect(packages.map(({ id, dependencies }) => [id, dependencies])).toEqual([
    ["@s/b@1.0.0", ["c@2.0.0", "d@1.0.0"]],
    ["a@1.0.0", ["c@1.0.0"]],
    ["c@1.0.0", []],
    ["c@2.0.0", ["d@1.0.0"]],
    ["d@1.0.0", []],
  ]);
  expect(packages.find(({ id }) => id === "c@2.0.0")?.folder).toBe("node_modules/@s/b/node_modules/c");
});

test("required peers belong to it, optional ones do not", () => {
  const lock = lockOf(["a"], {
    a: ["a@1.0.0", { peerDependencies: { p: "*", compiler: "*" }, optionalPeers: ["compiler"] }],
    p: ["p@1.0.0", { optionalDependencies: { absent: "*", there: "*" } }],
    there: ["there@1.0.0", {}],
    compiler: ["compiler@1.0.0", {}],
  });
  expect(productionTree(lock).packages.map(({ id }) => id)).toEqual(["a@1.0.0", "p@1.0.0", "there@1.0.0"]);
});

test("a package that goes round in a circle ends", () => {
  const lock = lockOf(["a"], {
    a: ["a@1.0.0", { dependencies: { b: "*" } }],
    b: ["b@1.0.0", { dependencies: { a: "*" } }],
  });
  expect(productionTree(lock).packages.map(({ dependencies }) => dependencies)).toEqual([["b@1.0.0"], ["a@1.0.0"]]);
});

test.each([
  ["a dependency that is missing", lockOf(["a"], { a: ["a@1.0.0", { dependencies: { b: "1" } }] }), "has no b"],
  ["one of package.json that is missing", lockOf(["a"], {}), "has no a"],
  [
    "a package from elsewhere",
    lockOf(["a"], { a: ["a@github:b/c#0123456", {}] }),
    "not a package from the npm registry",
  ],
])("%s is an error", (_, lock, message) => {
  expect(() => productionTree(lock)).toThrow(message);
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Where Node finds `name` from within `folder`, or from the repository's root where that is empty. */
function installedFolder(folder: string, name: string): string {
  let outer = folder === "" ? "" : `${folder}/`;
  for (;;) {
    const found = `${outer}node_modules/${name}`;
    if (existsSync(`${found}/package.json`)) return found;
    if (outer === "") throw new RangeError(`${name} is not installed for ${folder}`);
    outer = outer.slice(0, outer.lastIndexOf("node_modules/"));
  }
}

/** What is reached from package.json by the installed packages' own words, without the lock. */
function installedTree(): string[] {
  const found = new Map<string, string>();
  const folders = new Set(Object.keys(packageJson.dependencies).map((name) => installedFolder("", name)));
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Manifest;
    found.set(folder, `${manifest.name}@${manifest.version}`);
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
      (name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
    );
    for (const name of [...Object.keys(manifest.dependencies ?? {}), ...peers])
      folders.add(installedFolder(folder, name));
  }
  return [...new Set(found.values())].sort();
}

test("the lock names what the installed packages themselves ask for", () => {
  const installed = installedTree();
  expect(installed.length).toBeGreaterThan(40);
  expect(productionTree(readLock()).packages.map(({ id }) => id)).toEqual(installed);
});
