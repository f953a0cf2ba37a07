// The forms that fields of messages have. A form's bounds are checked before anything is allocated for it.

import {
  type Address,
  assert,
  type Bytes,
  bytesToHex,
  type Hash,
  type Height,
  hexToBytes,
  isAddress,
  isHash,
  isSignature,
  isUint,
  type Signature,
  UINT_MAX,
} from "../../primitives/index.ts";
import { ENDPOINT_LENGTH_MAX } from "../limits.ts";
import { type Field, type FieldResult, fault, type JsonValue, object } from "./codec.ts";
import { isEndpoint } from "./endpoint.ts";
import type { PeerHead } from "./message.ts";
import { isWireText, toWireText } from "./wireText.ts";

/** A field whose JSON value is the value itself. What this node sends is held to the same rule. */
function plain<Value extends JsonValue>(expected: string, isValid: (value: unknown) => value is Value): Field<Value> {
  return {
    read: (value) => (isValid(value) ? { ok: true, value } : fault(expected)),
    write: (value) => {
      assert(isValid(value), `a message holds ${expected}`);
      return value;
    },
  };
}

export const hash: Field<Hash> = plain("a hash: 0x and 64 hex digits in lower case", isHash);
export const address: Field<Address> = plain("an address: 0x and 40 hex digits in lower case", isAddress);
export const signature: Field<Signature> = plain("a signature: 0x and 130 hex digits in lower case", isSignature);

/** An integer from `min` to `max` inclusive. */
export function integer(options: { min: number; max: number }): Field<number> {
  const { min, max } = options;
  const isValid = (value: unknown): value is number => isUint(value) && value >= min && value <= max;
  return plain(`an integer from ${min} to ${max}`, isValid);
}

export const uint: Field<number> = integer({ min: 0, max: UINT_MAX });

/** Text of the characters that messages may carry. A sent one that does not fit is a bug. */
export function text(options: { lengthMin: number; lengthMax: number }): Field<string> {
  const { lengthMin, lengthMax } = options;
  const isValid = (value: unknown): value is string =>
    typeof value === "string" && value.length >= lengthMin && value.length <= lengthMax && isWireText(value);
  const characters = "characters of printable ASCII without quote and backslash";
  return plain(`${lengthMin} to ${lengthMax} ${characters}`, isValid);
}

/** Text for people. It may quote what a peer sent, so a sent one is made to fit. */
export function prose(options: { lengthMax: number }): Field<string> {
  const { lengthMax } = options;
  const { read } = text({ lengthMin: 0, lengthMax });
  return { read, write: (value) => toWireText(value, lengthMax) };
}

const isEndpointText = (value: unknown): value is string => typeof value === "string" && isEndpoint(value);

export const endpoint: Field<string> = plain(
  `host:port of at most ${ENDPOINT_LENGTH_MAX} characters in lower case, the host a DNS name, IPv4 or [IPv6]`,
  isEndpointText,
);

/** A field that may be absent, which is null in JSON. */
export function nullable<Value>(field: Field<Value>): Field<Value | undefined> {
  return {
    read: (value) => {
      if (value === null) return { ok: true, value: undefined };
      const result = field.read(value);
      return result.ok ? result : fault(`null or ${result.expected}`, result.path);
    },
    write: (value) => (value === undefined ? null : field.write(value)),
  };
}

const WORK_PATTERN = /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/;
const WORK_EXPECTED = "an integer below 2^256 as 0x and hex digits in lower case without leading zeros";
const TWO_TO_256 = 2n ** 256n;

/** Work passes 2^53, so it travels in hex. */
const work: Field<bigint> = {
  read: (value) =>
    typeof value === "string" && WORK_PATTERN.test(value) ? { ok: true, value: BigInt(value) } : fault(WORK_EXPECTED),
  write: (value) => {
    assert(value >= 0n && value < TWO_TO_256, "the work of a chain is below 2^256");
    return `0x${value.toString(16)}`;
  },
};

export const peerHead: Field<PeerHead> = object<PeerHead>({
  height: uint as unknown as Field<Height>,
  hash,
  totalWork: work,
});

/** Bytes of a text of `0x` and hex digits. */
function hexSizeBytes(hex: string): number {
  return (hex.length - 2) / 2;
}

const UPPER_CASE_DIGIT = /[A-F]/;

/**
 * Decodes hex of which nothing is known. A pattern over the whole would take five times as long for a block of a megabyte
 * (docs/adr/0030-json-lines.md).
 */
function decodeHex(hex: string): Bytes | undefined {
  if (!hex.startsWith("0x") || UPPER_CASE_DIGIT.test(hex)) return undefined;
  try {
    return hexToBytes(hex);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** From one byte to `sizeBytesMax`. */
export function bytes(options: { sizeBytesMax: number }): Field<Bytes> {
  const { sizeBytesMax } = options;
  const expected = `1 to ${sizeBytesMax} bytes as 0x and hex digits in lower case`;
  return {
    read: (value) => {
      if (typeof value !== "string" || value.length < 4 || hexSizeBytes(value) > sizeBytesMax) return fault(expected);
      const decoded = decodeHex(value);
      return decoded === undefined ? fault(expected) : { ok: true, value: decoded };
    },
    write: (value) => {
      assert(value.length >= 1 && value.length <= sizeBytesMax, `a message holds ${expected}`);
      return bytesToHex(value);
    },
  };
}

/** A list of `countMin` to `countMax` items. */
export function list<Item>(item: Field<Item>, options: { countMin: number; countMax: number }): Field<readonly Item[]> {
  const { countMin, countMax } = options;
  const expected = `a list of ${countMin} to ${countMax} items`;
  const isCountRight = (count: number) => count >= countMin && count <= countMax;
  return {
    read: (value): FieldResult<readonly Item[]> => {
      if (!Array.isArray(value) || !isCountRight(value.length)) return fault(expected);
      const items: Item[] = [];
      for (const entry of value as readonly unknown[]) {
        const result = item.read(entry);
        if (!result.ok) return fault(result.expected, `[${items.length}]${result.path}`);
        items.push(result.value);
      }
      return { ok: true, value: items };
    },
    write: (value) => {
      assert(isCountRight(value.length), `a message holds ${expected}`);
      return value.map((entry) => item.write(entry));
    },
  };
}

/** Byte strings, each bounded, and bounded in their sum, which is looked at before any of them is decoded. */
export function bytesList(options: {
  countMin: number;
  countMax: number;
  itemSizeBytesMax: number;
  totalSizeBytesMax: number;
}): Field<readonly Bytes[]> {
  const { countMin, countMax, itemSizeBytesMax, totalSizeBytesMax } = options;
  const items = list(bytes({ sizeBytesMax: itemSizeBytesMax }), { countMin, countMax });
  const expected = `at most ${totalSizeBytesMax} bytes in all`;
  return {
    read: (value) => {
      if (Array.isArray(value) && value.length <= countMax) {
        const sum = value.reduce<number>((total, hex) => total + (typeof hex === "string" ? hexSizeBytes(hex) : 0), 0);
        if (sum > totalSizeBytesMax) return fault(expected);
      }
      return items.read(value);
    },
    write: (value) => {
      const sum = value.reduce((total, item) => total + item.length, 0);
      assert(sum <= totalSizeBytesMax, `a message holds ${expected}`);
      return items.write(value);
    },
  };
}
