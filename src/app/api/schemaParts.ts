// What the schemas of schemas.ts and requestSchemas.ts are put together from: numbers, hashes, addresses, with their examples.

import { type TProperties, type TSchema, Type } from "@sinclair/typebox";

export const EXAMPLE_HASH = "0x9c22ff5f21f0b81b113e63f7db6da94fedef11b2119b4088b89664fb9a3cb658";
export const EXAMPLE_ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
export const EXAMPLE_RECEIVER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
export const EXAMPLE_SIGNATURE = `0x${"5a".repeat(32)}${"1b".repeat(32)}00`;
const UINT_MAX = Number.MAX_SAFE_INTEGER;

export const closed = { additionalProperties: false } as const;

export function uint(description: string, example: number) {
  return Type.Integer({ minimum: 0, maximum: UINT_MAX, description, examples: [example] });
}

export function hash(description: string) {
  return Type.String({ pattern: "^0x[0-9a-f]{64}$", description, examples: [EXAMPLE_HASH] });
}

export function address(description: string, example: string = EXAMPLE_ADDRESS) {
  return Type.String({ pattern: "^0x[0-9a-fA-F]{40}$", description, examples: [example] });
}

export function hex(description: string, example = "0x") {
  return Type.String({ pattern: "^0x([0-9a-fA-F]{2})*$", description, examples: [example] });
}

export function names(values: readonly string[], description: string) {
  return Type.String({ enum: [...values], description, examples: [values[0]] });
}

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

export function component<Properties extends TProperties>(id: string, properties: Properties, description: string) {
  return Type.Object(properties, { ...closed, $id: id, description });
}

export const statusOk = Type.String({ enum: ["ok"], examples: ["ok"] });
