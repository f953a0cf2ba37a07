// One request to a node: JSON over fetch, and every way in which it fails as a ClientError.

import type { ClientError, ClientResult, ErrorDetails } from "./errors.ts";
import { isServerErrorCode } from "./errorTable.ts";
import { responses } from "./responses.ts";
import { type Shape, ShapeError } from "./shape.ts";

/** What the client needs of `fetch`, so that a test or an in-process application can stand in for the network. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpOptions {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

export interface HttpRequest<Value> {
  readonly path: string;
  readonly shape: Shape<Value>;
  /** Makes it a POST. */
  readonly body?: unknown;
  /** Added to the time that a request may take, for those that wait on purpose. */
  readonly extraTimeoutMs?: number;
}

function detailsOf(body: unknown): ErrorDetails | undefined {
  const { details } = (body as { error: { details?: unknown } }).error;
  return typeof details === "object" && details !== null ? (details as ErrorDetails) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readBody<Value>(options: {
  body: unknown;
  shape: Shape<Value>;
  response: Response;
  url: string;
}): ClientResult<Value> {
  const { body, response, url } = options;
  const httpStatus = response.status;
  try {
    if (response.ok) return { ok: true, value: options.shape(body, "response") };
    const { code, message } = responses.error(body, "response").error;
    if (!isServerErrorCode(code)) throw new ShapeError(`the error ${code} is unknown to this version: ${message}`);
    const details = detailsOf(body);
    return { ok: false, error: { kind: "server", code, message, details, httpStatus } };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return {
      ok: false,
      error: { kind: "response", code: "unexpected_response", message: error.message, url, httpStatus },
    };
  }
}

export async function requestJson<Value>(
  options: HttpOptions,
  request: HttpRequest<Value>,
): Promise<ClientResult<Value>> {
  const url = `${options.baseUrl}${request.path}`;
  const signal = AbortSignal.timeout(options.timeoutMs + (request.extraTimeoutMs ?? 0));
  const init: RequestInit =
    request.body === undefined
      ? { signal }
      : { signal, method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request.body) };
  let response: Response;
  let text: string;
  try {
    response = await options.fetch(url, init);
    text = await response.text();
  } catch (error) {
    const failure: ClientError = { kind: "network", code: "network_error", message: messageOf(error), url };
    return { ok: false, error: failure };
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const message = `the answer is no JSON: ${text.slice(0, 100)}`;
    const failure: ClientError = {
      kind: "response",
      code: "unexpected_response",
      message,
      url,
      httpStatus: response.status,
    };
    return { ok: false, error: failure };
  }
  return readBody({ body, shape: request.shape, response, url });
}
