// Reads what stands in a request's path and query string.

import type { ServerErrorCode } from "../../client/index.ts";
import { parseAddress } from "../../core/crypto/index.ts";
import { type HeightTag, STORAGE_KEY_SIZE_BYTES_MAX } from "../../core/node/index.ts";
import {
  type Address,
  accept,
  type Bytes,
  type Hash,
  type Height,
  hexToBytes,
  isHex,
  isUint,
  type Result,
  refuse,
} from "../../core/primitives/index.ts";

const HASH_PATTERN = /^0x[0-9a-fA-F]{64}$/;
const INTEGER_PATTERN = /^(?:0|[1-9][0-9]{0,15})$/;
const HEIGHT_TAGS: readonly HeightTag[] = ["latest", "safe", "finalized", "earliest"];

/** Elysia gives null for a path whose percent-encoding is broken. */
export type PathPart = string | null;

export function readAddress(text: PathPart): Result<Address, "invalid_address" | "invalid_checksum"> {
  return parseAddress(text ?? "");
}

export function readHash(text: PathPart): Result<Hash, "invalid_hash"> {
  if (text !== null && HASH_PATTERN.test(text)) return accept(text.toLowerCase() as Hash);
  return refuse("invalid_hash", "a hash is 0x and 64 hex digits");
}

function parseInteger(text: string): number | undefined {
  if (!INTEGER_PATTERN.test(text)) return undefined;
  const value = Number(text);
  return isUint(value) ? value : undefined;
}

export type BlockId =
  | { readonly kind: "height"; readonly value: Height }
  | { readonly kind: "hash"; readonly value: Hash }
  | { readonly kind: "tag"; readonly value: HeightTag };

export function readBlockId(text: PathPart): Result<BlockId, "invalid_block_id"> {
  if (text !== null) {
    const height = parseInteger(text);
    if (height !== undefined) return accept({ kind: "height", value: height as Height });
    if (HASH_PATTERN.test(text)) return accept({ kind: "hash", value: text.toLowerCase() as Hash });
    if ((HEIGHT_TAGS as readonly string[]).includes(text)) return accept({ kind: "tag", value: text as HeightTag });
  }
  const expected = `a height in decimal digits, a block hash, or one of ${HEIGHT_TAGS.join(", ")}`;
  return refuse("invalid_block_id", `this names no block; expected ${expected}`);
}

function parseHeight(text: string): Height | HeightTag | undefined {
  const height = parseInteger(text);
  if (height !== undefined) return height as Height;
  return HEIGHT_TAGS.find((tag) => tag === text);
}

/** A height in digits or by a tag in the query string; `preset` when it is left out. */
export function readQueryHeight(
  query: ReadonlyMap<string, string>,
  name: string,
  preset: HeightTag = "latest",
): Result<Height | HeightTag, "invalid_query"> {
  const height = parseHeight(query.get(name) ?? preset);
  if (height !== undefined) return accept(height);
  const expected = `a height in decimal digits or one of ${HEIGHT_TAGS.join(", ")}`;
  return refuse("invalid_query", `${name} names no height; expected ${expected}`, { parameter: name });
}

/** The parameters after `?`, of which only those of `names` may be there, each once. */
export function readQuery(
  request: Request,
  names: readonly string[],
): Result<ReadonlyMap<string, string>, ServerErrorCode> {
  const values = new Map<string, string>();
  const start = request.url.indexOf("?");
  if (start < 0) return accept(values);
  for (const [name, value] of new URLSearchParams(request.url.slice(start))) {
    const shown = name.slice(0, 40);
    if (!names.includes(name)) {
      const known = `this route takes ${names.length === 0 ? "none" : names.join(", ")}`;
      return refuse("invalid_query", `there is no query parameter "${shown}"; ${known}`, { parameter: shown });
    }
    if (values.has(name)) {
      return refuse("invalid_query", `the query parameter ${name} is given twice`, { parameter: name });
    }
    values.set(name, value);
  }
  return accept(values);
}

/** The key of a contract's storage in a path. */
export function readStorageKey(text: PathPart): Result<Bytes, "invalid_key"> {
  const key = text?.toLowerCase() ?? "";
  if (isHex(key) && key.length <= 2 + 2 * STORAGE_KEY_SIZE_BYTES_MAX) return accept(hexToBytes(key));
  return refuse("invalid_key", `a key is 0x and the hex digits of at most ${STORAGE_KEY_SIZE_BYTES_MAX} bytes`);
}

/** An integer of the query string. */
export function readQueryInteger(
  query: ReadonlyMap<string, string>,
  range: { name: string; min: number; max: number; preset: number },
): Result<number, "invalid_query"> {
  const { name, min, max, preset } = range;
  const text = query.get(name);
  if (text === undefined) return accept(preset);
  const value = parseInteger(text);
  if (value !== undefined && value >= min && value <= max) return accept(value);
  return refuse("invalid_query", `${name} is no integer from ${min} to ${max}`, { parameter: name, min, max });
}
