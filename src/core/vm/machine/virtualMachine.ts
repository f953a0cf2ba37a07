// Runs contracts (docs/spec/contracts.md). One machine serves a replica: modules and memories are used again and again,
// and nothing of one transaction is left for the next.

import type { WasmRuntime } from "../../ports/index.ts";
import { type Address, type Bytes, defined, type Gas, type Height, type Refusal } from "../../primitives/index.ts";
import type { ContractEvent, ContractLog } from "../../protocol/index.ts";
import type { ModuleCode } from "../module/fault.ts";
import { CallTree, type MachineParts, type TransactionContext } from "./callTree.ts";
import { createHostFunctions } from "./host/index.ts";
import { InstancePool } from "./instancePool.ts";
import { MemoryPool } from "./memoryPool.ts";
import { checkModule, ModuleCache } from "./modules.ts";
import type { CallRequest, CallResult, DeployRequest } from "./running.ts";
import { ExecutionFault } from "./stop.ts";

/** Of metered modules; the engine takes some times as much for what it makes of them. */
const KEPT_MODULES_SIZE_BYTES_MAX = 32 * 1024 * 1024;
/** 32 MiB. */
const FREE_PAGES_MAX = 512;
const FREE_MEMORIES_MAX = 1024;
/** 32 MiB more. */
const IDLE_PAGES_MAX = 512;
const IDLE_INSTANCES_MAX = 64;

/** What a transaction's contracts have done; what failed has left the state as it was. */
export interface MachineResult extends CallResult {
  readonly gasUsed: Gas;
  readonly events: readonly ContractEvent[];
  readonly logs: readonly ContractLog[];
}

export class VirtualMachine {
  private readonly parts: MachineParts;

  constructor(options: { runtime: WasmRuntime; keptModulesSizeBytesMax?: number }) {
    const { runtime, keptModulesSizeBytesMax = KEPT_MODULES_SIZE_BYTES_MAX } = options;
    const frames: MachineParts["frames"] = [];
    const memories = new MemoryPool({ runtime, pagesMax: FREE_PAGES_MAX, countMax: FREE_MEMORIES_MAX });
    const hostFunctions = createHostFunctions(() => defined(frames.at(-1), "a host function is called by a contract"));
    this.parts = {
      runtime,
      modules: new ModuleCache({ runtime, sizeBytesMax: keptModulesSizeBytesMax }),
      instances: new InstancePool({
        runtime,
        memories,
        hostFunctions,
        countMax: IDLE_INSTANCES_MAX,
        pagesMax: IDLE_PAGES_MAX,
      }),
      frames,
    };
  }

  /** Why a module can't be deployed at this height; undefined when it can. */
  checkModule(code: Bytes, height: Height): Refusal<ModuleCode> | undefined {
    return checkModule(code, height);
  }

  /**
   * Runs an exported function of a contract.
   * @throws ExecutionFault when something went wrong that is not the contract's doing
   */
  call(context: TransactionContext, request: CallRequest): MachineResult {
    return this.run(context, request.gasLimit, (tree) => tree.call(request));
  }

  /** Puts a contract into the state and runs its `init`. @throws ExecutionFault as `call` does */
  deploy(context: TransactionContext, request: DeployRequest): MachineResult & { readonly address: Address } {
    return this.run(context, request.gasLimit, (tree) => tree.deploy(request));
  }

  private run<Result extends CallResult>(
    context: TransactionContext,
    gasLimit: number,
    start: (tree: CallTree) => Result,
  ): MachineResult & Result {
    const tree = new CallTree(this.parts, context);
    try {
      const result = start(tree);
      const { events, logs } = tree;
      return { ...result, gasUsed: (gasLimit - result.gasLeft) as Gas, events, logs };
    } catch (error) {
      if (error instanceof ExecutionFault) throw error;
      throw new ExecutionFault(error instanceof Error ? error.message : String(error), error);
    }
  }
}
