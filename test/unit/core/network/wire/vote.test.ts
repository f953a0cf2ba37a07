// The codec of Vote.

import { voteCodec } from "../../../../../src/core/network/wire/vote.ts";
import { VOTE_SIZE_BYTES_MAX } from "../../../../../src/core/protocol/index.ts";
import { bytesCases, testCodec } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

testCodec(voteCodec, WIRE_SAMPLES.vote, { vote: bytesCases({ sizeBytesMax: VOTE_SIZE_BYTES_MAX }) });
