// What every codec of a message is held to: it gives back what it wrote, names a field that is missing, wrong or unknown,
// and takes values at their bounds and none past them.

import { expect, test } from "bun:test";
import type { JsonObject, MessageCodec } from "../../src/core/network/wire/codec.ts";
import type { Message } from "../../src/core/network/wire/message.ts";

export interface FieldCases {
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
}

const OTHER_TYPES = [undefined, true, [], {}, ["0x"], { length: 1 }];

function hexCases(digits: number): FieldCases {
  const valid = `0x${"0123456789abcdef".repeat(9).slice(0, digits)}`;
  const spellings = [valid.slice(2), valid.slice(0, -1), `${valid}0`, `${valid}00`, `${valid}\n`, ` ${valid}`];
  return {
    accepted: [valid, `0x${"0".repeat(digits)}`, `0x${"f".repeat(digits)}`],
    refused: [
      ...OTHER_TYPES,
      null,
      0,
      "",
      "0x",
      ...spellings,
      `0X${valid.slice(2)}`,
      valid.replace("a", "A"),
      valid.replace("a", "g"),
      valid.replace("a", "\u0661"),
    ],
  };
}

export const HASH_CASES = hexCases(64);
export const ADDRESS_CASES = hexCases(40);
export const SIGNATURE_CASES = hexCases(130);

export function integerCases({ min, max }: { min: number; max: number }): FieldCases {
  const wrong = [-1, -0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "1", "", null, 1n];
  return { accepted: [min, min + 1, max - 1, max], refused: [...OTHER_TYPES, ...wrong, min - 1, max + 1] };
}

export const UINT_CASES = integerCases({ min: 0, max: Number.MAX_SAFE_INTEGER });

export function textCases({ lengthMin, lengthMax }: { lengthMin: number; lengthMax: number }): FieldCases {
  const forbidden = ['"', "\\", "\n", "\u0000", "\u007f", "\u0080", "é", "\ud800"];
  return {
    accepted: ["a".repeat(lengthMin), "a".repeat(lengthMax), " !#[]^~", "pow"],
    refused: [...OTHER_TYPES, null, 0, "a".repeat(lengthMax + 1), ...forbidden.map((character) => `a${character}`)],
  };
}

export function bytesCases({ sizeBytesMax }: { sizeBytesMax: number }): FieldCases {
  const spellings = ["", "0", "0x", "0x0", "00", "ff00", "0xAB", "0xag", "0x0g", "0x 0", "0x00\n", "0x000", "0X00"];
  return {
    accepted: ["0x00", "0xff", `0x${"ab".repeat(sizeBytesMax)}`],
    refused: [...OTHER_TYPES, null, 0, ...spellings, `0x${"ab".repeat(sizeBytesMax + 1)}`, `0x${"ab".repeat(99)}zz`],
  };
}

/** A list whose items are of `item`'s cases. */
export function listCases(
  item: FieldCases,
  { countMin, countMax }: { countMin: number; countMax: number },
): FieldCases {
  const [valid] = item.accepted;
  const times = (count: number) => Array.from({ length: count }, () => valid);
  const tooFew = countMin > 0 ? [times(countMin - 1)] : [];
  return {
    accepted: [times(countMin), times(countMax), ...item.accepted.map((value) => [value])],
    refused: [
      ...[undefined, null, true, 0, "0x", {}, { length: 1, 0: valid }],
      ...tooFew,
      times(countMax + 1),
      ...item.refused.flatMap((value) => [[value], [valid, value]]),
    ],
  };
}

export function nullableCases(cases: FieldCases): FieldCases {
  return { accepted: [null, ...cases.accepted], refused: cases.refused.filter((value) => value !== null) };
}

const HOSTS_ACCEPTED = [
  "a",
  "a-b.c_d",
  "x1",
  "1a",
  "192.0.2.7",
  "0.0.0.0",
  "255.255.255.255",
  "[::]",
  "[::1]",
  "[1::]",
];
const HOSTS_REFUSED = [
  ...["", ".", "a.", ".a", "a..b", "-a", "a-", "A", "é", "a b", "a/b", "a@b", "a%1", "127.1", "1", "0x7f000001", "a.1"],
  ...["256.0.0.1", "01.2.3.4", "1.2.3", "1.2.3.4.5", "::1", "[]", "[:]", "[:::]", "[1::2::3]", "[12345::]", "[g::]"],
  ...["[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7::8]", "[::1.2.3.4]", "[fe80::1%1]", "[ABCD::]", "[a]"],
];
const LONGEST_NAME = `${`${"a".repeat(63)}.`.repeat(3)}${"a".repeat(61)}`;

