// SyncResponse: the headers or blocks that SyncRequest asked for, as many as one message may hold.

import { HEADER_SIZE_BYTES_MAX } from "../../protocol/index.ts";
import {
  BLOCKS_PER_REQUEST_MAX,
  encodedBlockSizeBytesMax,
  HEADERS_PER_RESPONSE_MAX,
  payloadSizeBytesMax,
} from "../limits.ts";
import { createKindCodec, type MessageCodec } from "./codec.ts";
import { bytesList, uint } from "./fields.ts";
import type { SyncResponse } from "./message.ts";

export function createSyncResponseCodec(chain: { readonly blockSizeBytesMax: number }): MessageCodec<SyncResponse> {
  const totalSizeBytesMax = payloadSizeBytesMax(chain.blockSizeBytesMax);
  return createKindCodec<SyncResponse>("SyncResponse", {
    headers: {
      requestId: uint,
      headers: bytesList({
        countMin: 0,
        countMax: HEADERS_PER_RESPONSE_MAX,
        itemSizeBytesMax: HEADER_SIZE_BYTES_MAX,
        totalSizeBytesMax,
      }),
    },
    blocks: {
      requestId: uint,
      blocks: bytesList({
        countMin: 0,
        countMax: BLOCKS_PER_REQUEST_MAX,
        itemSizeBytesMax: encodedBlockSizeBytesMax(chain.blockSizeBytesMax),
        totalSizeBytesMax,
      }),
    },
  });
}
