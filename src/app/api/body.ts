// Reads the body of a POST: known Host, JSON by its Content-Type, within the size limit, and strict in its text.

import type { ServerErrorCode } from "../../client/index.ts";
import { type Bytes, concatBytes, type Result, refuse } from "../../core/primitives/index.ts";
import { type JsonValue, parseJson } from "../json/index.ts";

export interface BodyRules {
  readonly sizeBytesMax: number;
  readonly isHostKnown: (header: string) => boolean;
}

/** Arguments of contracts are signed as text, so they are kept as they are written. */
const TEXT_KEYS: readonly string[] = ["args"];
const JSON_MEDIA_TYPE_PATTERN = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i;
const LENGTH_PATTERN = /^\d{1,15}$/;

/** The Host header; requests that reach the application without a socket have it in their URL alone. */
function hostOf(request: Request): string {
  return request.headers.get("host") ?? new URL(request.url).host;
}

function tooLarge(sizeBytesMax: number) {
  return refuse("body_too_large", `the body is larger than ${sizeBytesMax} bytes`, { sizeBytesMax });
}

async function readChunks(
  stream: ReadableStream<Bytes>,
  sizeBytesMax: number,
): Promise<Result<Bytes, ServerErrorCode>> {
  const chunks: Bytes[] = [];
  let sizeBytes = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { ok: true, value: concatBytes(...chunks) };
    sizeBytes += value.length;
    if (sizeBytes > sizeBytesMax) {
      await reader.cancel();
      return tooLarge(sizeBytesMax);
    }
    chunks.push(value);
  }
}

async function readBytes(request: Request, sizeBytesMax: number): Promise<Result<Bytes, ServerErrorCode>> {
  const length = request.headers.get("content-length");
  if (length !== null && LENGTH_PATTERN.test(length)) {
    if (Number(length) > sizeBytesMax) return tooLarge(sizeBytesMax);
    return { ok: true, value: new Uint8Array(await request.arrayBuffer()) };
  }
  // A body that is sent in chunks says nothing of its length beforehand.
  return request.body === null ? { ok: true, value: new Uint8Array(0) } : readChunks(request.body, sizeBytesMax);
}

export async function readJsonBody(request: Request, rules: BodyRules): Promise<Result<JsonValue, ServerErrorCode>> {
  const host = hostOf(request);
  if (!rules.isHostKnown(host)) {
    const message = `this node does not go by the name ${host}; use its address, or add the name to [api] allowed_hosts`;
    return refuse("host_not_allowed", message, { host });
  }
  const mediaType = request.headers.get("content-type") ?? "";
  if (!JSON_MEDIA_TYPE_PATTERN.test(mediaType)) {
    const given = mediaType === "" ? "missing" : `"${mediaType.slice(0, 100)}"`;
    return refuse("unsupported_media_type", `Content-Type is ${given}; expected application/json`);
  }
  let bytes: Result<Bytes, ServerErrorCode>;
  try {
    bytes = await readBytes(request, rules.sizeBytesMax);
  } catch (error) {
    // The sender has gone, or sent chunks that are none: its fault, and nothing for the node's log.
    return refuse("invalid_json", `the body could not be read to its end: ${(error as Error).message}`);
  }
  return bytes.ok ? parseJson(bytes.value, { textKeys: TEXT_KEYS }) : bytes;
}