export const ENDPOINT_CASES: FieldCases = {
  accepted: [
    ...[...HOSTS_ACCEPTED, "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6::8]", LONGEST_NAME].map((host) => `${host}:9000`),
    ...["a:1", "a:65535", `${LONGEST_NAME}:65535`],
  ],
  refused: [
    ...HOSTS_REFUSED.map((host) => `${host}:9000`),
    ...[
      "a",
      "a:",
      "a:0",
      "a:65536",
      "a:01",
      "a:-1",
      "a:1 ",
      "a:1\n",
      "a:1:2",
      "a:100000",
      "http://a:1",
      `${LONGEST_NAME}a:1`,
    ],
    ...["a".repeat(64), `${"a.".repeat(500)}a`].map((host) => `${host}:1`),
    ...[...OTHER_TYPES, null, 0],
  ],
};

const WORK_CASES: FieldCases = {
  accepted: ["0x0", "0x1", "0xa", `0x1${"0".repeat(63)}`, `0x${"f".repeat(64)}`],
  refused: [
    ...["0x", "0x00", "0x01", "1", "0X1", "0xA", "0xg", "-0x1", "0x-1", `0x1${"0".repeat(64)}`, "0x1\n"],
    ...[...OTHER_TYPES, null, 0, 1],
  ],
};

const VALID_HEAD = { height: 1, hash: HASH_CASES.accepted[0], totalWork: "0x1" };

function headWith(name: keyof typeof VALID_HEAD, values: readonly unknown[]): readonly unknown[] {
  return values.map((value) => ({ ...VALID_HEAD, [name]: value }));
}

/** A `PeerHead`: all cases of each of its fields, one missing, and one too many. */
export const HEAD_CASES: FieldCases = {
  accepted: [
    ...headWith("height", UINT_CASES.accepted),
    ...headWith("hash", HASH_CASES.accepted),
    ...headWith("totalWork", WORK_CASES.accepted),
  ],
  refused: [
    ...[undefined, null, true, 0, "", [], {}, [VALID_HEAD], { ...VALID_HEAD, extra: 1 }],
    ...Object.keys(VALID_HEAD).map((name) =>
      Object.fromEntries(Object.entries(VALID_HEAD).filter(([key]) => key !== name)),
    ),
    ...headWith("height", UINT_CASES.refused),
    ...headWith("hash", HASH_CASES.refused),
    ...headWith("totalWork", WORK_CASES.refused),
  ],
};

/** Holds a codec to one of its messages and, for each field of it, to the field's cases. */
export function testCodec<M extends Message>(
  codec: MessageCodec<M>,
  message: M,
  fields: Readonly<Record<string, FieldCases>>,
): void {
  const name = "kind" in message ? `${message.type} of kind ${message.kind}` : message.type;
  const json: JsonObject = codec.toJson(message);
  const withField = (field: string, value: unknown) => ({ ...json, [field]: value });
  const expectRefused = (value: unknown, field: string) => {
    const read = codec.fromJson(value);
    if (read.ok) throw new Error(`${field} is taken although it is wrong: ${Bun.inspect(value).slice(0, 200)}`);
    expect(read.refusal.code).toBe("malformed_message");
    expect(read.refusal.message).toContain(field);
    expect(read.refusal.message).toContain("expected");
  };

  test(`${name} is read as it was written`, () => {
    expect(codec.fromJson(JSON.parse(JSON.stringify(json)))).toEqual({ ok: true, value: message });
    expect(Object.keys(json).filter((field) => field !== "type" && field !== "kind")).toEqual(Object.keys(fields));
  });

  test(`${name} needs each field, and has no other`, () => {
    for (const field of Object.keys(json)) {
      expectRefused(Object.fromEntries(Object.entries(json).filter(([key]) => key !== field)), field);
    }
    expectRefused(withField("extra", 1), "extra");
    expectRefused(JSON.parse(`{"__proto__":1,${JSON.stringify(json).slice(1)}`), "__proto__");
    expectRefused(withField("toString", 1), "toString");
    expectRefused(withField("type", "Other"), "type");
    for (const value of [undefined, null, true, 1, "Ping", [], [json]]) expectRefused(value, "an object");
  });

  test.each(Object.entries(fields))(`${name} has its bounds of %s`, (field, { accepted, refused }) => {
    for (const value of accepted) {
      const read = codec.fromJson(withField(field, value));
      expect(read.ok ? undefined : read.refusal.message).toBeUndefined();
      // What was taken is written again as it came.
      if (read.ok) expect(JSON.stringify(codec.toJson(read.value)[field])).toBe(JSON.stringify(value));
    }
    for (const value of refused) expectRefused(withField(field, value), field);
  });
}

export function expectKindRefused<M extends Message>(codec: MessageCodec<M>, message: M): void {
  for (const kind of ["other", "toString", "", 1, null, undefined, ["hello"]]) {
    const read = codec.fromJson({ ...codec.toJson(message), kind });
    expect(read.ok ? "taken" : read.refusal.message).toContain("kind: expected one of");
  }
}
