// An instance that has served other calls does what a new one does: over generated modules, whatever those calls were and
// however they ended. AUREON_TEST_SEED repeats a run.

import { expect, test } from "bun:test";
import { sha256 } from "../../src/core/crypto/index.ts";
import type { WasmValue } from "../../src/core/ports/index.ts";
import { assert, bytesToHash, defined, type Height } from "../../src/core/primitives/index.ts";
import { MEMORY_PAGES_MAX, STACK_SLOTS_MAX } from "../../src/core/vm/limits.ts";
import type { Instance } from "../../src/core/vm/machine/instance.ts";
import { InstancePool } from "../../src/core/vm/machine/instancePool.ts";
import { MemoryPool } from "../../src/core/vm/machine/memoryPool.ts";
import { type LoadedModule, ModuleCache } from "../../src/core/vm/machine/modules.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";
import { generateModule } from "../support/wasmGenerator.ts";

const MODULES = 300;
const GAS_PLENTY = 2 ** 40;
const ARGUMENTS = [-7, 0x123456789abcdefn] as const;

const seed = Number(process.env.AUREON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`instanceReuse: AUREON_TEST_SEED=${seed}`);

const memories = new MemoryPool({ runtime: wasmRuntime, pagesMax: 512, countMax: 64 });
const createPool = () =>
  new InstancePool({ runtime: wasmRuntime, memories, hostFunctions: {}, countMax: 4, pagesMax: 512 });

function load(moduleSeed: number): LoadedModule {
  const code = generateModule(moduleSeed, { traps: moduleSeed % 3 === 0 });
  const cache = new ModuleCache({ runtime: wasmRuntime, sizeBytesMax: 0 });
  const loaded = cache.load({ code, codeHash: bytesToHash(sha256(code)), height: 1 as Height });
  assert(loaded.ok, "a generated module is valid");
  return loaded.value;
}

function run(instance: Instance, values: readonly WasmValue[], gas: number) {
  const { memory, module } = instance;
  const pagesBefore = memory.buffer.byteLength;
  instance.enter({ gas, stackSlots: STACK_SLOTS_MAX, pagesMax: MEMORY_PAGES_MAX });
  let ended: string;
  try {
    ended = `${instance.functionOf(defined(module.functions.get("run"), "it exports run"))(...values)}`;
  } catch (error) {
    if (wasmRuntime.errorKind(error) !== "trap") throw error;
    ended = "trap";
  }
  return {
    ended,
    pagesBefore,
    gas: instance.gas(),
    slots: instance.stackSlots(),
    memory: sha256(new Uint8Array(memory.buffer)).toHex(),
  };
}

test("whatever an instance did before, the next call is as its first", () => {
  let again = 0;
  for (let moduleSeed = seed; moduleSeed < seed + MODULES; moduleSeed++) {
    const module = load(moduleSeed);
    const pool = createPool();
    const inPool = (values: readonly WasmValue[], gas: number) => {
      const instance = defined(pool.acquire(module), "its segments fit");
      const shown = run(instance, values, gas);
      pool.release(instance);
      return { instance, shown };
    };
    const first = inPool(ARGUMENTS, GAS_PLENTY);
    const used = GAS_PLENTY - first.shown.gas;
    // Others in between, one of which runs out of gas on its way.
    inPool([12_345, -1n], GAS_PLENTY);
    inPool(ARGUMENTS, Math.floor(used / 2));
    const last = inPool(ARGUMENTS, GAS_PLENTY);
    expect(last.shown, `seed ${moduleSeed}`).toEqual(first.shown);
    if (last.instance === first.instance) again++;
  }
  expect(again).toBeGreaterThan(MODULES / 2);
}, 180_000);
