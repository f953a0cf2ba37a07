// Headers: golden encodings and hashes, and what each field does to them.

import { expect, test } from "bun:test";
import {
  bytesToHex,
  type Gas,
  type Hash,
  type Height,
  hexToBytes,
  type TimestampMs,
} from "../../../../src/core/primitives/index.ts";
import { decodeHeader, encodeHeader, type Header, hashHeader } from "../../../../src/core/protocol/index.ts";
import vectors from "../../../vectors/headers.json";
import { HEADER, hashOfText, RECEIVER } from "../../../vectors/samples.ts";

test("golden headers decode to their fields, encode back and have their hash", () => {
  for (const { fields, encoded, hash } of vectors.headers) {
    const header = { ...fields, seal: hexToBytes(fields.seal) } as unknown as Header;
    expect(decodeHeader(hexToBytes(encoded))).toEqual({ ok: true, value: header });
    expect(bytesToHex(encodeHeader(header)) as string).toBe(encoded);
    expect(hashHeader(header)).toBe(hash as Hash);
  }
});

test("refused headers are refused", () => {
  for (const { encoded } of vectors.refused) expect(decodeHeader(hexToBytes(encoded)).ok).toBe(false);
});

test("every field changes the hash", () => {
  const other = hashOfText("another");
  const changes: { readonly [Field in keyof Header]: Header[Field] } = {
    parentHash: other,
    height: 43 as Height,
    timestampMs: 1 as TimestampMs,
    stateRoot: other,
    transactionsRoot: other,
    transactionCount: 4,
    receiptsRoot: other,
    votesRoot: other,
    evidenceRoot: other,
    proposer: RECEIVER,
    gasUsed: 1 as Gas,
    seal: HEADER.seal.with(3, 0),
  };
  const hashes = [hashHeader(HEADER)];
  for (const [field, value] of Object.entries(changes)) hashes.push(hashHeader({ ...HEADER, [field]: value }));
  expect(new Set(hashes).size).toBe(Object.keys(HEADER).length + 1);
});

test("a seal's last bytes are the encoding's last bytes, which a miner counts up", () => {
  expect(encodeHeader(HEADER).slice(-HEADER.seal.length).toHex()).toBe(HEADER.seal.toHex());
});
