// Small readers that check the shape of a response, so that a client's types hold of what a server really sent.

import { type Hex, isAddress, isHash, isHex, isUint } from "../core/primitives/index.ts";

/** Thrown by a `Shape` and caught where a response is read. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** Returns `value` when it has the shape. @throws ShapeError naming the place of what has not */
export type Shape<Value> = (value: unknown, path: string) => Value;

type Unbranded = string | number;

function check<Value extends Unbranded | boolean>(what: string, accepts: (value: unknown) => boolean): Shape<Value> {
  return (value, path) => {
    if (!accepts(value)) throw new ShapeError(`${path} is not ${what}`);
    return value as Value;
  };
}

const DIGITS_PATTERN = /^(?:0|[1-9][0-9]*)$/;

const isDigits = (value: unknown) => typeof value === "string" && DIGITS_PATTERN.test(value);

/** Whatever is there, null where nothing is. */
export const anything: Shape<unknown> = (value) => value ?? null;
export const text = check<string>("a string", (value) => typeof value === "string");
export const flag = check<boolean>("true or false", (value) => typeof value === "boolean");
export const digits = check<string>("a string of decimal digits", isDigits);
export const hex = check<Hex>("0x and hex digits", (value) => typeof value === "string" && isHex(value));
/** An integer, branded as the field that it goes into. */
export const uint = <Value extends number>() => check<Value>("an integer from 0 to 2^53-1", isUint);
export const hash = <Value extends string>() => check<Value>("a hash", isHash);
export const address = <Value extends string>() => check<Value>("an address", isAddress);

export function oneOf<const Value extends string>(...values: readonly Value[]): Shape<Value> {
  return check<Value>(`one of ${values.join(", ")}`, (value) => (values as readonly unknown[]).includes(value));
}

export function nullable<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

/** A field that may be absent. */
export function maybe<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (value, path) => (value === undefined ? undefined : shape(value, path));
}

export function list<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(`${path} is not an array`);
    return value.map((item, index) => shape(item, `${path}[${index}]`));
  };
}

export function record<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return (value, path) => {
    if (typeof value !== "object" || value === null) throw new ShapeError(`${path} is not an object`);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item, `${path}.${key}`)]));
  };
}

type Shapes<Value> = {
  readonly [Key in keyof Value]-?: Record<never, never> extends Pick<Value, Key>
    ? Shape<Value[Key] | undefined>
    : Shape<Value[Key]>;
};

/** An object with at least these fields; others are left out, so that a newer server does no harm. */
export function object<Value extends object>(shapes: Shapes<Value>): Shape<Value> {
  const entries = Object.entries(shapes) as readonly [string, Shape<unknown>][];
  return (value, path) => {
    if (typeof value !== "object" || value === null) throw new ShapeError(`${path} is not an object`);
    const result: Record<string, unknown> = {};
    for (const [key, shape] of entries) {
      const read = shape((value as Readonly<Record<string, unknown>>)[key], `${path}.${key}`);
      if (read !== undefined) result[key] = read;
    }
    return result as Value;
  };
}
