// The canonical encoding: golden values, refusals, and a writer that grows.

import { expect, test } from "bun:test";
import { bytesToHex, decodeWith, hexToBytes, type Reader, Writer } from "../../../../src/core/primitives/index.ts";
import vectors from "../../../vectors/codec.json";

/** Reads one value of a kind back from a golden vector. */
const readers: Record<string, (reader: Reader) => unknown> = {
  u8: (reader) => reader.u8(),
  u32: (reader) => reader.u32(),
  u64: (reader) => reader.u64(),
  flag: (reader) => reader.bool(),
  bytes: (reader) => bytesToHex(reader.bytes({ countMax: 3 })),
  text: (reader) => reader.text({ countMax: 64 }),
};

for (const [kind, read] of Object.entries(readers)) {
  test(`${kind} reads back what was written`, () => {
    const cases = vectors[kind as "u8"];
    expect(cases.length).toBeGreaterThan(1);
    for (const { value, encoded } of cases) {
      expect(decodeWith(hexToBytes(encoded), read)).toEqual({ ok: true, value });
      const longer = decodeWith(hexToBytes(`${encoded}00`), read);
      expect(longer).toEqual({ ok: false, reason: "1 bytes follow the end" });
      expect(decodeWith(hexToBytes(encoded).slice(1), read).ok).toBe(false);
    }
  });
}

test("refused encodings are refused with a reason", () => {
  for (const [kind, cases] of Object.entries(vectors.refused)) {
    const read = kind === "text" ? (reader: Reader) => reader.text({ countMax: 8 }) : readers[kind];
    if (read === undefined) throw new Error(`no reader for ${kind}`);
    for (const { encoded } of cases) {
      const decoded = decodeWith(hexToBytes(encoded), read);
      expect(decoded.ok).toBe(false);
      if (!decoded.ok) expect(decoded.reason).not.toBe("");
    }
  }
});

test("a writer keeps what it wrote when it grows, whichever value makes it grow", () => {
  const values: readonly [string, (writer: Writer) => Writer][] = [
    ["01", (writer) => writer.bool(true)],
    ["ab", (writer) => writer.u8(0xab)],
    ["01020304", (writer) => writer.u32(0x01020304)],
    ["001fffffffffffff", (writer) => writer.u64(2 ** 53 - 1)],
    ["c0ffee", (writer) => writer.fixed(Uint8Array.of(0xc0, 0xff, 0xee))],
    ["c0ffee", (writer) => writer.hex("0xc0ffee")],
    ["00000002abcd", (writer) => writer.bytes(Uint8Array.of(0xab, 0xcd))],
    ["000000027a61", (writer) => writer.text("za")],
  ];
  for (const [digits, write] of values) {
    for (let room = 0; room <= 8; room++) {
      const writer = new Writer(16);
      for (let index = 0; index < 16 - room; index++) writer.u8(0xee);
      expect(write(writer).u8(0xdd).finish().toHex()).toBe(`${"ee".repeat(16 - room)}${digits}dd`);
    }
  }
});

test("a writer of no capacity grows too", () => {
  expect(new Writer(0).u32(7).finish()).toEqual(Uint8Array.of(0, 0, 0, 7));
});

test("what finish returned does not change with later writes", () => {
  const writer = new Writer(8).u8(1);
  const before = writer.finish();
  writer.u8(2);
  expect(before).toEqual(Uint8Array.of(1));
  before[0] = 9;
  expect(writer.finish()).toEqual(Uint8Array.of(1, 2));
});

test("writing a value outside its range crashes", () => {
  for (const value of [-1, 256, 0.5, Number.NaN]) expect(() => new Writer().u8(value)).toThrow("u8");
  for (const value of [-1, 2 ** 32, 0.5]) expect(() => new Writer().u32(value)).toThrow("u32");
  for (const value of [-1, 2 ** 53, 0.5, Number.POSITIVE_INFINITY])
    expect(() => new Writer().u64(value)).toThrow("u64");
  expect(() => new Writer().text("\ud800")).toThrow("lone surrogate");
});

test("bytes that were read are the reader's own, also when the input is a Buffer", () => {
  for (const input of [Uint8Array.of(1, 2, 3), Buffer.from([1, 2, 3])]) {
    const decoded = decodeWith(input, (reader) => reader.fixed(3));
    input[0] = 9;
    expect(decoded.ok && decoded.value.toHex()).toBe("010203");
    expect(decoded.ok && Object.getPrototypeOf(decoded.value) === Uint8Array.prototype).toBe(true);
  }
});

test("a reader stays inside the view that it was given", () => {
  const backing = Uint8Array.of(9, 9, 1, 2, 9, 9);
  const view = backing.subarray(2, 4);
  expect(decodeWith(view, (reader) => reader.fixed(2))).toEqual({ ok: true, value: Uint8Array.of(1, 2) });
  expect(decodeWith(view, (reader) => reader.hex(2))).toEqual({ ok: true, value: "0x0102" });
  expect(decodeWith(view, (reader) => reader.u32()).ok).toBe(false);
});

test("a count is read before anything is allocated for it", () => {
  const decoded = decodeWith(hexToBytes("0xffffffff"), (reader) => reader.bytes({ countMax: 2 ** 32 - 1 }));
  expect(decoded.ok).toBe(false);
});

test("an error that is not about the input is not swallowed", () => {
  expect(() =>
    decodeWith(new Uint8Array(0), () => {
      throw new TypeError("a bug");
    }),
  ).toThrow("a bug");
});
