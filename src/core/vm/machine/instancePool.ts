// Instances that are used again, since one that is made takes as long as all of a short call. They are kept by their
// module, in the order of their use.

import type { WasmImports, WasmMemory, WasmRuntime } from "../../ports/index.ts";
import { Instance } from "./instance.ts";
import type { MemoryPool } from "./memoryPool.ts";
import type { LoadedModule } from "./modules.ts";

export class InstancePool {
  private readonly runtime: WasmRuntime;
  private readonly memories: MemoryPool;
  private readonly hostFunctions: WasmImports;
  private readonly countMax: number;
  private readonly pagesMax: number;
  /** Oldest use first. There are few, of which the one that is looked for is mostly the last. */
  private readonly idle: Instance[] = [];
  private pages = 0;

  /** @param options.countMax idle instances, and @param options.pagesMax the pages of their memories together */
  constructor(options: {
    runtime: WasmRuntime;
    memories: MemoryPool;
    hostFunctions: WasmImports;
    countMax: number;
    pagesMax: number;
  }) {
    this.runtime = options.runtime;
    this.memories = options.memories;
    this.hostFunctions = options.hostFunctions;
    this.countMax = options.countMax;
    this.pagesMax = options.pagesMax;
  }

  /**
   * An instance that no other call has: its memory is as the module declares it, and entering it does the rest.
   * Undefined when a segment does not fit.
   * @throws what is not the contract's doing
   */
  acquire(module: LoadedModule): Instance | undefined {
    const at = this.idle.findLastIndex((instance) => instance.module === module);
    const [kept] = at === -1 ? [] : this.idle.splice(at, 1);
    if (kept === undefined) return this.create(module);
    this.pages -= module.pagesMin;
    kept.resetMemory();
    return kept;
  }

  private create(module: LoadedModule): Instance | undefined {
    const { runtime, hostFunctions } = this;
    const memory = this.memories.acquire(module.pagesMin);
    try {
      return new Instance(module, { runtime, memory, hostFunctions });
    } catch (error) {
      if (runtime.errorKind(error) !== "trap") throw error;
      this.memories.release(memory, module.pagesMin);
      return undefined;
    }
  }

  /** Takes an instance back, whose call has ended in whatever way the rules know. */
  release(instance: Instance): void {
    if (instance.hasGrown()) return;
    this.idle.push(instance);
    this.pages += instance.module.pagesMin;
    while (this.idle.length > this.countMax || this.pages > this.pagesMax) this.giveUpOldest();
  }

  /** Its memory may serve another module. */
  private giveUpOldest(): void {
    const { memory, module } = this.idle.shift() as { memory: WasmMemory; module: LoadedModule };
    this.pages -= module.pagesMin;
    this.memories.release(memory, module.pagesMin);
  }
}
