// Block: a new block, unasked.

import { encodedBlockSizeBytesMax } from "../limits.ts";
import { createCodec, type MessageCodec } from "./codec.ts";
import { bytes } from "./fields.ts";
import type { BlockMessage } from "./message.ts";

export function createBlockCodec(chain: { readonly blockSizeBytesMax: number }): MessageCodec<BlockMessage> {
  return createCodec<BlockMessage>("Block", {
    block: bytes({ sizeBytesMax: encodedBlockSizeBytesMax(chain.blockSizeBytesMax) }),
  });
}
