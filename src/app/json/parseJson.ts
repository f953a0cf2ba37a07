// Strict JSON (RFC 8259) for request bodies. `JSON.parse` rounds 9007199254740990.6 to a safe integer, keeps the last of
// two equal keys and takes half of a surrogate pair; here the source text itself is checked, and each of them is refused
// with its position. Numbers are integers from 0 to 2^53-1, written as 0|[1-9][0-9]*; values that are wanted as text may
// have any number of JSON.

import { JsonText } from "../../client/json/index.ts";
import { accept, type Refusal, type Result } from "../../core/primitives/index.ts";

export type JsonValue = null | boolean | number | string | JsonText | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonText);
}

export type JsonCode = "invalid_json" | "invalid_number" | "duplicate_key" | "lone_surrogate" | "nesting_too_deep";

/** Arrays and objects within each other, the outermost counted. */
export const JSON_DEPTH_MAX = 32;

const EXCERPT_LENGTH_MAX = 40;
const INTEGER_PATTERN = /^(?:0|[1-9][0-9]*)$/;
const ANY_NUMBER_PATTERN = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const NUMBER_CHARACTERS = /[-+.0-9A-Za-z]*/y;
const HEX_PATTERN = /^[0-9a-fA-F]{4}$/;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const BRACKET_OPEN = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const SURROGATE_FIRST = 0xd800;
const SURROGATE_LAST = 0xdfff;
// Any integer of up to 15 digits is below 2^53.
const SAFE_DIGITS = 15;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Leaves the parser's recursion; `parseJson` alone catches it. */
class JsonRefusal extends Error {
  override readonly name = "JsonRefusal";
  readonly refusal: Refusal<JsonCode>;

  constructor(refusal: Refusal<JsonCode>) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

class Parser {
  private readonly text: string;
  private readonly textKeys: readonly string[];
  private index = 0;
  private depth = 0;
  /** The shortest text of the value at hand, in pieces; undefined where none is wanted. */
  private pieces: string[] | undefined;

  constructor(text: string, textKeys: readonly string[] = []) {
    this.text = text;
    this.textKeys = textKeys;
  }

  /** The whole document, as its shortest text. */
  documentText(): string {
    this.pieces = [];
    this.document();
    return this.pieces.join("");
  }

  document(): JsonValue {
    const value = this.value();
    this.skipSpace();
    if (this.index < this.text.length) this.fail("invalid_json", `${this.found()} follows the end of the JSON value`);
    return value;
  }

  private fail(code: JsonCode, what: string, position: number = this.index, text?: string): never {
    const details = text === undefined ? { position } : { position, text };
    throw new JsonRefusal({ code, message: `${what} (at position ${position} of the body)`, details });
  }

