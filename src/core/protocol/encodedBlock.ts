// A whole block as one byte string, as it travels between nodes: the header with its length, then the body.

import { type Bytes, type Decoded, decodeWith, Writer } from "../primitives/index.ts";
import { type Block, decodeBody, encodeBody } from "./block.ts";
import { decodeHeader, encodeHeader } from "./header.ts";
import { BLOCK_SIZE_BYTES_LIMIT, HEADER_SIZE_BYTES_MAX } from "./limits.ts";

/** Joins what was encoded, or stored, apart. */
export function joinBlock(parts: { header: Bytes; body: Bytes }): Bytes {
  const { header, body } = parts;
  return new Writer(header.length + body.length + 4).bytes(header).fixed(body).finish();
}

export function encodeBlock(block: Block): Bytes {
  return joinBlock({ header: encodeHeader(block.header), body: encodeBody(block.body) });
}

export function decodeBlock(bytes: Bytes): Decoded<Block> {
  if (bytes.length > BLOCK_SIZE_BYTES_LIMIT + 4) return { ok: false, reason: "the block is longer than any may be" };
  const parts = decodeWith(bytes, (reader) => {
    const header = reader.bytes({ countMax: HEADER_SIZE_BYTES_MAX });
    return { header, body: reader.rest() };
  });
  if (!parts.ok) return parts;
  const header = decodeHeader(parts.value.header);
  if (!header.ok) return header;
  const body = decodeBody(parts.value.body);
  return body.ok ? { ok: true, value: { header: header.value, body: body.value } } : body;
}
