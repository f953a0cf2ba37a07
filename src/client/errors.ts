// What can go wrong between a client and a node, as one union. The codes of the server are those of docs/spec/errors.md.

/** Every code that a node answers with. src/app/api/errors.ts says of each what it means and what to do. */
export type ServerErrorCode =
  // The body's text.
  | "invalid_json"
  | "invalid_number"
  | "duplicate_key"
  | "lone_surrogate"
  | "nesting_too_deep"
  // Fields, paths and queries.
  | "invalid_type"
  | "invalid_field"
  | "unknown_field"
  | "missing_field"
  | "invalid_address"
  | "invalid_checksum"
  | "invalid_hash"
  | "invalid_block_id"
  | "invalid_query"
  // Transactions.
  | "invalid_transaction"
  | "invalid_signature"
  | "hash_mismatch"
  | "not_yet_enabled"
  | "already_known"
  | "nonce_too_low"
  | "nonce_too_far"
  | "insufficient_balance"
  | "unknown_sender"
  | "gas_price_too_low"
  | "gas_limit_too_low"
  | "gas_limit_too_high"
  | "transaction_too_large"
  | "replacement_underpriced"
  | "expired"
  | "mempool_full"
  | "node_busy"
  | "inclusion_timeout"
  // The wallet.
  | "wallet_disabled"
  | "wallet_unknown_account"
  // Requests as a whole.
  | "not_found"
  | "block_not_found"
  | "transaction_not_found"
  | "method_not_allowed"
  | "body_too_large"
  | "unsupported_media_type"
  | "host_not_allowed"
  | "not_ready"
  | "internal";

export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

export type ClientError =
  /** The node refused. */
  | {
      readonly kind: "server";
      readonly code: ServerErrorCode;
      readonly message: string;
      readonly details: ErrorDetails | undefined;
      readonly httpStatus: number;
    }
  /** No answer came: refused connection, unknown name, or none within the time of one request. */
  | { readonly kind: "network"; readonly code: "network_error"; readonly message: string; readonly url: string }
  /** An answer came that no node of this version gives. */
  | {
      readonly kind: "response";
      readonly code: "unexpected_response";
      readonly message: string;
      readonly url: string;
      readonly httpStatus: number;
    }
  /** What was waited for did not happen in time. */
  | { readonly kind: "timeout"; readonly code: "wait_timeout"; readonly message: string; readonly timeoutMs: number };

export type ClientResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ClientError };
