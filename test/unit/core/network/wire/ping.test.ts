// The codec of Ping.

import { pingCodec } from "../../../../../src/core/network/wire/ping.ts";
import { testCodec, UINT_CASES } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

testCodec(pingCodec, WIRE_SAMPLES.ping, { nonce: UINT_CASES });
