// Reads JSON strictly (RFC 8259): whole numbers only, no key twice, no lone surrogates, no null, nesting to a bound.
// Anything else reverts with the place.

import { hexDigit, isUtf8, utf8DecodeRange, utf8Encode } from "./bytes";
import { require, revert } from "./control";
import { JSON_ARRAY, JSON_BOOLEAN, JSON_INTEGER, JSON_OBJECT, JSON_TEXT, JsonValue } from "./jsonValue";
import { toDecimal } from "./numbers";

const NESTING_MAX: i32 = 16;
const QUOTE: i32 = 0x22;
const BACKSLASH: i32 = 0x5c;

class Reader {
  private position: i32 = 0;

  constructor(private readonly bytes: Uint8Array) {}

  private fail(problem: string): void {
    revert("JSON: " + problem + " at byte " + toDecimal(this.position));
  }

  /** The byte here; -1 at the end. */
  private peek(): i32 {
    return this.position < this.bytes.length ? <i32>unchecked(this.bytes[this.position]) : -1;
  }

  /** Skips white space, then takes the byte if it is the one asked for. */
  private take(code: i32): bool {
    this.skipSpace();
    if (this.peek() !== code) return false;
    this.position += 1;
    return true;
  }

  private skipSpace(): void {
    for (let code = this.peek(); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = this.peek()) {
      this.position += 1;
    }
  }

  private takeWord(word: string): bool {
    const bytes = utf8Encode(word);
    if (this.position + bytes.length > this.bytes.length) return false;
    if (memory.compare(bytes.dataStart, this.bytes.dataStart + this.position, bytes.length) !== 0) return false;
    this.position += bytes.length;
    return true;
  }

  finish(): void {
    this.skipSpace();
    if (this.position < this.bytes.length) this.fail("something follows");
  }

  value(name: string, depth: i32): JsonValue {
    if (depth > NESTING_MAX) this.fail("nested too deeply");
    if (this.take(0x7b)) return this.object(name, depth);
    if (this.take(0x5b)) return this.array(name, depth);
    const code = this.peek();
    if (code === QUOTE) return new JsonValue(JSON_TEXT, name, this.text());
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.integer(name);
    return this.boolean(name);
  }

  private boolean(name: string): JsonValue {
    const isTrue = this.takeWord("true");
    if (!isTrue && !this.takeWord("false")) this.fail("no value");
    return new JsonValue(JSON_BOOLEAN, name, isTrue ? "true" : "false");
  }

  private integer(name: string): JsonValue {
    const start = this.position;
    if (this.peek() === 0x2d) this.position += 1;
    const first = this.position;
    while (this.peek() >= 0x30 && this.peek() <= 0x39) this.position += 1;
    const length = this.position - first;
    const code = this.peek();
    if (code === 0x2e || (code | 0x20) === 0x65) this.fail("not a whole number");
    const hasZero = length > 0 && this.bytes[first] === 0x30;
    if (length === 0 || (hasZero && (length > 1 || first > start))) this.fail("not a whole number");
    return new JsonValue(JSON_INTEGER, name, utf8DecodeRange(this.bytes, start, this.position));
  }

  private array(name: string, depth: i32): JsonValue {
    const value = new JsonValue(JSON_ARRAY, name, "");
    if (this.take(0x5d)) return value;
    do {
      value.items.push(this.value(name + "[" + toDecimal(value.items.length) + "]", depth + 1));
    } while (this.take(0x2c));
    if (!this.take(0x5d)) this.fail("expected , or ]");
    return value;
  }

  private object(name: string, depth: i32): JsonValue {
    const value = new JsonValue(JSON_OBJECT, name, "");
    if (this.take(0x7d)) return value;
    do {
      this.skipSpace();
      if (this.peek() !== QUOTE) this.fail("expected a key");
      const key = this.text();
      if (value.find(key) !== null) this.fail("a key comes twice");
      if (!this.take(0x3a)) this.fail("expected :");
      value.keys.push(key);
      value.items.push(this.value(key, depth + 1));
    } while (this.take(0x2c));
    if (!this.take(0x7d)) this.fail("expected , or }");
    return value;
  }

  /** To the next quote, backslash or control character, or to the end. */
  private skipPlain(): void {
    const start = this.bytes.dataStart;
    const end = this.bytes.length;
    let position = this.position;
    while (position < end) {
      const code: i32 = load<u8>(start + position);
      if (code === QUOTE || code === BACKSLASH || code < 0x20) break;
      position += 1;
    }
    this.position = position;
  }

  /** From the opening quote on. */
  private text(): string {
    this.position += 1;
    let start = this.position;
    this.skipPlain();
    let text = utf8DecodeRange(this.bytes, start, this.position);
    while (this.peek() === BACKSLASH) {
      this.position += 1;
      text += this.escape();
      start = this.position;
      this.skipPlain();
      text += utf8DecodeRange(this.bytes, start, this.position);
    }
    if (this.peek() !== QUOTE) this.fail("a text is not closed");
    this.position += 1;
    return text;
  }

  /** After the backslash. */
  private escape(): string {
    const code = this.peek();
    this.position += 1;
    switch (code) {
      case QUOTE:
      case BACKSLASH:
      case 0x2f:
        return String.fromCharCode(code);
      case 0x62:
        return "\b";
      case 0x66:
        return "\f";
      case 0x6e:
        return "\n";
      case 0x72:
        return "\r";
      case 0x74:
        return "\t";
      case 0x75:
        return this.unicodeEscape();
    }
    this.fail("no such escape");
    return "";
  }

  private unicodeEscape(): string {
    const first = this.hexUnit();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const hasSecond = first < 0xdc00 && this.takeWord("\\u");
    const second = hasSecond ? this.hexUnit() : 0;
    if (second < 0xdc00 || second > 0xdfff) this.fail("no such escape");
    return String.fromCharCode(first, second);
  }

  private hexUnit(): i32 {
    let unit = 0;
    for (let count = 0; count < 4; count++) {
      const digit = hexDigit(this.peek());
      if (digit < 0) this.fail("no such escape");
      unit = (unit << 4) | digit;
      this.position += 1;
    }
    return unit;
  }
}

/** Reverts when the text is not one JSON value. `name` is what messages call the value. */
export function parseJson(bytes: Uint8Array, name: string): JsonValue {
  require(isUtf8(bytes), "JSON: not UTF-8");
  const reader = new Reader(bytes);
  const value = reader.value(name, 0);
  reader.finish();
  return value;
}
