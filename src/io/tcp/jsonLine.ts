// One line of a connection as a JSON value (docs/spec/network.md, "Framing"). A scan of the structure refuses what
// `JSON.parse` would pass on in another form than it was written; it jumps over strings, which are nearly all of a line.

import { accept, assert, type Result, refuse } from "../../core/primitives/index.ts";

/** Objects and arrays within each other, the outermost counted. Messages nest two deep. */
export const LINE_DEPTH_MAX = 4;
/** Keys of one object. The message with most has nine. */
export const LINE_KEYS_PER_OBJECT_MAX = 16;
/** Values of a line that a comma follows. The longest list of a message has 1,024. */
export const LINE_COMMAS_MAX = 2048;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
// Any integer of up to 15 digits is below 2^53.
const SAFE_DIGITS = 15;
const DIGITS_MAX = 16;

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}

function isLetter(code: number): boolean {
  return code >= LETTER_A && code <= LETTER_Z;
}

/** What is wrong with the number whose digits are from `start` to `end`, if anything. */
function numberFault(text: string, start: number, end: number): string | undefined {
  // JSON.parse takes an exponent, and refuses all other letters.
  if (isLetter(text.charCodeAt(end))) return "a number has a letter";
  const count = end - start;
  if (count > 1 && text.charCodeAt(start) === DIGIT_0) return "a number has a leading zero";
  if (count <= SAFE_DIGITS) return undefined;
  const isSafe = count <= DIGITS_MAX && Number.isSafeInteger(Number(text.slice(start, end)));
  return isSafe ? undefined : "a number is above 9007199254740991";
}

/** Reads the structure of one line. Whether it is JSON at all is left to `JSON.parse`. */
class Scan {
  private readonly text: string;
  private index = 0;
  private commas = 0;
  /** For each open object its keys, for each open array undefined. */
  private readonly open: (Set<string> | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** What is wrong with the line, if anything. */
  fault(): string | undefined {
    const { text } = this;
    while (this.index < text.length) {
      const fault = this.token(text.charCodeAt(this.index));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private token(code: number): string | undefined {
    if (code === QUOTE) return this.string();
    if (isDigit(code)) return this.number();
    if (code === BRACE_OPEN || code === BRACKET_OPEN) return this.enter(code);
    if (code === COMMA && ++this.commas > LINE_COMMAS_MAX) return `more than ${LINE_COMMAS_MAX} commas`;
    if (code === BRACE_CLOSE || code === BRACKET_CLOSE) this.open.pop();
    else if (code !== COMMA && code !== COLON && code !== SPACE && !isLetter(code))
      return "a character outside of JSON";
    this.index++;
    return undefined;
  }

  private enter(code: number): string | undefined {
    if (this.open.length === LINE_DEPTH_MAX) return `nested deeper than ${LINE_DEPTH_MAX} levels`;
    this.open.push(code === BRACE_OPEN ? new Set() : undefined);
    this.index++;
    return undefined;
  }

  private number(): string | undefined {
    const { text } = this;
    const start = this.index;
    let end = start;
    while (isDigit(text.charCodeAt(end))) end++;
    this.index = end;
    return numberFault(text, start, end);
  }

  private string(): string | undefined {
    const { text } = this;
    const end = text.indexOf('"', this.index + 1);
    if (end < 0) return "a string has no end";
    const start = this.index + 1;
    this.index = end + 1;
    while (text.charCodeAt(this.index) === SPACE) this.index++;
    return text.charCodeAt(this.index) === COLON ? this.key(text.slice(start, end)) : undefined;
  }

  private key(name: string): string | undefined {
    const keys = this.open.at(-1);
    if (keys === undefined) return "a key outside of an object";
    if (keys.has(name)) return "a key is given twice in one object";
    if (keys.size === LINE_KEYS_PER_OBJECT_MAX) return `more than ${LINE_KEYS_PER_OBJECT_MAX} keys in one object`;
    keys.add(name);
    return undefined;
  }
}

function faultOf(text: string): string | undefined {
  if (text.charCodeAt(0) !== BRACE_OPEN) return "a line is one JSON object";
  // No message needs an escape, and without them the next quote ends a string.
  if (text.includes("\\")) return "a backslash";
  if (!text.isWellFormed()) return "half of a surrogate pair";
  return new Scan(text).fault();
}

/** @param text a line without the line feed that ends it */
export function parseJsonLine(text: string): Result<unknown, "malformed_message"> {
  const fault = faultOf(text);
  if (fault !== undefined) return refuse("malformed_message", `the line is refused: ${fault}`);
  try {
    return accept(JSON.parse(text));
  } catch (error) {
    assert(error instanceof SyntaxError, "JSON.parse throws for malformed text alone");
    return refuse("malformed_message", "the line is no JSON");
  }
}
