// The shapes that several answers have a part in: what a contract has come to, and a proof against a state root.

import { OUTCOMES, REASONS } from "../core/protocol/index.ts";
import type { AccountProofJson, LogJson, ReceiptJson } from "./json/index.ts";
import { address, anything, hash, hex, list, nullable, object, oneOf, text, uint } from "./shape.ts";

const logs = list(object<LogJson>({ address: address<LogJson["address"]>(), data: hex, text: nullable(text) }));

const events = list(
  object<ReceiptJson["events"][number]>({
    address: address<ReceiptJson["events"][number]["address"]>(),
    topics: list(hash<ReceiptJson["events"][number]["topics"][number]>()),
    data: hex,
  }),
);

export const receiptFields = {
  outcome: oneOf(...OUTCOMES),
  reason: oneOf(...REASONS),
  gasUsed: uint<ReceiptJson["gasUsed"]>(),
  gasRefunded: uint<ReceiptJson["gasRefunded"]>(),
  fee: uint<ReceiptJson["fee"]>(),
  returnData: hex,
  result: anything,
  error: nullable(text),
  events,
  logs,
};

export const proofFields = {
  blockHeight: uint<AccountProofJson["blockHeight"]>(),
  blockHash: hash<AccountProofJson["blockHash"]>(),
  stateRoot: hash<AccountProofJson["stateRoot"]>(),
  siblings: list(hash<AccountProofJson["stateRoot"]>()),
  leaf: nullable(
    object<NonNullable<AccountProofJson["leaf"]>>({
      path: hash<AccountProofJson["stateRoot"]>(),
      valueHash: hash<AccountProofJson["stateRoot"]>(),
    }),
  ),
};
