// What a row of the table of refusals is, and the writing of rows.

import type { ServerErrorCode } from "../../src/client/index.ts";
import type { RefusalNode, RefusalNodeName } from "./refusalNodes.ts";

/** A part of a row that depends on the node, whose chain a signature is for. */
type OfNode<Value> = Value | ((node: RefusalNode) => Value);

export interface RefusalRequest {
  readonly path: string;
  /** GET, unless there is a body. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array>;
}

interface RowBase {
  readonly name: string;
  readonly on: RefusalNodeName;
  readonly status: number;
  readonly code: ServerErrorCode;
}

/** One transaction as text, which is sent alone, under the key `tx`, and in an array. */
export interface TransactionRow extends RowBase {
  readonly kind: "transaction";
  readonly text: (node: RefusalNode) => string;
}

/** A request of any kind, which is sent as it is. */
export interface RequestRow extends RowBase {
  readonly kind: "request";
  readonly request: (node: RefusalNode) => RefusalRequest;
}

export type RefusalRow = TransactionRow | RequestRow;

type Expected = readonly [status: number, code: ServerErrorCode];

function ofNode<Value>(part: OfNode<Value>, node: RefusalNode): Value {
  return typeof part === "function" ? (part as (node: RefusalNode) => Value)(node) : part;
}

/** @param body text as it is, or a value that is written as JSON */
export function transactionRow(
  name: string,
  [status, code]: Expected,
  body: OfNode<string | object | null>,
  on: RefusalNodeName = "open",
): TransactionRow {
  const text = (node: RefusalNode) => {
    const value = ofNode(body, node);
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return { kind: "transaction", name, on, status, code, text };
}

export function requestRow(
  name: string,
  [status, code]: Expected,
  request: OfNode<RefusalRequest>,
  on: RefusalNodeName = "open",
): RequestRow {
  return { kind: "request", name, on, status, code, request: (node) => ofNode(request, node) };
}

/** A GET whose path is the row's name. */
export function readRow(path: string, expected: Expected): RequestRow {
  return requestRow(`GET ${path}`, expected, { path });
}

export const JSON_HEADERS = { "content-type": "application/json" } as const;

export function postJson(path: string, body: string): RefusalRequest {
  return { path, method: "POST", headers: JSON_HEADERS, body };
}
