// The codec of SyncRequest in its two kinds.

import { test } from "bun:test";
import {
  BLOCKS_PER_REQUEST_MAX,
  HEADERS_PER_RESPONSE_MAX,
  LOCATOR_HASHES_MAX,
} from "../../../../../src/core/network/limits.ts";
import { syncRequestCodec } from "../../../../../src/core/network/wire/syncRequest.ts";
import {
  expectKindRefused,
  HASH_CASES,
  integerCases,
  listCases,
  testCodec,
  UINT_CASES,
} from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

testCodec(syncRequestCodec, WIRE_SAMPLES.headersRequest, {
  requestId: UINT_CASES,
  locator: listCases(HASH_CASES, { countMin: 1, countMax: LOCATOR_HASHES_MAX }),
  countMax: integerCases({ min: 1, max: HEADERS_PER_RESPONSE_MAX }),
});
testCodec(syncRequestCodec, WIRE_SAMPLES.blocksRequest, {
  requestId: UINT_CASES,
  hashes: listCases(HASH_CASES, { countMin: 1, countMax: BLOCKS_PER_REQUEST_MAX }),
});

test("there is no other kind", () => expectKindRefused(syncRequestCodec, WIRE_SAMPLES.blocksRequest));
