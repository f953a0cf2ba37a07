// The calls of one transaction: each contract that runs, those that it calls, and what becomes of state, balances and
// events when one of them fails.

import type { WasmRuntime, WasmValue } from "../../ports/index.ts";
import {
  type Address,
  type Amount,
  assert,
  type Bytes,
  EMPTY_BYTES,
  type Gas,
  type Hash,
} from "../../primitives/index.ts";
import { type ContractEvent, type ContractLog, contractAddress, type Reason } from "../../protocol/index.ts";
import { type Checkpoint, credit, debit, type State } from "../../state/index.ts";
import { CALL_DEPTH_MAX, CALL_TREE_PAGES_MAX, MEMORY_PAGES_MAX, STACK_SLOTS_MAX } from "../limits.ts";
import { instanceGas, loadGas } from "./costs.ts";
import { Frame } from "./frame.ts";
import type { Instance } from "./instance.ts";
import type { InstancePool } from "./instancePool.ts";
import type { ExportedFunction, LoadedModule, ModuleCache } from "./modules.ts";
import { parseArguments } from "./numericArguments.ts";
import type { BlockEnvironment, CallRequest, CallResult, DeployRequest, RunningTransaction } from "./running.ts";

/** What all transactions of a machine share. */
export interface MachineParts {
  readonly runtime: WasmRuntime;
  readonly modules: ModuleCache;
  readonly instances: InstancePool;
  /** The frames of the transaction that runs, the innermost last; host functions act for that one. */
  readonly frames: Frame[];
}

export interface TransactionContext {
  readonly state: State;
  readonly block: BlockEnvironment;
  /** Who signed the transaction. */
  readonly origin: Address;
}

/** A contract that allows calls while it runs exports a function of this name. */
const ALLOW_REENTRY = "allow_reentry";
const INIT = "init";
/** Exports that have a meaning of their own and can't be called. */
const RESERVED: ReadonlySet<string> = new Set([INIT, "_start", ALLOW_REENTRY]);

/** What is called, once it is clear that it can be. */
interface Entry {
  readonly address: Address;
  readonly caller: Address;
  readonly amount: number;
  readonly args: Bytes;
  readonly module: LoadedModule;
  readonly target: ExportedFunction | undefined;
  readonly gasLeft: number;
}

function failed(reason: Reason, gasLeft: number): CallResult {
  return { reason, gasLeft: gasLeft as Gas, returnData: EMPTY_BYTES };
}

export class CallTree implements RunningTransaction {
  readonly state: State;
  readonly block: BlockEnvironment;
  readonly origin: Address;
  readonly events: ContractEvent[] = [];
  readonly logs: ContractLog[] = [];
  private readonly parts: MachineParts;

  constructor(parts: MachineParts, context: TransactionContext) {
    this.parts = parts;
    this.state = context.state;
    this.block = context.block;
    this.origin = context.origin;
  }

  call(request: CallRequest): CallResult {
    const { address, caller, functionName, args, amount, gasLimit } = request;
    const obstacle = this.obstacle(caller, amount);
    if (obstacle !== undefined) return failed(obstacle, gasLimit);
    const { codeHash } = this.state.account(address);
    if (codeHash === undefined) return failed("noContract", gasLimit);
    const running = this.parts.frames.find((frame) => frame.address === address);
    if (running !== undefined && !running.module.functions.has(ALLOW_REENTRY)) return failed("reentrancy", gasLimit);
    const loaded = this.load(codeHash, gasLimit);
    if (loaded === undefined) return failed("outOfGas", 0);
    const { module, gasLeft } = loaded;
    const isCallable = functionName !== undefined && !RESERVED.has(functionName);
    const target = isCallable ? module.functions.get(functionName) : undefined;
    if (target === undefined) return failed("noFunction", gasLeft);
    return this.enter({ address, caller, amount, args, module, target, gasLeft });
  }

  deploy(request: DeployRequest): CallResult & { readonly address: Address } {
    const { creator, nonce } = request;
    const address = contractAddress({ creator, nonce });
    const checkpoint = this.state.checkpoint();
    const result = this.deployAt(address, request);
    if (result.reason !== "none") this.state.revert(checkpoint);
    return { ...result, address };
  }

