// The table of all codecs: each type finds its own, and whatever is within the bounds of a message fits a line.

import { expect, test } from "bun:test";
import {
  BLOCKS_PER_REQUEST_MAX,
  ENDPOINT_LENGTH_MAX,
  ENDPOINTS_PER_MESSAGE_MAX,
  encodedBlockSizeBytesMax,
  HEADERS_PER_RESPONSE_MAX,
  LOCATOR_HASHES_MAX,
  lineSizeBytesMax,
  payloadSizeBytesMax,
  TRANSACTIONS_PER_MESSAGE_MAX,
} from "../../../../../src/core/network/limits.ts";
import { createWireCodec } from "../../../../../src/core/network/wire/codecTable.ts";
import type { Message } from "../../../../../src/core/network/wire/message.ts";
import type { Bytes } from "../../../../../src/core/primitives/index.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

const codec = createWireCodec({ blockSizeBytesMax: 4096 });

test("every message is read by the codec of its type", () => {
  for (const message of Object.values(WIRE_SAMPLES)) {
    expect(codec.fromJson(codec.toJson(message))).toEqual({ ok: true, value: message });
  }
});

test("what has no type of the table is refused", () => {
  const values = [undefined, null, 1, "Ping", [], ["Ping"], {}, { type: 1 }, { type: "ping" }, { type: "toString" }];
  for (const value of [...values, { type: "__proto__" }, { type: ["Ping"] }]) {
    const read = codec.fromJson(value);
    expect(read.ok ? "taken" : read.refusal.message).toContain("type: expected one of Ping, Pong, PeerInfo, Block");
  }
});

test("an unknown field is named in printable characters and not at length", () => {
  const read = codec.fromJson({ type: "Ping", nonce: 1, [`\n"${"x".repeat(1000)}`]: 1 });
  expect(read.ok ? "taken" : read.refusal.message).toBe(`Ping: ??${"x".repeat(38)}: expected no such field`);
});

/** Byte strings whose sum is the most that a message may hold, as many as may be. */
function payload(options: { countMax: number; sumMax: number }): Bytes[] {
  const { countMax, sumMax } = options;
  const share = Math.floor(sumMax / countMax);
  const rest = sumMax - share * (countMax - 1);
  return Array.from({ length: countMax }, (_, index) => new Uint8Array(index === 0 ? rest : share));
}

test.each([4096, 1024 * 1024, 4 * 1024 * 1024])("the largest messages fit the line of a chain of %d", (size) => {
  const wire = createWireCodec({ blockSizeBytesMax: size });
  const sumMax = payloadSizeBytesMax(size);
  const hash = WIRE_SAMPLES.getBlock.hash;
  const requestId = Number.MAX_SAFE_INTEGER;
  const block = new Uint8Array(encodedBlockSizeBytesMax(size));
  const endpoint = `${`${"a".repeat(63)}.`.repeat(3)}${"a".repeat(61)}:65535`;
  expect(endpoint.length).toBeLessThanOrEqual(ENDPOINT_LENGTH_MAX);
  const countOf = (countMax: number, itemSizeBytes: number) => Math.min(countMax, Math.floor(sumMax / itemSizeBytes));
  const largest: readonly Message[] = [
    { type: "Block", block },
    { type: "GetBlockResponse", hash, block },
    { ...WIRE_SAMPLES.hello, listenEndpoint: endpoint },
    { ...WIRE_SAMPLES.status, endpoints: new Array(ENDPOINTS_PER_MESSAGE_MAX).fill(endpoint) },
    { type: "SyncRequest", kind: "headers", requestId, locator: new Array(LOCATOR_HASHES_MAX).fill(hash), countMax: 1 },
    { type: "SyncRequest", kind: "blocks", requestId, hashes: new Array(BLOCKS_PER_REQUEST_MAX).fill(hash) },
    {
      type: "SyncResponse",
      kind: "headers",
      requestId,
      headers: new Array(countOf(HEADERS_PER_RESPONSE_MAX, 1280)).fill(new Uint8Array(1280)),
    },
    {
      type: "SyncResponse",
      kind: "blocks",
      requestId,
      blocks: payload({ countMax: BLOCKS_PER_REQUEST_MAX, sumMax }),
    },
    { type: "Transactions", transactions: payload({ countMax: TRANSACTIONS_PER_MESSAGE_MAX, sumMax }) },
    { type: "Vote", vote: new Uint8Array(1024) },
  ];
  for (const message of largest) {
    const line = JSON.stringify(wire.toJson(message));
    expect(line.length).toBeLessThanOrEqual(lineSizeBytesMax(size));
    expect(wire.fromJson(JSON.parse(line)).ok).toBe(true);
  }
});
