// Transactions that run contracts: what they hand to the virtual machine, and what their receipts say of it. What fails is
// undone; its fee and nonce stay.

import { sha256 } from "../crypto/index.ts";
import { type Bytes, bytesToHash, defined, EMPTY_BYTES, type Gas, utf8ToBytes } from "../primitives/index.ts";
import { type Call, type Deploy, kindOf, outcomeOf, type Receipt } from "../protocol/index.ts";
import type { Checkpoint } from "../state/index.ts";
import { type MachineResult, REFUND_DIVISOR, REFUND_GAS_PER_SLOT } from "../vm/index.ts";
import type { ExecutionContext } from "./context.ts";

function textBytes(text: string): Bytes {
  return defined(utf8ToBytes(text), "a checked text has UTF-8");
}

/** Runs what a transaction asks for, within the gas that its own bytes leave. */
function execute(
  transaction: Call | Deploy,
  options: {
    context: ExecutionContext;
    before: Checkpoint;
    run: (gasLimit: number) => MachineResult;
  },
): Omit<Receipt, "fee"> {
  const { context, before, run } = options;
  const { state, block } = context;
  const begun = state.checkpoint();
  const intrinsic = kindOf(transaction).intrinsicGas(transaction);
  const result = run(transaction.gasLimit - intrinsic);
  const gas = intrinsic + result.gasUsed;
  let { reason, returnData, events } = result;
  // What no block has room for would be tried in every block, and never paid for.
  if (state.newStateBytesSince(before) > block.parameters.newStateBytesMax) {
    state.revert(begun);
    reason = "limitExceeded";
    returnData = EMPTY_BYTES;
    events = [];
  }
  const gasRefunded = reason === "none" ? refundOf({ gas, slots: state.slotsRemovedSince(begun) }) : 0;
  return {
    outcome: outcomeOf(reason),
    reason,
    gasUsed: (gas - gasRefunded) as Gas,
    gasRefunded: gasRefunded as Gas,
    returnData,
    events: reason === "none" ? events : [],
    logs: result.logs,
  };
}

/** For slots that were there before the transaction and are not any more. */
function refundOf({ gas, slots }: { gas: number; slots: number }): number {
  return Math.min(slots * REFUND_GAS_PER_SLOT, Math.floor(gas / REFUND_DIVISOR));
}

export function executeCall(transaction: Call, context: ExecutionContext, before: Checkpoint): Omit<Receipt, "fee"> {
  const { state, block, machine } = context;
  const { from, to, amount, args } = transaction;
  return execute(transaction, {
    context,
    before,
    run: (gasLimit) =>
      machine.call(
        { state, block, origin: from },
        { caller: from, address: to, functionName: transaction.function, args: textBytes(args), amount, gasLimit },
      ),
  });
}

export function executeDeploy(
  transaction: Deploy,
  context: ExecutionContext,
  before: Checkpoint,
): Omit<Receipt, "fee"> {
  const { state, block, machine } = context;
  const { from, nonce, code, amount, args } = transaction;
  const codeHash = bytesToHash(sha256(code));
  return execute(transaction, {
    context,
    before,
    run: (gasLimit) =>
      machine.deploy(
        { state, block, origin: from },
        { creator: from, nonce, codeHash, code, args: textBytes(args), amount, gasLimit },
      ),
  });
}
