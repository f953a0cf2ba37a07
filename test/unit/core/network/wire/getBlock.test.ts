// The codec of GetBlock.

import { getBlockCodec } from "../../../../../src/core/network/wire/getBlock.ts";
import { HASH_CASES, testCodec } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

testCodec(getBlockCodec, WIRE_SAMPLES.getBlock, { hash: HASH_CASES });
