// The codec of GetBlockResponse, with a block and without.

import { createGetBlockResponseCodec } from "../../../../../src/core/network/wire/getBlockResponse.ts";
import { bytesCases, HASH_CASES, nullableCases, testCodec } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

const codec = createGetBlockResponseCodec({ blockSizeBytesMax: 4096 });
const FIELDS = { hash: HASH_CASES, block: nullableCases(bytesCases({ sizeBytesMax: 4100 })) };

testCodec(codec, WIRE_SAMPLES.getBlockResponse, FIELDS);
testCodec(codec, WIRE_SAMPLES.getBlockResponseWithout, FIELDS);
