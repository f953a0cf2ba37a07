// Transactions: signed transactions that wait for a block.

import { TRANSACTION_SIZE_BYTES_MAX } from "../../protocol/index.ts";
import { payloadSizeBytesMax, TRANSACTIONS_PER_MESSAGE_MAX } from "../limits.ts";
import { createCodec, type MessageCodec } from "./codec.ts";
import { bytesList } from "./fields.ts";
import type { TransactionsMessage } from "./message.ts";

export function createTransactionsCodec(chain: {
  readonly blockSizeBytesMax: number;
}): MessageCodec<TransactionsMessage> {
  return createCodec<TransactionsMessage>("Transactions", {
    transactions: bytesList({
      countMin: 1,
      countMax: TRANSACTIONS_PER_MESSAGE_MAX,
      itemSizeBytesMax: TRANSACTION_SIZE_BYTES_MAX,
      totalSizeBytesMax: payloadSizeBytesMax(chain.blockSizeBytesMax),
    }),
  });
}
