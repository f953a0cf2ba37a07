// A block's transactions one after the other, then fees and reward. Templates and imported blocks take this same way.

import type { Address, Amount, Bytes, Gas, Result } from "../primitives/index.ts";
import { encodeReceipt, MAX_SUPPLY, type Receipt, type Transaction } from "../protocol/index.ts";
import { credit, type State } from "../state/index.ts";
import type { VirtualMachine } from "../vm/index.ts";
import { applyTransaction } from "./applyTransaction.ts";
import type { BlockContext, ExecutionCode } from "./context.ts";

export class BlockExecution {
  readonly receipts: Bytes[] = [];
  private readonly state: State;
  private readonly block: BlockContext;
  private readonly machine: VirtualMachine;
  private readonly sources = new Set<Address>();
  private gas = 0;
  private fees = 0;
  private newStateBytes = 0;

  constructor(options: { state: State; block: BlockContext; machine: VirtualMachine }) {
    this.state = options.state;
    this.block = options.block;
    this.machine = options.machine;
  }

  /** Before refunds: what the block's time goes by. */
  get gasUsed(): Gas {
    return this.gas as Gas;
  }

  /** The contracts that have announced events, each once. */
  get eventSources(): readonly Address[] {
    return [...this.sources];
  }

  get gasLeft(): Gas {
    return (this.block.parameters.blockGasLimit - this.gas) as Gas;
  }

  /**
   * Executes the next transaction, or refuses it with nothing changed.
   * @throws ExecutionFault when this node can't execute it, which leaves the state anyhow
   */
  apply(transaction: Transaction): Result<Receipt, ExecutionCode> {
    const checkpoint = this.state.checkpoint();
    const result = applyTransaction(transaction, {
      state: this.state,
      block: this.block,
      machine: this.machine,
      gasLeft: this.gasLeft,
      newStateBytesLeft: this.block.parameters.newStateBytesMax - this.newStateBytes,
    });
    if (!result.ok) return result;
    this.newStateBytes += this.state.newStateBytesSince(checkpoint);
    this.gas += result.value.gasUsed + result.value.gasRefunded;
    this.fees += result.value.fee;
    for (const { address } of result.value.events) this.sources.add(address);
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
