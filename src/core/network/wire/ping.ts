// Ping: asks whether the other end is still there. Pong answers it.

import { createCodec } from "./codec.ts";
import { uint } from "./fields.ts";
import type { Ping } from "./message.ts";

export const pingCodec = createCodec<Ping>("Ping", { nonce: uint });
