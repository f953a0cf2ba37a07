// The modules that are checked in are those that their sources compile to, and contracts may have all that is in them. The
// SDK imports exactly what the node offers.

import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPILER_OPTIONS, CONTRACT_SOURCES, compileContract, modulePath } from "../../scripts/contracts.ts";
import { HOST_FUNCTIONS } from "../../src/core/vm/hostInterface.ts";
import { decodeAndValidate } from "../../src/core/vm/index.ts";

const REPOSITORY = join(import.meta.dir, "../..");
const COMPILE_TIMEOUT_MS = 60_000;

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}

function filesUnder(folder: string, ending: string): readonly string[] {
  const found = readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" });
  return found.filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name}`);
}

const modules = filesUnder("contracts/examples", ".wasm");

describe("the modules", () => {
  for (const source of CONTRACT_SOURCES) {
    test(
      `${source} compiles to what is beside it`,
      async () => {
        const kept = new Uint8Array(readFileSync(modulePath(source)));
        expect(Buffer.from(await compileContract(source)).equals(kept)).toBe(true);
      },
      COMPILE_TIMEOUT_MS,
    );
  }

  test("every source is compiled", () => {
    const sources = [...filesUnder("contracts/examples", ".ts"), ...filesUnder("contracts/examples", ".wat")];
    expect(sources.toSorted()).toEqual([...CONTRACT_SOURCES]);
    expect(modules).toHaveLength(sources.length + filesUnder("contracts/examples", ".rs").length);
  });

  test.each(modules)("%s is a contract", (path) => {
    const bytes = new Uint8Array(readFileSync(join(REPOSITORY, path)));
    const decoded = decodeAndValidate(bytes);
    expect(decoded.ok ? undefined : decoded.refusal).toBeUndefined();
    expect(WebAssembly.validate(bytes)).toBe(true);
  });
});

describe("floats", () => {
  test(
    "are refused, and the place is named",
    async () => {
      const decoded = decodeAndValidate(await compileContract("contracts/tests/floats.ts"));
      expect(decoded.ok).toBe(false);
      if (decoded.ok) return;
      expect(decoded.refusal.code).toBe("module_feature");
      expect(decoded.refusal.message).toContain("half");
    },
    COMPILE_TIMEOUT_MS,
  );
});

describe("the SDK", () => {
  test("declares the host functions with their signatures", () => {
    const declaration = /@external\("env", "(\w+)"\)\nexport declare function (\w+)\(([^)]*)\): (\w+);/g;
    const declared = [...read("contracts/sdk/env.ts").matchAll(declaration)].map(
      ([, host, name, parameters = "", result]) => {
        const types = parameters.split(",").flatMap((parameter) => parameter.split(":")[1]?.trim() ?? []);
        expect(name).toBe(host);
        expect(types.filter((type) => type !== "usize" && type !== "u32")).toEqual([]);
        return [host, { parameters: types.length, result }];
      },
    );
    const offered = Object.entries(HOST_FUNCTIONS).map(([name, { parameters, hasResult }]) => [
      name,
      { parameters, result: hasResult ? "i32" : "void" },
    ]);
    expect(declared).toEqual(offered);
  });

  test("is built as the guide says", () => {
    expect(read("docs/contracts.md")).toContain(COMPILER_OPTIONS.join(" "));
  });

  test("the guide has the bytes of the smallest example", () => {
    const add = readFileSync(join(REPOSITORY, "contracts/examples/add/add.wasm"));
    expect(read("docs/contracts.md")).toContain(`"0x${add.toString("hex")}"`);
  });
});
