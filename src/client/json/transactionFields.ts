// Reads the fields of a transaction from a parsed JSON value, strictly: each refusal names the field and what it expects.
// The struct that a wallet signs declares a kind's fields and their types.

import { parseAddress, type TypedField } from "../../core/crypto/index.ts";
import {
  type Address,
  type Amount,
  accept,
  type Bytes,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  hexToBytes,
  isHash,
  isHex,
  isUint,
  type Nonce,
  type Result,
  refuse,
  type Signature,
} from "../../core/primitives/index.ts";
import { TRANSACTION_KINDS, type Transaction, type TransactionType } from "../../core/protocol/index.ts";
import { JsonText } from "./jsonText.ts";
import { parseSignature } from "./signature.ts";

export type FieldCode =
  | "invalid_type"
  | "invalid_field"
  | "invalid_number"
  | "unknown_field"
  | "missing_field"
  | "invalid_address"
  | "invalid_checksum"
  | "invalid_hash"
  | "invalid_signature";

/** A transaction of which fields may still be missing. */
export interface TransactionRequest {
  readonly type: TransactionType;
  readonly from?: Address;
  readonly to?: Address;
  readonly amount?: Amount;
  readonly nonce?: Nonce;
  readonly gasLimit?: Gas;
  readonly gasPrice?: GasPrice;
  readonly expiry?: Height;
  readonly code?: Bytes;
  readonly function?: string;
  readonly args?: string;
}

export interface TransactionFields {
  readonly request: TransactionRequest;
  readonly signature: Signature | undefined;
  readonly hash: Hash | undefined;
}

const DEFAULT_TRANSACTION_TYPE: TransactionType = "transfer";
const ENVELOPE_FIELDS: readonly string[] = ["type", "signature", "hash"];
const TYPE_NAMES = TRANSACTION_KINDS.map((kind) => kind.type).join(", ");
const fieldsByType = new Map(TRANSACTION_KINDS.map((kind) => [kind.type, kind.struct.fields]));

/** The fields that are signed, in their order. */
function fieldsOf(type: TransactionType): readonly TypedField[] {
  return fieldsByType.get(type) as readonly TypedField[];
}

function nameOfType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function wrongType(name: string, options: { expected: string; value: unknown }) {
  const { expected, value } = options;
  return refuse("invalid_type", `${name} is ${nameOfType(value)}; expected ${expected}`, { field: name });
}

type ReadField = (name: string, value: unknown) => Result<string | number | Bytes, FieldCode>;

const readers: Readonly<Record<TypedField["type"], ReadField>> = {
  address: (name, value) => {
    if (typeof value !== "string") return wrongType(name, { expected: "an address as a string", value });
    const parsed = parseAddress(value);
    if (parsed.ok) return parsed;
    const { code, message, details } = parsed.refusal;
    return refuse(code, `${name}: ${message}`, { field: name, ...details });
  },
  uint64: (name, value) => {
    if (typeof value !== "number") return wrongType(name, { expected: "a JSON number", value });
    if (isUint(value)) return accept(value);
    return refuse("invalid_number", `${name} is ${value}; expected an integer from 0 to 2^53-1`, { field: name });
  },
  bytes: (name, value) => {
    if (typeof value !== "string") return wrongType(name, { expected: "bytes as a string of hex digits", value });
    if (isHex(value)) return accept(hexToBytes(value));
    return refuse("invalid_field", `${name} is not 0x and an even number of hex digits`, { field: name });
  },
  string: (name, value) => {
    if (typeof value === "string") {
      if (value.isWellFormed()) return accept(value);
      return refuse("invalid_field", `${name} holds half of a surrogate pair, which is no character`, { field: name });
    }
    // Arguments are signed as text: a value that is given in place of its text becomes the shortest one.
    if (name === "args") return accept(value instanceof JsonText ? value.text : JSON.stringify(value));
    return wrongType(name, { expected: "a string", value });
  },
};

/** How the JSON of one type of transaction differs from the general one. */
export interface FieldNaming {
  /** The type that is meant; the JSON has no `type` of its own. */
  readonly type: TransactionType;
  /** The names that fields have in the JSON, by their own names, where they differ. */
  readonly names: Readonly<Record<string, string>>;
}

function readType(value: unknown): Result<TransactionType, FieldCode> {
  if (value === undefined) return accept(DEFAULT_TRANSACTION_TYPE);
  if (typeof value !== "string") return wrongType("type", { expected: `one of ${TYPE_NAMES}`, value });
  if (fieldsByType.has(value)) return accept(value as TransactionType);
  return refuse("invalid_field", `type is none of ${TYPE_NAMES}`, { field: "type" });
}

function readHash(value: unknown): Result<Hash, FieldCode> {
  if (typeof value !== "string") return wrongType("hash", { expected: "a hash as a string", value });
  const text = value.toLowerCase();
  if (isHash(text)) return accept(text);
  return refuse("invalid_hash", "hash is not 0x and 64 hex digits", { field: "hash" });
}

function optional<Value>(value: unknown, read: (value: unknown) => Result<Value, FieldCode>) {
  return value === undefined ? accept(undefined) : read(value);
}

/** Reads what is given. Which fields are needed is for `completeTransaction` to say. */
export function readTransactionFields(json: unknown, naming?: FieldNaming): Result<TransactionFields, FieldCode> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("invalid_type", `the transaction is ${nameOfType(json)}; expected a JSON object`);
  }
  const given = new Map<string, unknown>(Object.entries(json));
  const type = naming === undefined ? readType(given.get("type")) : accept(naming.type);
  if (!type.ok) return type;
  const nameOf = (field: TypedField) => naming?.names[field.name] ?? field.name;
  const fields = fieldsOf(type.value);
  const envelope = naming === undefined ? ENVELOPE_FIELDS : ENVELOPE_FIELDS.filter((name) => name !== "type");
  const known = [...envelope, ...fields.map(nameOf)];
  for (const [name, value] of given) {
    if (value === undefined || known.includes(name)) continue;
    const shown = name.slice(0, 40);
    const message = `"${shown}" is no field of ${type.value}, which has ${known.join(", ")}`;
    return refuse("unknown_field", message, { field: shown });
  }
  const request: Record<string, string | number | Bytes> = { type: type.value };
  for (const field of fields) {
    const value = given.get(nameOf(field));
    if (value === undefined) continue;
    const read = readers[field.type](nameOf(field), value);
    if (!read.ok) return read;
    request[field.name] = read.value;
  }
  const signature = optional(given.get("signature"), parseSignature);
  if (!signature.ok) return signature;
  const args = given.get("args");
  if (signature.value !== undefined && args !== undefined && typeof args !== "string") {
    return wrongType("args", { expected: "a string beside a signature: the very text that was signed", value: args });
  }
  const hash = optional(given.get("hash"), readHash);
  if (!hash.ok) return hash;
  // The readers above have given each field the type that its kind declares.
  return accept({ request: request as unknown as TransactionRequest, signature: signature.value, hash: hash.value });
}

/** The transaction, when no field of its kind is missing. */
export function completeTransaction(request: TransactionRequest): Result<Transaction, "missing_field"> {
  const given = request as unknown as Readonly<Record<string, unknown>>;
  for (const { name } of fieldsOf(request.type)) {
    if (given[name] === undefined) {
      return refuse("missing_field", `${name} is missing; a ${request.type} needs it`, { field: name });
    }
  }
  return accept(request as unknown as Transaction);
}
