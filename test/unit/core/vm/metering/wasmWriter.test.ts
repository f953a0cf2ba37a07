// Numbers in their shortest form, and content behind its size.

import { expect, test } from "bun:test";
import { WasmWriter } from "../../../../../src/core/vm/metering/wasmWriter.ts";

function hex(write: (out: WasmWriter) => unknown): string {
  const out = new WasmWriter();
  write(out);
  return out.finish().toHex();
}

test("unsigned numbers", () => {
  const cases = { "00": 0, "7f": 127, "8001": 128, e58e26: 624_485, ffffffff0f: 2 ** 32 - 1, "8080808008": 2 ** 31 };
  for (const [expected, value] of Object.entries(cases)) expect(hex((out) => out.u32(value))).toBe(expected);
});

test("signed numbers have the same bytes as i32 and as i64", () => {
  const cases = {
    "00": 0,
    "3f": 63,
    c000: 64,
    "40": -64,
    bf7f: -65,
    c0bb78: -123_456,
    ffffffff07: 2 ** 31 - 1,
    "8080808078": -(2 ** 31),
  };
  for (const [expected, value] of Object.entries(cases)) {
    expect(hex((out) => out.i32(value))).toBe(expected);
    expect(hex((out) => out.i64(BigInt(value)))).toBe(expected);
  }
  expect(hex((out) => out.i64(2n ** 63n - 1n))).toBe("ffffffffffffffffff00");
  expect(hex((out) => out.i64(-(2n ** 63n)))).toBe("8080808080808080807f");
});

test("bytes are filled up to a size", () => {
  expect(hex((out) => out.byte(7).fillUpTo(4, 1))).toBe("07010101");
  expect(hex((out) => out.byte(7).byte(8).fillUpTo(2, 1).fillUpTo(1, 1))).toBe("0708");
});

test("names and content behind their sizes, and growth beyond the first capacity", () => {
  expect(hex((out) => out.name("f12").sized(new WasmWriter().byte(1).byte(2)))).toBe("0366313202" + "0102");
  const long = new WasmWriter(1);
  for (let count = 0; count < 1000; count++) long.byte(count & 0xff);
  expect(long.size).toBe(1000);
  const all = new WasmWriter().sized(long).append(long).finish();
  expect(all.length).toBe(2002);
  expect([...all.subarray(0, 4), ...all.subarray(1002, 1004)]).toEqual([0xe8, 0x07, 0, 1, 0, 1]);
  long.clear();
  expect(long.size).toBe(0);
});
