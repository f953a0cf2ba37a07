// What can go wrong between a client and a node, as one union. Its codes are those of errorTable.ts.

import type { ServerErrorCode } from "./errorTable.ts";

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
  /** What the node says is not what its proof shows. */
  | { readonly kind: "proof"; readonly code: "invalid_proof"; readonly message: string }
  /** What was waited for did not happen in time. */
  | { readonly kind: "timeout"; readonly code: "wait_timeout"; readonly message: string; readonly timeoutMs: number };

export type ClientResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ClientError };
