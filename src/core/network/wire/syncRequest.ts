// SyncRequest: asks for headers after a known one, or for blocks by hash. SyncResponse answers it with its requestId.

import { BLOCKS_PER_REQUEST_MAX, HEADERS_PER_RESPONSE_MAX, LOCATOR_HASHES_MAX } from "../limits.ts";
import { createKindCodec } from "./codec.ts";
import { hash, integer, list, uint } from "./fields.ts";
import type { SyncRequest } from "./message.ts";

export const syncRequestCodec = createKindCodec<SyncRequest>("SyncRequest", {
  headers: {
    requestId: uint,
    locator: list(hash, { countMin: 1, countMax: LOCATOR_HASHES_MAX }),
    countMax: integer({ min: 1, max: HEADERS_PER_RESPONSE_MAX }),
  },
  blocks: {
    requestId: uint,
    hashes: list(hash, { countMin: 1, countMax: BLOCKS_PER_REQUEST_MAX }),
  },
});
