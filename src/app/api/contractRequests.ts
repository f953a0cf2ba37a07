// Reads the bodies of the routes that deploy and call contracts: transactions in words of their own, of which an unsigned
// one may leave out what has a natural value.

import type { ServerErrorCode } from "../../client/index.ts";
import { type FieldNaming, readTransactionFields, type TransactionFields } from "../../client/json/index.ts";
import { type Amount, type Result, refuse } from "../../core/primitives/index.ts";
import { isJsonObject, type JsonValue } from "../json/index.ts";

interface RequestShape extends FieldNaming {
  /** The members that have no natural value. */
  readonly required: readonly string[];
}

const DEPLOY: RequestShape = { type: "deploy", names: { code: "wasm" }, required: ["wasm"] };
const CALL: RequestShape = { type: "call", names: { to: "address" }, required: ["address", "function"] };
/** What an unsigned request means that leaves these out. */
const PRESETS = { amount: 0 as Amount, args: "{}" } as const;

function readShaped(json: JsonValue, shape: RequestShape): Result<TransactionFields, ServerErrorCode> {
  const fields = readTransactionFields(json, shape);
  if (!fields.ok) return fields;
  const missing = shape.required.find((name) => !(name in (json as object)));
  if (missing !== undefined) {
    return refuse("missing_field", `${missing} is missing; a ${shape.type} needs it`, { field: missing });
  }
  const { request, signature, hash } = fields.value;
  if (signature !== undefined) return fields;
  return { ok: true, value: { request: { ...PRESETS, ...request }, signature, hash } };
}

export function readDeploy(json: JsonValue): Result<TransactionFields, ServerErrorCode> {
  return readShaped(json, DEPLOY);
}

export function readCall(json: JsonValue): Result<TransactionFields, ServerErrorCode> {
  return readShaped(json, CALL);
}

/** The transaction's own object: the body, or what stands under its one key `tx`. */
export function unwrapTransaction(body: JsonValue): Result<JsonValue, ServerErrorCode> {
  if (!isJsonObject(body) || body.tx === undefined) return { ok: true, value: body };
  const other = Object.keys(body).find((key) => key !== "tx");
  if (other === undefined) return { ok: true, value: body.tx };
  const shown = other.slice(0, 40);
  return refuse("unknown_field", `"${shown}" stands beside tx; the transaction's fields stand within it`, {
    field: shown,
  });
}

/** A body of any of the routes that submit one transaction, told apart by the members that it alone has. */
export function readAnyTransaction(body: JsonValue): Result<TransactionFields, ServerErrorCode> {
  if (isJsonObject(body) && "wasm" in body) return readDeploy(body);
  if (isJsonObject(body) && "address" in body) return readCall(body);
  const json = unwrapTransaction(body);
  return json.ok ? readTransactionFields(json.value) : json;
}
