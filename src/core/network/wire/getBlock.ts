// GetBlock: asks for one block. GetBlockResponse answers it.

import { createCodec } from "./codec.ts";
import { hash } from "./fields.ts";
import type { GetBlock } from "./message.ts";

export const getBlockCodec = createCodec<GetBlock>("GetBlock", { hash });
