// The strict grammar of numeric arguments, at its edges, and results as text.

import { describe, expect, test } from "bun:test";
import type { WasmValue } from "../../../../../src/core/ports/index.ts";
import { formatResult, parseArguments } from "../../../../../src/core/vm/machine/numericArguments.ts";
import type { ValueType } from "../../../../../src/core/vm/module/types.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function parse(text: string, types: string): readonly WasmValue[] | undefined {
  return parseArguments(bytes(text), (types === "" ? [] : types.split(" ")) as ValueType[]);
}

describe("arguments are taken", () => {
  test.each([
    ["[]", "", []],
    [" [ ] ", "", []],
    ["[0]", "i32", [0]],
    ["[-1]", "i32", [-1]],
    ["[2147483647]", "i32", [2_147_483_647]],
    ["[-2147483648]", "i32", [-2_147_483_648]],
    ["\t[\n1\r,\t2 ]\n", "i32 i32", [1, 2]],
    ['["0"]', "i64", [0n]],
    ['["9223372036854775807"]', "i64", [9_223_372_036_854_775_807n]],
    ['["-9223372036854775808"]', "i64", [-9_223_372_036_854_775_808n]],
    // Around the digits that a number holds.
    ['["999999999999999"]', "i64", [999_999_999_999_999n]],
    ['["1000000000000000"]', "i64", [1_000_000_000_000_000n]],
    ['["-1000000000000001"]', "i64", [-1_000_000_000_000_001n]],
    ['["9100000000000000000"]', "i64", [9_100_000_000_000_000_000n]],
    ['[7,"9007199254740993",-7]', "i32 i64 i32", [7, 9_007_199_254_740_993n, -7]],
  ])("%j for %s", (text, types, values) => expect(parse(text, types)).toEqual(values as WasmValue[]));
});

describe("arguments are refused", () => {
  test.each([
    ["", "i32"],
    ["[", "i32"],
    ["[1", "i32"],
    ["1", "i32"],
    ["[]", "i32"],
    ["[1,2]", "i32"],
    ["[1]", "i32 i32"],
    ["[1,]", "i32"],
    ["[,1]", "i32"],
    ["[1 2]", "i32 i32"],
    ["[1]]", "i32"],
    ["[1] x", "i32"],
    ["[2147483648]", "i32"],
    ["[-2147483649]", "i32"],
    ["[4294967295]", "i32"],
    ["[01]", "i32"],
    ["[00]", "i32"],
    ["[-0]", "i32"],
    ["[+1]", "i32"],
    ["[--1]", "i32"],
    ["[-]", "i32"],
    ["[- 1]", "i32"],
    ["[1.0]", "i32"],
    ["[1e3]", "i32"],
    ["[0x1]", "i32"],
    ["[1_0]", "i32"],
    ['["1"]', "i32"],
    ["[1]", "i64"],
    ['["9223372036854775808"]', "i64"],
    ['["-9223372036854775809"]', "i64"],
    ['["99999999999999999999"]', "i64"],
    ['[" 1"]', "i64"],
    ['["1 "]', "i64"],
    ['[""]', "i64"],
    ['["-0"]', "i64"],
    ['["1]', "i64"],
    ["['1']", "i64"],
    ["[true]", "i32"],
    ["[null]", "i32"],
    ["\ufeff[1]", "i32"],
    ["[\u00a01]", "i32"],
    ["[\u0661]", "i32"],
    ["[\v1]", "i32"],
    ["{}", ""],
    ["[]x", ""],
  ])("%j for %s", (text, types) => expect(parse(text, types)).toBeUndefined());
});

test("a long row of digits is refused without reading on", () => {
  expect(parse(`[${"1".repeat(65_000)}]`, "i32")).toBeUndefined();
});

test("results are signed decimals, those of 64 bits in quotes", () => {
  const format = (value: WasmValue) => new TextDecoder().decode(formatResult(value));
  expect([0, -1, 2_147_483_647, -(2 ** 31)].map(format)).toEqual(["0", "-1", "2147483647", "-2147483648"]);
  expect([0n, -1n, 2n ** 63n - 1n].map(format)).toEqual(['"0"', '"-1"', '"9223372036854775807"']);
});
