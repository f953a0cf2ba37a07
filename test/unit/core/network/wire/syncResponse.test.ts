// The codec of SyncResponse in its two kinds.

import { expect, test } from "bun:test";
import {
  BLOCKS_PER_REQUEST_MAX,
  HEADERS_PER_RESPONSE_MAX,
  payloadSizeBytesMax,
} from "../../../../../src/core/network/limits.ts";
import { createSyncResponseCodec } from "../../../../../src/core/network/wire/syncResponse.ts";
import { AssertionError } from "../../../../../src/core/primitives/index.ts";
import { HEADER_SIZE_BYTES_MAX } from "../../../../../src/core/protocol/index.ts";
import { bytesCases, expectKindRefused, listCases, testCodec, UINT_CASES } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

const BLOCK_SIZE_BYTES_MAX = 4096;
const codec = createSyncResponseCodec({ blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });

testCodec(codec, WIRE_SAMPLES.headersResponse, {
  requestId: UINT_CASES,
  headers: listCases(bytesCases({ sizeBytesMax: HEADER_SIZE_BYTES_MAX }), {
    countMin: 0,
    countMax: HEADERS_PER_RESPONSE_MAX,
  }),
});
testCodec(codec, WIRE_SAMPLES.blocksResponse, {
  requestId: UINT_CASES,
  blocks: listCases(bytesCases({ sizeBytesMax: BLOCK_SIZE_BYTES_MAX + 4 }), {
    countMin: 0,
    countMax: BLOCKS_PER_REQUEST_MAX,
  }),
});

test("there is no other kind", () => expectKindRefused(codec, WIRE_SAMPLES.headersResponse));

test("the blocks or headers of one answer are bounded in their sum", () => {
  const sum = payloadSizeBytesMax(BLOCK_SIZE_BYTES_MAX);
  const cases = [
    { kind: "blocks", name: "blocks", itemSizeBytes: 4096 },
    { kind: "headers", name: "headers", itemSizeBytes: 1280 },
  ];
  for (const { kind, name, itemSizeBytes } of cases) {
    const count = Math.floor(sum / itemSizeBytes);
    const sizes = [...new Array<number>(count).fill(itemSizeBytes - 1), sum - count * (itemSizeBytes - 1)];
    const items = sizes.map((sizeBytes) => new Uint8Array(sizeBytes));
    const message = (list: readonly Uint8Array[]) =>
      ({ type: "SyncResponse", kind, requestId: 1, [name]: list }) as unknown as Parameters<typeof codec.toJson>[0];
    const json = codec.toJson(message(items));
    expect(codec.fromJson(json)).toEqual({ ok: true, value: message(items) });
    const past = codec.fromJson({ ...json, [name]: [...(json[name] as readonly string[]), "0x00"] });
    expect(past.ok ? "taken" : past.refusal.message).toBe(
      `SyncResponse: ${name}: expected at most ${sum} bytes in all`,
    );
    expect(() => codec.toJson(message([...items, new Uint8Array(1)]))).toThrow(AssertionError);
  }
});
