// The bill of materials of a release: valid CycloneDX 1.6, with every production package and no other, and the same
// bytes each time.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import packageJson from "../../../package.json" with { type: "json" };
import type { Identity } from "../../../scripts/build/identity.ts";
import { productionTree } from "../../../scripts/build/productionTree.ts";
import { createSbom, declaredLicence, readLock, sbomName } from "../../../scripts/build/sbom.ts";

const IDENTITY: Identity = { version: "1.2.3", commit: "0123456789".repeat(4), date: "2026-01-01T00:00:00.000Z" };

interface Component {
  readonly type: string;
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly "bom-ref": string;
  readonly purl: string;
  readonly licenses: readonly object[];
  readonly externalReferences?: readonly { readonly url: string; readonly hashes: readonly object[] }[];
}

interface Bill {
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: Component & { readonly properties: object[] } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const lock = readLock();
const text = createSbom(IDENTITY, lock);
const bill = JSON.parse(text) as Bill;
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

function component(ref: string): Component | undefined {
  return bill.components.find((one) => one["bom-ref"] === ref);
}

describe("the bill", () => {
  test("fits the strict schema of CycloneDX 1.6", async () => {
    expect(bill.specVersion).toBe("1.6");
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"type": "platform"', '"type": "runtime"'))).not.toBeNull();
  });

  test("is of the product and commit that are built", () => {
    const { timestamp, component: product } = bill.metadata;
    expect(timestamp).toBe(IDENTITY.date);
    expect(product).toMatchObject({ type: "application", name: "aureon", version: "1.2.3", "bom-ref": "aureon@1.2.3" });
    expect(product.properties).toEqual([{ name: "aureon:commit", value: IDENTITY.commit }]);
    expect(sbomName(IDENTITY)).toBe("aureon-1.2.3.cdx.json");
  });

  test("lists every production package, and Bun", () => {
    const refs = bill.components.map((one) => one["bom-ref"]).sort();
    expect(refs).toEqual([...productionTree(lock).packages.map(({ id }) => id), `bun@${Bun.version}`].sort());
    for (const [name, version] of Object.entries(packageJson.dependencies)) {
      expect(refs).toContain(`${name}@${version}`);
    }
    expect(component(`bun@${Bun.version}`)).toMatchObject({ type: "platform", purl: `pkg:npm/bun@${Bun.version}` });
  });

  test("lists nothing that serves development alone", () => {
    const refs = new Set(bill.components.map((one) => one["bom-ref"]));
    const development = Object.entries(packageJson.devDependencies).map(([name, version]) => `${name}@${version}`);
    expect(development).toContain(`typescript@${packageJson.devDependencies.typescript}`);
    expect(development.filter((ref) => refs.has(ref))).toEqual([]);
  });

  test("says of a package what it is, whence it comes and what it needs", () => {
    const name = "@elysiajs/swagger";
    const version = packageJson.dependencies[name];
    const integrity = lock.packages[name]?.[3] ?? "";
    const archive = {
      type: "distribution",
      url: `https://registry.npmjs.org/${name}/-/swagger-${version}.tgz`,
      hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex") }],
    };
    expect(component(`${name}@${version}`)).toMatchObject({
      type: "library",
      group: "@elysiajs",
      name: "swagger",
      version,
      purl: `pkg:npm/%40elysiajs/swagger@${version}`,
      licenses: [{ license: { id: "MIT" } }],
      externalReferences: [archive],
    });
    const needs = bill.dependencies.find(({ ref }) => ref === `${name}@${version}`)?.dependsOn ?? [];
    expect(needs).toContain(`elysia@${packageJson.dependencies.elysia}`);
  });

  test("draws a graph in which everything hangs on the product", () => {
    const needs = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
    const reached = new Set(["aureon@1.2.3"]);
    for (const ref of reached) for (const next of needs.get(ref) ?? []) reached.add(next);
    reached.delete("aureon@1.2.3");
    expect([...reached].sort()).toEqual(bill.components.map((one) => one["bom-ref"]).sort());
  });
});

describe("its bytes", () => {
  test("are the same each time", () => {
    expect(createSbom(IDENTITY, lock)).toBe(text);
    expect(text).toEndWith("}\n");
  });

  test("and its number are others where the content is", () => {
    const other = JSON.parse(createSbom({ ...IDENTITY, commit: "f".repeat(40) }, lock)) as Bill;
    expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(other.serialNumber).not.toBe(bill.serialNumber);
  });
});

test("a licence is one of the SPDX list, or an expression of those", () => {
  expect(declaredLicence("MIT")).toMatchObject({ id: "MIT" });
  expect(declaredLicence("(MIT OR CC0-1.0)")).toMatchObject({ expression: "(MIT OR CC0-1.0)" });
  for (const unknown of ["", "SEE LICENSE IN LICENSE", "MIT OR", "UNLICENSED", "MIT OR Mine"]) {
    expect(() => declaredLicence(unknown)).toThrow("SPDX");
  }
});

test("an executable is built with nothing but Bun, where there are no development dependencies", () => {
  const transpiler = new Bun.Transpiler({ loader: "ts" });
  const files = new Set(["scripts/build.ts"]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { kind, path } of transpiler.scanImports(readFileSync(file, "utf8"))) {
      if (kind !== "import-statement" || path.endsWith(".json")) continue;
      if (path.startsWith(".")) files.add(new URL(path, `file:///${file}`).pathname.slice(1));
      else if (!path.startsWith("node:")) packages.add(path);
    }
  }
  expect([...files]).toContain("scripts/build/release.ts");
  expect([...packages]).toEqual([]);
});
