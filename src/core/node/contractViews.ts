// What contracts would do: views, which run a function on a committed state, and estimates of what a transaction uses.
// Nothing of it is kept. Runs wherever there is a StoreReader and an engine for WebAssembly; a call takes as long as its
// gas, so a thread of its own is the place for it.

import { loadHeader } from "../chain/index.ts";
import { type BlockContext, BlockExecution, type VirtualMachine } from "../execution/index.ts";
import type { StoreReader } from "../ports/index.ts";
import {
  type Address,
  accept,
  assert,
  type Bytes,
  defined,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  type Result,
  refuse,
  type TimestampMs,
  utf8ToBytes,
  ZERO_ADDRESS,
} from "../primitives/index.ts";
import {
  ARGS_SIZE_BYTES_MAX,
  type ContractLog,
  type Genesis,
  kindOf,
  type Outcome,
  outcomeOf,
  type Reason,
  type Receipt,
  type StaticCheckCode,
  type Transaction,
} from "../protocol/index.ts";
import { State } from "../state/index.ts";
import type { ModuleCode } from "../vm/index.ts";
import { type ContractDescription, ContractDescriptions } from "./contractDescriptions.ts";

/** The most gas that a view or an estimate runs with, about a tenth of a second. */
const VIEW_GAS_MAX = 100_000_000;
/** What a transaction is given beside what its bytes cost where the estimate fails, so that its receipt says why. */
const FAILED_GAS = 10_000_000;
/** A state that has changed meanwhile may take more gas than the one of the estimate. */
const MARGIN_PERCENT = 25;

export interface ViewRequest {
  readonly address: Address;
  readonly functionName: string;
  /** JSON text. */
  readonly args: string;
  /** Whom the contract takes for its caller. */
  readonly from: Address;
  /** The state after the canonical block at this height; undefined for the head's. */
  readonly height: Height | undefined;
}

export interface ViewResult {
  readonly blockHeight: Height;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly returnData: Bytes;
  readonly gasUsed: Gas;
  readonly logs: readonly ContractLog[];
}

export type ViewCode = "block_not_found" | "height_not_kept" | "contract_not_found" | "invalid_field";

export interface Estimate extends Receipt {
  /** The head on whose state the transaction was tried. */
  readonly blockHeight: Height;
  /** What to give the transaction. */
  readonly gasLimit: Gas;
}

export type EstimateCode =
  | StaticCheckCode
  | ModuleCode
  | "not_yet_enabled"
  | "insufficient_balance"
  | "gas_limit_too_high";

/** A committed state, and the block that it is the state after. */
interface Committed {
  readonly height: Height;
  readonly timestampMs: TimestampMs;
  readonly state: State;
}

export class ContractViews {
  private readonly store: StoreReader;
  private readonly genesis: Genesis;
  private readonly genesisHash: Hash;
  private readonly machine: VirtualMachine;
  private readonly descriptions = new ContractDescriptions();

  constructor(options: { store: StoreReader; genesis: Genesis; machine: VirtualMachine }) {
    this.store = options.store;
    this.genesis = options.genesis;
    this.machine = options.machine;
    this.genesisHash = defined(this.store.hashAt(0 as Height), "an opened chain has block 0");
  }

  /** Runs a function of a contract, as a call without an amount from `from` would, in the block that the state is of. */
  view(request: ViewRequest): Result<ViewResult, ViewCode> {
    const { address, functionName, from } = request;
    const args = utf8ToBytes(request.args);
    if (args === undefined || args.length > ARGS_SIZE_BYTES_MAX) {
      const message = `args is no text of at most ${ARGS_SIZE_BYTES_MAX} bytes in UTF-8`;
      return refuse("invalid_field", message, { field: "args", sizeBytesMax: ARGS_SIZE_BYTES_MAX });
    }
    return this.store.snapshot(() => {
      const committed = this.committedAt(request.height);
      if (!committed.ok) return committed;
      const { height, timestampMs, state } = committed.value;
      if (state.account(address).codeHash === undefined) {
        const message = `at height ${height} there is no contract at ${address}`;
        return refuse("contract_not_found", message, { address, height });
      }
      const block = { height, timestampMs, genesisHash: this.genesisHash };
      const { reason, returnData, gasUsed, logs } = this.machine.call(
        { state, block, origin: from },
        { caller: from, address, functionName, args, amount: 0, gasLimit: VIEW_GAS_MAX },
      );
      return accept({ blockHeight: height, outcome: outcomeOf(reason), reason, returnData, gasUsed, logs });
    });
  }

