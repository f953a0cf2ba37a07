// What a JSON text holds, as far as contracts go: objects, arrays, texts, whole numbers and booleans. Getters revert with
// a message that names the place when the value is of another kind.

import { Address } from "./address";
import { fromHex, unitAt } from "./bytes";
import { fail, revert } from "./control";

export const JSON_BOOLEAN: i32 = 0;
export const JSON_INTEGER: i32 = 1;
export const JSON_TEXT: i32 = 2;
export const JSON_ARRAY: i32 = 3;
export const JSON_OBJECT: i32 = 4;

/** The number of a text of decimal digits without a leading zero; reverts for anything else and above 2^64-1. */
function digitsToU64(text: string, name: string): u64 {
  let value: u64 = 0;
  let isFine = text.length > 0 && (text.length === 1 || unitAt(text, 0) !== 0x30);
  for (let index = 0; index < text.length && isFine; index++) {
    const digit = <u64>(unitAt(text, index) - 0x30);
    isFine = digit <= 9 && value <= (u64.MAX_VALUE - digit) / 10;
    value = value * 10 + digit;
  }
  if (!isFine) revert(name + " is not a number from 0 to 2^64-1");
  return value;
}

const NO_ITEMS: JsonValue[] = [];
const NO_KEYS: string[] = [];

export class JsonValue {
  /** The values of an array, or those of an object in the order of its keys. */
  readonly items: JsonValue[];
  readonly keys: string[];

  constructor(
    readonly kind: i32,
    /** For messages: the key, or the place in an array. */
    readonly name: string,
    /** The digits of an integer with its sign; the decoded text; "true" or "false". */
    readonly text: string,
  ) {
    // What holds nothing shares what is empty.
    this.items = kind < JSON_ARRAY ? NO_ITEMS : [];
    this.keys = kind < JSON_OBJECT ? NO_KEYS : [];
  }

  private expect(kind: i32, what: string): void {
    if (this.kind !== kind) revert(this.name + " is not " + what);
  }

  /** Also of a text of digits, by which JSON carries what is above 2^53-1. */
  asU64(): u64 {
    if (this.kind !== JSON_TEXT) this.expect(JSON_INTEGER, "a whole number");
    return digitsToU64(this.text, this.name);
  }

  asI64(): i64 {
    if (this.kind !== JSON_TEXT) this.expect(JSON_INTEGER, "a whole number");
    const isNegative = this.text.startsWith("-");
    const magnitude = digitsToU64(isNegative ? this.text.substring(1) : this.text, this.name);
    const bound: u64 = isNegative ? <u64>i64.MAX_VALUE + 1 : i64.MAX_VALUE;
    if (magnitude > bound) revert(this.name + " does not fit into 64 bits");
    return isNegative ? <i64>(0 - magnitude) : <i64>magnitude;
  }

  asBool(): bool {
    this.expect(JSON_BOOLEAN, "true or false");
    return this.text === "true";
  }

  asText(): string {
    this.expect(JSON_TEXT, "a text");
    return this.text;
  }

  asAddress(): Address {
    const address = Address.parse(this.asText());
    return address ? address : fail<Address>(this.name + " is not an address");
  }

  /** Of a text of hexadecimal digits after `0x`. */
  asBytes(): Uint8Array {
    const bytes = fromHex(this.asText());
    return bytes === null ? fail<Uint8Array>(this.name + " is not hexadecimal") : bytes;
  }

  asArray(): JsonValue[] {
    this.expect(JSON_ARRAY, "an array");
    return this.items;
  }

  /** Null when an object has no such key. */
  find(key: string): JsonValue | null {
    this.expect(JSON_OBJECT, "an object");
    for (let index = 0; index < this.keys.length; index++) {
      if (unchecked(this.keys[index]) === key) return this.items[index];
    }
    return null;
  }
}
