// Bodies: golden encodings, bounds of every list, and the size of a block.

import { expect, test } from "bun:test";
import { type Bytes, bytesToHex, hexToBytes, Writer } from "../../../../src/core/primitives/index.ts";
import {
  BLOCK_TRANSACTIONS_MAX,
  type BlockBody,
  blockSizeBytes,
  decodeBody,
  EMPTY_BODY,
  encodeBody,
  encodeHeader,
  TRANSACTION_SIZE_BYTES_MAX,
} from "../../../../src/core/protocol/index.ts";
import vectors from "../../../vectors/bodies.json";
import { HEADER } from "../../../vectors/samples.ts";

const empty = new Uint8Array(0);

function listOf(count: number, item: Bytes = empty): Bytes[] {
  return new Array<Bytes>(count).fill(item);
}

function decodes(change: Partial<BlockBody>): boolean {
  return decodeBody(encodeBody({ ...EMPTY_BODY, ...change })).ok;
}

test("golden bodies decode to their items and encode back", () => {
  for (const { encoded, transactions, votes, evidence, proposerSignature } of vectors.bodies) {
    const body = {
      transactions: transactions.map(hexToBytes),
      votes: votes.map(hexToBytes),
      evidence: evidence.map(hexToBytes),
      proposerSignature: hexToBytes(proposerSignature),
    };
    expect(decodeBody(hexToBytes(encoded))).toEqual({ ok: true, value: body });
    expect(bytesToHex(encodeBody(body)) as string).toBe(encoded);
  }
});

test("refused bodies are refused", () => {
  for (const { encoded } of vectors.refused) expect(decodeBody(hexToBytes(encoded)).ok).toBe(false);
});

test("a list is as long as its bound and no longer", () => {
  expect(decodes({ transactions: listOf(BLOCK_TRANSACTIONS_MAX) })).toBe(true);
  expect(decodes({ transactions: listOf(BLOCK_TRANSACTIONS_MAX + 1) })).toBe(false);
  expect(decodes({ votes: listOf(4096) })).toBe(true);
  expect(decodes({ votes: listOf(4097) })).toBe(false);
  expect(decodes({ evidence: listOf(64) })).toBe(true);
  expect(decodes({ evidence: listOf(65) })).toBe(false);
});

test("an item is as long as its bound and no longer", () => {
  const bounds = [
    ["transactions", TRANSACTION_SIZE_BYTES_MAX],
    ["votes", 1024],
    ["evidence", 4096],
  ] as const;
  for (const [list, sizeBytesMax] of bounds) {
    expect(decodes({ [list]: [new Uint8Array(sizeBytesMax)] })).toBe(true);
    expect(decodes({ [list]: [new Uint8Array(sizeBytesMax + 1)] })).toBe(false);
  }
  expect(decodes({ proposerSignature: new Uint8Array(65) })).toBe(true);
  expect(decodes({ proposerSignature: new Uint8Array(66) })).toBe(false);
});

test("a large count alone takes no time and no memory", () => {
  const claim = new Writer().u32(BLOCK_TRANSACTIONS_MAX).finish();
  expect(decodeBody(claim).ok).toBe(false);
});

test("a block's size is that of its header and its body", () => {
  const body = { ...EMPTY_BODY, transactions: listOf(3, new Uint8Array(150)) };
  expect(blockSizeBytes({ header: HEADER, body })).toBe(encodeHeader(HEADER).length + encodeBody(body).length);
  expect(blockSizeBytes({ header: HEADER, body: EMPTY_BODY })).toBe(encodeHeader(HEADER).length + 16);
});
