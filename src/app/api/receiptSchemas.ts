// The shape of a receipt, whose parts the answers of several routes have.

import { Type } from "@sinclair/typebox";
import { REASONS } from "../../core/protocol/index.ts";
import { address, closed, component, hash, hex, names, nullable, uint } from "./schemaParts.ts";

export const receiptFields = {
  outcome: names(["success", "revert", "outOfGas", "trap"], "What the transaction came to."),
  reason: names(REASONS, "Why it came to that; `none` of what succeeded."),
  gasUsed: uint("Gas that it used and paid for, after the refund.", 100_000),
  gasRefunded: uint("Gas that it used and got back, for storage that it freed.", 0),
  fee: uint("What the sender paid for it, to the proposer.", 0),
  returnData: hex("What the contract returned, or reverted with."),
  result: Type.Unknown({ description: "What returnData says where it is JSON; null where it is none.", examples: [5] }),
  error: nullable(
    Type.String({
      description: "Why it failed, in sentences; null when it has succeeded.",
      examples: ["The contract reverted: insufficient balance"],
    }),
  ),
  events: Type.Array(
    Type.Object(
      {
        address: address("The contract."),
        topics: Type.Array(hash("What the event is found by.")),
        data: hex("The event's data."),
      },
      closed,
    ),
    { description: "What contracts announced." },
  ),
  logs: Type.Array(
    Type.Object(
      {
        address: address("The contract."),
        data: hex("What it wrote, mostly text."),
        text: nullable(
          Type.String({ description: "The text, where it is some that can be shown.", examples: ["paid"] }),
        ),
      },
      closed,
    ),
    { description: "What contracts wrote for those who debug them; kept also when the transaction failed." },
  ),
};

export const receipt = component("Receipt", receiptFields, "What an included transaction came to.");