  private deployAt(address: Address, request: DeployRequest): CallResult {
    const { creator, codeHash, code, args, amount, gasLimit } = request;
    const obstacle = this.obstacle(creator, amount);
    if (obstacle !== undefined) return failed(obstacle, gasLimit);
    const account = this.state.account(address);
    if (account.codeHash !== undefined) return failed("addressTaken", gasLimit);
    if (this.state.code(codeHash) === undefined) {
      if (code === undefined) return failed("noContract", gasLimit);
      const checked = this.parts.modules.load({ codeHash, code, height: this.block.height });
      if (!checked.ok) return failed("invalidModule", gasLimit);
      this.state.setCode(codeHash, code);
    }
    this.state.setAccount(address, { ...account, codeHash });
    const loaded = this.load(codeHash, gasLimit);
    if (loaded === undefined) return failed("outOfGas", 0);
    const { module, gasLeft } = loaded;
    return this.enter({ address, caller: creator, amount, args, module, target: module.functions.get(INIT), gasLeft });
  }

  /** Why nothing at all can be called now. */
  private obstacle(caller: Address, amount: number): Reason | undefined {
    if (this.parts.frames.length >= CALL_DEPTH_MAX) return "depthExceeded";
    return amount > this.state.account(caller).balance ? "insufficientBalance" : undefined;
  }

  /** The module, and what is left of the gas; undefined when there is not enough to load it and make an instance. */
  private load(codeHash: Hash, gasLimit: number): { module: LoadedModule; gasLeft: number } | undefined {
    const { height } = this.block;
    const kept = this.parts.modules.find(codeHash, height);
    const code = kept === undefined ? this.state.code(codeHash) : undefined;
    assert(kept !== undefined || code !== undefined, "the code of a contract is in the state");
    const leftToLoad = gasLimit - loadGas(kept?.sizeBytes ?? (code as Bytes).length);
    if (leftToLoad < 0) return undefined;
    const module = kept ?? this.loadStored(codeHash, code as Bytes);
    const gasLeft = leftToLoad - instanceGas(module);
    return gasLeft < 0 ? undefined : { module, gasLeft };
  }

  private loadStored(codeHash: Hash, code: Bytes): LoadedModule {
    const loaded = this.parts.modules.load({ codeHash, code, height: this.block.height });
    assert(loaded.ok, "a module that was deployed is valid");
    return loaded.value;
  }

  private enter(entry: Entry): CallResult {
    const { module, target, args, gasLeft } = entry;
    const inputs = target === undefined ? [] : inputsOf(target, args);
    if (inputs === undefined) return failed("badArguments", gasLeft);
    const { frames, instances } = this.parts;
    const pagesOfOthers = frames.reduce((sum, frame) => sum + frame.pages(), 0);
    const pagesMax = Math.min(MEMORY_PAGES_MAX, CALL_TREE_PAGES_MAX - pagesOfOthers);
    if (module.pagesMin > pagesMax) return failed("memoryLimit", gasLeft);
    const checkpoint = this.state.checkpoint();
    const eventCount = this.events.length;
    debit(this.state, entry.caller, entry.amount as Amount);
    credit(this.state, entry.address, entry.amount as Amount);
    const instance = instances.acquire(module);
    const result = instance === undefined ? failed("trap", gasLeft) : this.run(entry, { inputs, instance, pagesMax });
    // Not after a fault, which leaves nobody knows what.
    if (instance !== undefined) instances.release(instance);
    if (result.reason !== "none") this.undo(checkpoint, eventCount);
    return result;
  }

  private run(entry: Entry, how: { inputs: readonly WasmValue[]; instance: Instance; pagesMax: number }): CallResult {
    const { frames, runtime } = this.parts;
    const frame = new Frame({
      transaction: this,
      runtime,
      instance: how.instance,
      address: entry.address,
      caller: entry.caller,
      amount: entry.amount,
      input: entry.args,
      gasLimit: entry.gasLeft,
      stackSlots: frames.at(-1)?.stackSlotsLeft() ?? STACK_SLOTS_MAX,
      pagesMax: how.pagesMax,
    });
    frames.push(frame);
    try {
      return frame.run(entry.target, how.inputs);
    } finally {
      frames.pop();
    }
  }

  private undo(checkpoint: Checkpoint, eventCount: number): void {
    this.state.revert(checkpoint);
    this.events.length = eventCount;
  }
}

/** The values for a function's parameters; a function without any reads its arguments itself. */
function inputsOf({ type }: ExportedFunction, args: Bytes): readonly WasmValue[] | undefined {
  return type.parameters.length === 0 ? [] : parseArguments(args, type.parameters);
}
