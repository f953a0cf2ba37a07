// A refusal as an answer: its HTTP status by the table of codes (src/client/errorTable.ts), and its body.

import { SERVER_ERRORS, type ServerErrorCode } from "../../client/index.ts";
import type { Refusal } from "../../core/primitives/index.ts";

export type ApiRefusal = Refusal<ServerErrorCode>;

interface ErrorBody {
  readonly status: "error";
  readonly error: ApiRefusal;
}

export function errorBody(refusal: ApiRefusal): ErrorBody {
  const { code, message, details } = refusal;
  return { status: "error", error: details === undefined ? { code, message } : { code, message, details } };
}

/** The answer to a refused request. */
export function errorResponse(refusal: ApiRefusal, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(errorBody(refusal), { status: SERVER_ERRORS[refusal.code].httpStatus, headers: { ...headers } });
}