  /** The character at hand, for a message. */
  private found(): string {
    const point = this.text.codePointAt(this.index);
    if (point === undefined) return "the end of the body";
    const isPlain = point > SPACE && point < 0x7f;
    return isPlain ? String.fromCodePoint(point) : `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.index);
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return;
      this.index++;
    }
  }

  private value(): JsonValue {
    this.skipSpace();
    const code = this.text.charCodeAt(this.index);
    if (code === QUOTE) return this.stringValue();
    if ((code >= DIGIT_0 && code <= DIGIT_9) || code === MINUS) return this.number();
    if (code === BRACE_OPEN) return this.nested(() => this.object());
    if (code === BRACKET_OPEN) return this.nested(() => this.array());
    if (this.text.startsWith("true", this.index)) return this.word(4, true);
    if (this.text.startsWith("false", this.index)) return this.word(5, false);
    if (this.text.startsWith("null", this.index)) return this.word(4, null);
    return this.fail("invalid_json", `a JSON value was expected, found ${this.found()}`);
  }

  /** The value as text, but a string as itself, since a string stands for the text that it holds. */
  private textValue(): JsonValue {
    this.skipSpace();
    if (this.text.charCodeAt(this.index) === QUOTE) return this.string();
    const pieces: string[] = [];
    this.pieces = pieces;
    this.value();
    this.pieces = undefined;
    return new JsonText(pieces.join(""));
  }

  private stringValue(): string {
    const value = this.string();
    this.pieces?.push(JSON.stringify(value));
    return value;
  }

  private word<Value>(length: number, value: Value): Value {
    this.index += length;
    this.pieces?.push(String(value));
    return value;
  }

  private nested<Value>(read: () => Value): Value {
    if (this.depth === JSON_DEPTH_MAX) {
      this.fail("nesting_too_deep", `arrays and objects are nested deeper than ${JSON_DEPTH_MAX} levels`);
    }
    this.depth++;
    this.index++;
    const value = read();
    this.depth--;
    return value;
  }

  /** Skips space and takes the character `code` when it is next. */
  private take(code: number): boolean {
    this.skipSpace();
    if (this.text.charCodeAt(this.index) !== code) return false;
    this.index++;
    return true;
  }

  private object(): JsonObject {
    // Without a prototype, `__proto__` is a key like any other.
    const object: JsonObject = Object.create(null);
    this.pieces?.push("{");
    if (this.take(BRACE_CLOSE)) return this.closed("}", object);
    do {
      this.skipSpace();
      const position = this.index;
      if (this.text.charCodeAt(position) !== QUOTE) {
        this.fail("invalid_json", `a key in double quotes was expected, found ${this.found()}`);
      }
      const key = this.string();
      if (key in object) {
        const shown = key.slice(0, EXCERPT_LENGTH_MAX);
        this.fail("duplicate_key", `the key "${shown}" is given twice in one object`, position, shown);
      }
      if (!this.take(COLON)) this.fail("invalid_json", `a colon was expected after the key, found ${this.found()}`);
      this.pieces?.push(JSON.stringify(key), ":");
      const isText = this.pieces === undefined && this.textKeys.includes(key);
      object[key] = isText ? this.textValue() : this.value();
    } while (this.next());
    if (!this.take(BRACE_CLOSE)) this.fail("invalid_json", `a comma or } was expected, found ${this.found()}`);
    return this.closed("}", object);
  }

  /** Takes a comma when it is next. */
  private next(): boolean {
    const isNext = this.take(COMMA);
    if (isNext) this.pieces?.push(",");
    return isNext;
  }

  private closed<Value>(piece: string, value: Value): Value {
    this.pieces?.push(piece);
    return value;
  }

  private array(): JsonValue[] {
    const array: JsonValue[] = [];
    this.pieces?.push("[");
    if (this.take(BRACKET_CLOSE)) return this.closed("]", array);
    do array.push(this.value());
    while (this.next());
    if (!this.take(BRACKET_CLOSE)) this.fail("invalid_json", `a comma or ] was expected, found ${this.found()}`);
    return this.closed("]", array);
  }

  private number(): number {
    const start = this.index;
    NUMBER_CHARACTERS.lastIndex = start;
    const source = NUMBER_CHARACTERS.exec(this.text)?.[0] ?? "";
    const value = Number(source);
    if (this.pieces !== undefined) {
      const shown = source.slice(0, EXCERPT_LENGTH_MAX);
      if (!ANY_NUMBER_PATTERN.test(source)) this.fail("invalid_number", `${shown} is no number of JSON`, start, shown);
      this.pieces.push(source);
      this.index = start + source.length;
      return value;
    }
    if (!INTEGER_PATTERN.test(source) || (source.length > SAFE_DIGITS && !Number.isSafeInteger(value))) {
      const shown = source.slice(0, EXCERPT_LENGTH_MAX);
      const rule = "an integer from 0 to 9007199254740991, written in digits alone";
      this.fail("invalid_number", `${shown} is not ${rule}`, start, shown);
    }
    this.index = start + source.length;
    return value;
  }

  private string(): string {
    const { text } = this;
    const start = this.index + 1;
    let hasSurrogate = false;
    for (let index = start; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.index = index + 1;
        const value = text.slice(start, index);
        if (hasSurrogate && !value.isWellFormed()) this.failSurrogate(start);
        return value;
      }
      if (code === BACKSLASH) return this.escapedString(start, index);
      if (code < SPACE) this.failControl(index);
      if (code >= SURROGATE_FIRST && code <= SURROGATE_LAST) hasSurrogate = true;
    }
    this.index = text.length;
    return this.fail("invalid_json", "the body ends within a string");
  }

  /** Goes on with a string whose first escape is at `escapeAt`. */
  private escapedString(start: number, escapeAt: number): string {
    const { text } = this;
    let value = text.slice(start, escapeAt);
    let index = escapeAt;
    while (index < text.length) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.index = index + 1;
        if (!value.isWellFormed()) this.failSurrogate(start);
        return value;
      }
      if (code < SPACE) this.failControl(index);
      if (code !== BACKSLASH) {
        value += text[index++];
        continue;
      }
      const letter = text[index + 1] ?? "";
      const digits = text.slice(index + 2, index + 6);
      const plain = ESCAPES[letter];
      if (plain !== undefined) {
        value += plain;
        index += 2;
      } else if (letter === "u" && HEX_PATTERN.test(digits)) {
        value += String.fromCharCode(Number.parseInt(digits, 16));
        index += 6;
      } else {
        this.fail("invalid_json", 'a backslash begins none of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX', index);
      }
    }
    this.index = text.length;
    return this.fail("invalid_json", "the body ends within a string");
  }

  private failControl(index: number): never {
    this.index = index;
    return this.fail("invalid_json", `a control character must be escaped in a string, found ${this.found()}`);
  }

  private failSurrogate(start: number): never {
    return this.fail("lone_surrogate", "a string holds half of a surrogate pair, which is no character", start - 1);
  }
}

// `ignoreBOM` keeps a byte order mark, which then is refused like any other stray character.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = 0xfeff;

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    // The decoder throws for malformed input alone, and does not say where it is.
    throw new JsonRefusal({ code: "invalid_json", message: "the body is not well-formed UTF-8" });
  }
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
    throw new JsonRefusal({ code: "invalid_json", message: "the body starts with a byte order mark; JSON has none" });
  }
  return text;
}

function attempt<Value>(parse: () => Value): Result<Value, JsonCode> {
  try {
    return accept(parse());
  } catch (error) {
    if (error instanceof JsonRefusal) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/**
 * Parses a whole body. Objects of the result have no prototype.
 * @param options.textKeys keys under which any value but a string becomes a JsonText
 */
export function parseJson(
  bytes: Uint8Array,
  options: { textKeys?: readonly string[] } = {},
): Result<JsonValue, JsonCode> {
  return attempt(() => new Parser(decode(bytes), options.textKeys).document());
}

/** The shortest text of a JSON value of any numbers: without space, its keys in their order, its numbers as written. */
export function compactJson(text: string): Result<string, JsonCode> {
  return attempt(() => new Parser(text).documentText());
}
