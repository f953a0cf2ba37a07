// What a codec of the wire is: a message to and from plain JSON values, by a table of its fields (docs/spec/network.md,
// "Messages"). Text is parsed and printed elsewhere. Whatever is not exactly of the table's form is refused.

import { accept, assert, type Refusal, type Result, refuse } from "../../primitives/index.ts";
import type { Message } from "./message.ts";
import { toWireText } from "./wireText.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Turns one message type into plain JSON values and back. */
export interface MessageCodec<M extends Message = Message> {
  readonly type: M["type"];
  /** @throws AssertionError for a message past the bounds: this node must not send it */
  toJson(message: M): JsonObject;
  fromJson(value: unknown): Result<M, "malformed_message">;
}

/** What is wrong with a value, and where below the value it is: `.head.height`, `.hashes[3]`, or nothing for the value. */
interface Fault {
  readonly ok: false;
  readonly path: string;
  readonly expected: string;
}

export type FieldResult<Value> = { readonly ok: true; readonly value: Value } | Fault;

/** One field's form. */
export interface Field<Value> {
  read(value: unknown): FieldResult<Value>;
  write(value: Value): JsonValue;
}

/** The fields of an object, in the order in which they are written. */
export type Fields<Shape extends object> = { readonly [Name in keyof Shape]-?: Field<Shape[Name]> };

type AnyFields = Readonly<Record<string, Field<unknown>>>;

const FIELD_NAME_SHOWN_LENGTH_MAX = 40;

export function fault(expected: string, path = ""): Fault {
  return { ok: false, path, expected };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownFieldFault(name: string): Fault {
  return fault("no such field", `.${toWireText(name, FIELD_NAME_SHOWN_LENGTH_MAX)}`);
}

function readFields(fields: AnyFields, value: unknown, extra: Readonly<Record<string, unknown>>): FieldResult<object> {
  if (!isObject(value)) return fault("an object");
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name) && !Object.hasOwn(extra, name)) return unknownFieldFault(name);
  }
  const read: Record<string, unknown> = { ...extra };
  for (const [name, field] of Object.entries(fields)) {
    // A missing field is read as undefined, which no field accepts.
    const result = field.read(Object.hasOwn(value, name) ? value[name] : undefined);
    if (!result.ok) return fault(result.expected, `.${name}${result.path}`);
    read[name] = result.value;
  }
  return accept(read);
}

function writeFields(fields: AnyFields, value: object, extra: JsonObject): JsonObject {
  const written: Record<string, JsonValue> = { ...extra };
  const values = value as Readonly<Record<string, unknown>>;
  for (const [name, field] of Object.entries(fields)) written[name] = field.write(values[name]);
  return written;
}

/** An object within a message. */
export function object<Shape extends object>(fields: Fields<Shape>): Field<Shape> {
  const table = fields as AnyFields;
  return {
    read: (value) => readFields(table, value, {}) as FieldResult<Shape>,
    write: (value) => writeFields(table, value, {}),
  };
}

function refuseMalformed(
  type: string,
  { path, expected }: Fault,
): { ok: false; refusal: Refusal<"malformed_message"> } {
  const field = path.slice(1);
  const message = field === "" ? `${type}: expected ${expected}` : `${type}: ${field}: expected ${expected}`;
  return refuse("malformed_message", message, { type, field, expected });
}

function checkType(type: string, value: unknown): Fault | undefined {
  if (!isObject(value)) return fault("an object");
  return value.type === type ? undefined : fault(`"${type}"`, ".type");
}

/** The codec of a message that has one form. */
export function createCodec<M extends Message>(type: M["type"], fields: Fields<Omit<M, "type">>): MessageCodec<M> {
  const table = fields as AnyFields;
  const extra = { type };
  return {
    type,
    toJson: (message) => writeFields(table, message, extra),
    fromJson: (value) => {
      const read = checkType(type, value) ?? readFields(table, value, extra);
      return read.ok ? accept(read.value as M) : refuseMalformed(type, read);
    },
  };
}

type KindTable<M extends { type: string; kind: string }> = {
  readonly [Kind in M["kind"]]: Fields<Omit<Extract<M, { kind: Kind }>, "type" | "kind">>;
};

/** The codec of a message whose field `kind` says which of several forms it has. */
export function createKindCodec<M extends Extract<Message, { kind: string }>>(
  type: M["type"],
  kinds: KindTable<M>,
): MessageCodec<M> {
  const tables = kinds as Readonly<Record<string, AnyFields>>;
  const expectedKind = `one of ${Object.keys(tables).join(", ")}`;
  const read = (value: unknown): FieldResult<object> => {
    const wrong = checkType(type, value);
    if (wrong !== undefined) return wrong;
    const { kind } = value as { readonly kind?: unknown };
    const table = typeof kind === "string" && Object.hasOwn(tables, kind) ? tables[kind] : undefined;
    return table === undefined ? fault(expectedKind, ".kind") : readFields(table, value, { type, kind });
  };
  return {
    type,
    toJson: (message) => {
      const table = tables[message.kind];
      assert(table !== undefined, "a message has a kind of its table");
      return writeFields(table, message, { type, kind: message.kind });
    },
    fromJson: (value) => {
      const result = read(value);
      return result.ok ? accept(result.value as M) : refuseMalformed(type, result);
    },
  };
}
