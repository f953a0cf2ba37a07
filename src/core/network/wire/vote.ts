// Vote: a vote of proof of stake.

import { VOTE_SIZE_BYTES_MAX } from "../../protocol/index.ts";
import { createCodec } from "./codec.ts";
import { bytes } from "./fields.ts";
import type { VoteMessage } from "./message.ts";

export const voteCodec = createCodec<VoteMessage>("Vote", { vote: bytes({ sizeBytesMax: VOTE_SIZE_BYTES_MAX }) });
