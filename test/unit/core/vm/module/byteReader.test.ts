// Values of the binary format: integers at the bounds of their types, overlong ones, names.

import { describe, expect, test } from "bun:test";
import { ByteReader } from "../../../../../src/core/vm/module/byteReader.ts";
import { ModuleFault } from "../../../../../src/core/vm/module/fault.ts";

function over(...bytes: number[]): ByteReader {
  return new ByteReader(Uint8Array.from(bytes), 0, bytes.length);
}

function signedLeb(value: bigint, size: number): number[] {
  return Array.from(
    { length: size },
    (_, index) => Number((value >> BigInt(7 * index)) & 0x7fn) | (index < size - 1 ? 0x80 : 0),
  );
}

describe("unsigned integers of 32 bits", () => {
  test("have one to five bytes, also where fewer would do", () => {
    expect(over(0x00).u32()).toBe(0);
    expect(over(0x7f).u32()).toBe(127);
    expect(over(0x80, 0x01).u32()).toBe(128);
    expect(over(0xff, 0xff, 0xff, 0xff, 0x0f).u32()).toBe(0xffff_ffff);
    expect(over(0x83, 0x80, 0x80, 0x80, 0x00).u32()).toBe(3);
  });

  test("are malformed past 32 bits, past five bytes, and when they end early", () => {
    expect(() => over(0xff, 0xff, 0xff, 0xff, 0x1f).u32()).toThrow("too large");
    expect(() => over(0x80, 0x80, 0x80, 0x80, 0x80, 0x00).u32()).toThrow("too many bytes");
    expect(() => over(0x80).u32()).toThrow(ModuleFault);
    expect(() => over().u32()).toThrow(ModuleFault);
  });
});

describe("signed integers", () => {
  test("of 32 bits keep their sign at every length", () => {
    for (const value of [0, 1, -1, 63, 64, -64, -65, 8191, -8192, 0x7fff_ffff, -0x8000_0000]) {
      for (let size = 1; size <= 5; size++) {
        const fits = value >= -(2 ** (7 * size - 1)) && value < 2 ** (7 * size - 1);
        if (fits) expect(over(...signedLeb(BigInt(value), size)).s32()).toBe(value);
      }
    }
  });

  test("of 64 bits keep their sign at every length", () => {
    for (const value of [0n, 1n, -1n, 63n, -64n, 2n ** 28n, -(2n ** 28n), 2n ** 55n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      for (let size = 1; size <= 10; size++) {
        const fits = BigInt.asIntN(7 * size, value) === value;
        if (fits) expect(over(...signedLeb(value, size)).s64()).toBe(value);
      }
    }
  });

  test("of 33 bits reach from -2^32 to 2^32-1", () => {
    expect(over(...signedLeb(2n ** 32n - 1n, 5)).s33()).toBe(2 ** 32 - 1);
    expect(over(...signedLeb(-(2n ** 32n), 5)).s33()).toBe(-(2 ** 32));
    expect(() => over(0x80, 0x80, 0x80, 0x80, 0x10).s33()).toThrow("too large");
    expect(() => over(0xff, 0xff, 0xff, 0xff, 0x6f).s33()).toThrow("too large");
  });

  test("are malformed when the bits that do not fit are not those of the sign", () => {
    for (const last of [0x08, 0x40, 0x70, 0x77]) {
      expect(() => over(0xff, 0xff, 0xff, 0xff, last).s32()).toThrow("too large");
    }
    for (const last of [0x01, 0x3f, 0x40, 0x7e]) {
      expect(() => over(...new Array<number>(9).fill(0xff), last).s64()).toThrow("too large");
    }
    expect(() => over(0x80, 0x80, 0x80, 0x80, 0x80, 0x00).s32()).toThrow("too many bytes");
    expect(() => over(...new Array<number>(10).fill(0x80), 0).s64()).toThrow("too many bytes");
  });
});

describe("names", () => {
  test("keep a byte order mark", () => {
    expect(over(4, 0xef, 0xbb, 0xbf, 0x61).name("a name")).toBe("\ufeffa");
    expect(over(0).name("a name")).toBe("");
  });

  test("are malformed outside of UTF-8, and where they pass the end", () => {
    expect(() => over(1, 0xff).name("a name")).toThrow("a name is not well-formed UTF-8");
    expect(() => over(3, 0xed, 0xa0, 0x80).name("a name")).toThrow("UTF-8");
    expect(() => over(2, 0x61).name("a name")).toThrow("a name has 2 bytes, but only 1 follow");
  });
});

test("a part ends where it says, and bytes left over are malformed", () => {
  const reader = over(1, 2, 3);
  const part = reader.part(2, "a part");
  expect(reader.offset).toBe(2);
  expect(part.byte()).toBe(1);
  expect(() => part.expectEnd("a part")).toThrow("a part has 1 bytes left over");
  part.byte();
  part.expectEnd("a part");
  expect(() => part.byte()).toThrow(ModuleFault);
  expect(() => reader.part(2, "a part")).toThrow("only 1 follow");
});
