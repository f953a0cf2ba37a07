// The WebAssembly test suite over the validator: modules that are none are refused, modules that are in reach of a contract
// are accepted, others refused for what contracts may not have, and the engine accepts all that is accepted here.

import { afterAll, describe, expect, test } from "bun:test";
import { decodeAndValidate, type ModuleCode } from "../../src/core/vm/index.ts";
import { readSuiteModules, readSuiteRuns, SUITE_IMPORTS } from "../support/wasmSuite.ts";

/** What a valid module may be refused for. */
const OUT_OF_REACH: readonly ModuleCode[] = ["module_feature", "module_import", "module_limit"];

const counts = new Map<string, number>();

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

describe("modules of", () => {
  for (const { source, modules } of readSuiteModules()) {
    test(source, () => {
      const wrong: string[] = [];
      for (const { line, kind, text, wasm } of modules) {
        const bytes = Uint8Array.fromBase64(wasm);
        const result = decodeAndValidate(bytes, SUITE_IMPORTS);
        const verdict = result.ok ? "accepted" : result.refusal.code;
        count(`${kind}: ${verdict}`);
        const isRight = kind === "valid" ? result.ok || OUT_OF_REACH.includes(result.refusal.code) : !result.ok;
        if (!isRight) wrong.push(`line ${line}: ${kind} ${text ?? ""} was ${verdict}`);
        if (result.ok && !WebAssembly.validate(bytes)) wrong.push(`line ${line}: the engine refuses it`);
      }
      expect(wrong).toEqual([]);
    });
  }
});

test("modules reduced to integers are accepted", () => {
  for (const { modules } of readSuiteRuns()) {
    for (const { wasm } of modules) {
      const bytes = Uint8Array.fromBase64(wasm);
      expect(decodeAndValidate(bytes, SUITE_IMPORTS).ok).toBe(true);
      expect(WebAssembly.validate(bytes)).toBe(true);
      count("reduced: accepted");
    }
  }
});

test("none of the suite is missing", () => {
  const found: Record<string, number> = { valid: 0, invalid: 0, malformed: 0 };
  for (const { modules } of readSuiteModules()) {
    for (const { kind } of modules) found[kind] = (found[kind] as number) + 1;
  }
  expect(found).toEqual({ valid: 852, invalid: 1384, malformed: 718 });
});

afterAll(() => {
  const lines = [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [what, figure] of lines) console.log(`WebAssembly test suite: ${what}: ${figure}`);
});
