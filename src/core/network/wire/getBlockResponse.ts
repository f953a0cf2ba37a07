// GetBlockResponse: the block that GetBlock asked for, or none.

import { encodedBlockSizeBytesMax } from "../limits.ts";
import { createCodec, type MessageCodec } from "./codec.ts";
import { bytes, hash, nullable } from "./fields.ts";
import type { GetBlockResponse } from "./message.ts";

export function createGetBlockResponseCodec(chain: {
  readonly blockSizeBytesMax: number;
}): MessageCodec<GetBlockResponse> {
  return createCodec<GetBlockResponse>("GetBlockResponse", {
    hash,
    block: nullable(bytes({ sizeBytesMax: encodedBlockSizeBytesMax(chain.blockSizeBytesMax) })),
  });
}
