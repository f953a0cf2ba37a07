// The codec of Pong.

import { pongCodec } from "../../../../../src/core/network/wire/pong.ts";
import { testCodec, UINT_CASES } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

testCodec(pongCodec, WIRE_SAMPLES.pong, { nonce: UINT_CASES });
