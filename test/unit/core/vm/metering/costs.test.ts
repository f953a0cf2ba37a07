// The table of costs against the one of docs/spec/metering.md.

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { instructionGas } from "../../../../../src/core/vm/metering/costs.ts";
import { INSTRUCTIONS } from "../../../../../src/core/vm/module/instructions.ts";

const PAGE = readFileSync(new URL("../../../../../docs/spec/metering.md", import.meta.url), "utf8");

/** The rows that list instructions by name, in backquotes, with what they cost. */
function specified(): Map<string, number> {
  const costs = new Map<string, number>();
  const table = PAGE.slice(PAGE.indexOf("## Costs"), PAGE.indexOf("### What is charged beside"));
  for (const [, names = "", gas] of table.matchAll(/^\| (`.*`) \| (\d+) \|/gm)) {
    for (const [, name = ""] of names.matchAll(/`([^`]+)`/g)) {
      expect(costs.has(name)).toBe(false);
      costs.set(name, Number(gas));
    }
  }
  return costs;
}

test("each instruction costs what the page says, and the page has all", () => {
  const table = specified();
  const costs = INSTRUCTIONS.map(({ name, opcode }) => [name, instructionGas(opcode)] as const);
  expect(costs.filter(([name, gas]) => table.get(name) !== gas)).toEqual([]);
  expect([...table.keys()].sort()).toEqual(costs.map(([name]) => name).sort());
});

test("every branch backwards and every call costs something, so nothing runs for ever", () => {
  for (const { opcode, name } of INSTRUCTIONS) {
    if (/^(?:loop|br|call)/.test(name)) expect(instructionGas(opcode)).toBeGreaterThan(0);
  }
});

test("an opcode that no validated body has is an error of ours", () => {
  expect(() => instructionGas(0xff)).toThrow("instructions of the table");
});
