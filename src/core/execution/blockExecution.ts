// A block's transactions one after the other, then fees and reward. Templates and imported blocks take this same way.

import type { Amount, Bytes, Gas, Result } from "../primitives/index.ts";
import { encodeReceipt, MAX_SUPPLY, type Receipt, type Transaction } from "../protocol/index.ts";
import type { State } from "../state/index.ts";
import { applyTransaction } from "./applyTransaction.ts";
import type { BlockContext, ExecutionCode } from "./context.ts";
import { credit } from "./executors.ts";

export class BlockExecution {
  readonly receipts: Bytes[] = [];
  private readonly state: State;
  private readonly block: BlockContext;
  private gas = 0;
  private fees = 0;
  private newStateBytes = 0;

  constructor(options: { state: State; block: BlockContext }) {
    this.state = options.state;
    this.block = options.block;
  }

  get gasUsed(): Gas {
    return this.gas as Gas;
  }

  get gasLeft(): Gas {
    return (this.block.parameters.blockGasLimit - this.gas) as Gas;
  }

  /** Executes the next transaction, or refuses it with nothing changed. */
  apply(transaction: Transaction): Result<Receipt, ExecutionCode> {
    const checkpoint = this.state.checkpoint();
    const result = applyTransaction(transaction, {
      state: this.state,
      block: this.block,
      gasLeft: this.gasLeft,
      newStateBytesLeft: this.block.parameters.newStateBytesMax - this.newStateBytes,
    });
    if (!result.ok) return result;
    this.newStateBytes += this.state.newStateBytesSince(checkpoint);
    this.gas += result.value.gasUsed;
    this.fees += result.value.fee;
    this.receipts.push(encodeReceipt(result.value));
    return result;
  }

  /** Pays the proposer: the fees, and the reward as far as the supply may grow. */
  finish(): void {
    const { state, block } = this;
    const supply = state.supply();
    const reward = Math.min(block.parameters.blockReward, MAX_SUPPLY - supply);
    credit(state, block.proposer, (this.fees + reward) as Amount);
    if (reward > 0) state.setSupply((supply + reward) as Amount);
  }
}