  /**
   * What a transaction would come to if the next block had it first, whatever its nonce, price and expiry.
   * @param options.gasLimit what it is tried with, where that is known
   */
  estimate(options: {
    transaction: Transaction;
    gasLimit: Gas | undefined;
    nowMs: TimestampMs;
  }): Result<Estimate, EstimateCode> {
    return this.store.snapshot(() => {
      const committed = this.committedAt(undefined);
      assert(committed.ok, "the head's state is kept");
      return this.estimateOn(committed.value, options);
    });
  }

  private estimateOn(
    { height: headHeight, timestampMs: headMs, state }: Committed,
    options: { transaction: Transaction; gasLimit: Gas | undefined; nowMs: TimestampMs },
  ): Result<Estimate, EstimateCode> {
    const { blockGasLimit } = this.genesis.parameters;
    const height = (headHeight + 1) as Height;
    const { transaction } = options;
    const refusal = transaction.type === "deploy" ? this.machine.checkModule(transaction.code, height) : undefined;
    if (refusal !== undefined) return { ok: false, refusal };
    const intrinsic = kindOf(transaction).intrinsicGas(transaction);
    if (intrinsic > blockGasLimit) {
      const message = `the transaction takes ${intrinsic} gas before anything runs; a block has ${blockGasLimit}`;
      return refuse("gas_limit_too_high", message, { gasLimit: intrinsic, gasLimitMax: blockGasLimit });
    }
    const gasMax = Math.min(intrinsic + VIEW_GAS_MAX, blockGasLimit);
    const block: BlockContext = {
      height,
      timestampMs: Math.max(options.nowMs, headMs + 1) as TimestampMs,
      proposer: ZERO_ADDRESS,
      parameters: { ...this.genesis.parameters, gasPriceMin: 0 as GasPrice },
      genesisHash: this.genesisHash,
    };
    const result = new BlockExecution({ state, block, machine: this.machine }).apply({
      ...transaction,
      nonce: state.account(transaction.from).nonce,
      gasLimit: Math.min(options.gasLimit ?? gasMax, gasMax) as Gas,
      gasPrice: 0 as GasPrice,
      expiry: 0 as Height,
    });
    if (!result.ok) return { ok: false, refusal: { ...result.refusal, code: estimateCodeOf(result.refusal.code) } };
    const receipt = result.value;
    const gas = receipt.gasUsed + receipt.gasRefunded;
    const withMargin = gas > intrinsic ? gas + Math.ceil((gas * MARGIN_PERCENT) / 100) : gas;
    const wanted = receipt.outcome === "success" ? withMargin : Math.max(withMargin, intrinsic + FAILED_GAS);
    return accept({ ...receipt, blockHeight: headHeight, gasLimit: Math.min(wanted, blockGasLimit) as Gas });
  }

  /** The contract at the head; undefined for an account that is none. */
  describe(address: Address): ContractDescription | undefined {
    return this.store.snapshot(() => this.descriptions.read(this.store, address));
  }

  private committedAt(asked: Height | undefined): Result<Committed, "block_not_found" | "height_not_kept"> {
    const { store } = this;
    const head = defined(store.head(), "an opened chain has a head");
    const height = asked ?? head.height;
    if (height > head.height) {
      return refuse("block_not_found", `the chain's height is ${head.height}`, { height: head.height });
    }
    const heightMin = Math.max(store.undoHeightMin() - 1, 0);
    if (height < heightMin) {
      const message = `the state is kept for heights from ${heightMin} on, as far back as this node's undo records go`;
      return refuse("height_not_kept", message, { height, heightMin });
    }
    const hash = defined(store.hashAt(height), "there is a canonical block at each height up to the head's");
    const { header } = defined(loadHeader(store, hash), "a canonical block's header is stored");
    const stateValue = (key: Bytes) =>
      height === head.height ? store.stateValue(key) : store.stateValueAt(key, height);
    return accept({ height, timestampMs: header.timestampMs, state: new State({ stateValue }) });
  }
}

const ESTIMATE_CODES: ReadonlySet<string> = new Set<EstimateCode>([
  "invalid_transaction",
  "gas_limit_too_low",
  "not_yet_enabled",
  "insufficient_balance",
]);

/** With nonce, price and expiry set aside, what else a transaction can be refused for is its size. */
function estimateCodeOf(code: string): EstimateCode {
  return ESTIMATE_CODES.has(code) ? (code as EstimateCode) : "invalid_transaction";
}
