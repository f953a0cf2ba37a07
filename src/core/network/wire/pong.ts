// Pong: the answer to Ping, with its nonce.

import { createCodec } from "./codec.ts";
import { uint } from "./fields.ts";
import type { Pong } from "./message.ts";

export const pongCodec = createCodec<Pong>("Pong", { nonce: uint });
