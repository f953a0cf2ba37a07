// The arguments of exports that take numbers, and their results: a strict grammar of decimal integers, byte by byte, so
// that no number passes through a floating one (docs/spec/contracts.md, Numbers).

import type { WasmValue } from "../../ports/index.ts";
import type { Bytes } from "../../primitives/index.ts";
import type { ValueType } from "../module/types.ts";

const [OPEN, CLOSE, COMMA, QUOTE, MINUS, ZERO, NINE] = Array.from('[],"-09', (text) => text.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
/** Space, tab, line feed, carriage return. */
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);
/** No integer of 64 bits has more. */
const DIGITS_MAX = 19;
/** So many digits a number holds exactly. */
const EXACT_DIGITS = 15;
const EXACT_LIMIT = 10n ** BigInt(EXACT_DIGITS);

class Scanner {
  private readonly bytes: Bytes;
  private at = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  skipBlanks(): void {
    while (BLANKS.has(this.bytes[this.at])) this.at++;
  }

  take(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** `0`, or digits that don't begin with 0, or these after a minus. */
  integer(): bigint | undefined {
    const isNegative = this.take(MINUS);
    const start = this.at;
    while (this.isDigit() && this.at - start <= DIGITS_MAX) this.at++;
    const length = this.at - start;
    const startsWithZero = this.bytes[start] === ZERO;
    if (length === 0 || length > DIGITS_MAX || (startsWithZero && (length > 1 || isNegative))) return undefined;
    const split = Math.max(start, this.at - EXACT_DIGITS);
    const low = BigInt(this.digits(split, this.at));
    const magnitude = split === start ? low : BigInt(this.digits(start, split)) * EXACT_LIMIT + low;
    return isNegative ? -magnitude : magnitude;
  }

  /** The value of digits that are no more than a number holds exactly. */
  private digits(start: number, end: number): number {
    let value = 0;
    for (let index = start; index < end; index++) value = value * 10 + (this.bytes[index] as number) - ZERO;
    return value;
  }

  private isDigit(): boolean {
    const byte = this.bytes[this.at];
    return byte !== undefined && byte >= ZERO && byte <= NINE;
  }

  isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }
}

function isInRange(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

function readValue(scanner: Scanner, type: ValueType): WasmValue | undefined {
  const isLong = type === "i64";
  if (isLong && !scanner.take(QUOTE)) return undefined;
  const value = scanner.integer();
  if (value === undefined || (isLong && !scanner.take(QUOTE))) return undefined;
  if (!isInRange(value, isLong ? 64 : 32)) return undefined;
  return isLong ? value : Number(value);
}

/** The values in `args` for parameters of these types; undefined when the text is anything else. */
export function parseArguments(args: Bytes, types: readonly ValueType[]): readonly WasmValue[] | undefined {
  const scanner = new Scanner(args);
  const values: WasmValue[] = [];
  scanner.skipBlanks();
  if (!scanner.take(OPEN)) return undefined;
  for (const type of types) {
    scanner.skipBlanks();
    if (values.length > 0 && !scanner.take(COMMA)) return undefined;
    scanner.skipBlanks();
    const value = readValue(scanner, type);
    if (value === undefined) return undefined;
    values.push(value);
  }
  scanner.skipBlanks();
  if (!scanner.take(CLOSE)) return undefined;
  scanner.skipBlanks();
  return scanner.isAtEnd() ? values : undefined;
}

/** What a function's numeric result is returned as: signed, in decimal; one of 64 bits in quotes. */
export function formatResult(result: WasmValue): Bytes {
  const text = typeof result === "bigint" ? `"${result}"` : `${result}`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
