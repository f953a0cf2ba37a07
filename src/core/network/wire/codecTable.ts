// All ten codecs of one chain, found by a message's type.

import { type Result, refuse } from "../../primitives/index.ts";
import { createBlockCodec } from "./block.ts";
import type { JsonObject, MessageCodec } from "./codec.ts";
import { getBlockCodec } from "./getBlock.ts";
import { createGetBlockResponseCodec } from "./getBlockResponse.ts";
import type { Message, MessageType } from "./message.ts";
import { peerInfoCodec } from "./peerInfo.ts";
import { pingCodec } from "./ping.ts";
import { pongCodec } from "./pong.ts";
import { syncRequestCodec } from "./syncRequest.ts";
import { createSyncResponseCodec } from "./syncResponse.ts";
import { createTransactionsCodec } from "./transactions.ts";
import { voteCodec } from "./vote.ts";

export interface WireCodec {
  /** @throws AssertionError for a message past the bounds: this node must not send it */
  toJson(message: Message): JsonObject;
  /** @param value what was parsed of a line */
  fromJson(value: unknown): Result<Message, "malformed_message">;
}

type CodecTable = { readonly [Type in MessageType]: MessageCodec<Extract<Message, { type: Type }>> };

/** @param chain its bound of a block, from which those of messages follow */
export function createWireCodec(chain: { readonly blockSizeBytesMax: number }): WireCodec {
  const table: CodecTable = {
    Ping: pingCodec,
    Pong: pongCodec,
    PeerInfo: peerInfoCodec,
    Block: createBlockCodec(chain),
    GetBlock: getBlockCodec,
    GetBlockResponse: createGetBlockResponseCodec(chain),
    SyncRequest: syncRequestCodec,
    SyncResponse: createSyncResponseCodec(chain),
    Transactions: createTransactionsCodec(chain),
    Vote: voteCodec,
  };
  // Each codec is asked for messages of its own type alone, which the type of the table cannot say of a look-up.
  const codecs = table as Readonly<Record<string, MessageCodec>>;
  const expected = `one of ${Object.keys(table).join(", ")}`;
  const codecOf = (type: unknown) =>
    typeof type === "string" && Object.hasOwn(codecs, type) ? codecs[type] : undefined;
  return {
    toJson: (message) => (codecs[message.type] as MessageCodec).toJson(message),
    fromJson: (value) => {
      const isObject = typeof value === "object" && value !== null;
      const codec = codecOf(isObject ? (value as { readonly type?: unknown }).type : undefined);
      return codec?.fromJson(value) ?? refuse("malformed_message", `type: expected ${expected}`);
    },
  };
}
