// What modules cost before they run: the first load by stage, a load of what is kept, a call after each, and the memory of
// modules that are kept.

import { assert, type Hash, type Height, type TimestampMs, ZERO_HASH } from "../../src/core/primitives/index.ts";
import { VirtualMachine } from "../../src/core/vm/index.ts";
import { ModuleCache } from "../../src/core/vm/machine/modules.ts";
import { meterModule } from "../../src/core/vm/metering/meterModule.ts";
import { decodeAndValidate } from "../../src/core/vm/module/decodeModule.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";
import { ANNE, BERT, ContractFixture } from "../../test/support/contractFixture.ts";
import { type Figure, readable } from "./figures.ts";
import { canReadProcesses, residentMb } from "./processor.ts";
import { exampleToken } from "./tokens.ts";

const ROUNDS = 200;
const WARM_CALLS = 5000;
/** What a byte of a module costs: of a deployed one, for its check; of any call, in case it has to be loaded again. */
const DEPLOY_GAS_PER_BYTE = 240;
const LOAD_GAS_PER_BYTE = 20;
const NANOSECONDS_PER_MICROSECOND = 1000;
/** What a replica keeps. */
const CACHE_SIZE_BYTES = 32 * 1024 * 1024;
const SETTLE_ROUNDS = 3;
const SETTLE_MS = 500;
const HEIGHT = 1 as Height;

function bestUs(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    run();
    best = Math.min(best, performance.now() - startedMs);
  }
  return best * 1000;
}

function hashOf(index: number): Hash {
  return `0x${index.toString(16).padStart(64, "0")}` as Hash;
}

function loadFigures(): Figure[] {
  const { code } = exampleToken;
  const kilobytes = code.length / 1000;
  const decoded = decodeAndValidate(code);
  assert(decoded.ok, "the example is valid");
  const metered = meterModule(decoded.value);
  assert(metered.ok, "the example can be metered");
  const load = bestUs(() => {
    const cache = new ModuleCache({ runtime: wasmRuntime, sizeBytesMax: CACHE_SIZE_BYTES });
    return cache.load({ codeHash: ZERO_HASH, code, height: HEIGHT });
  });
  const row = (what: string, us: number, besideUs: number, name: string, aim?: Figure["aim"]): Figure => ({
    what,
    measured: `${readable(us / kilobytes)} us for 1 kB`,
    beside: `${name}: ${readable(besideUs / kilobytes)} us`,
    ratio: us / besideUs,
    ...(aim && { aim }),
  });
  const gasUs = (perByte: number) => (perByte * code.length) / NANOSECONDS_PER_MICROSECOND;
  const all = "all of it";
  return [
    row("load of a module, cold", load, gasUs(DEPLOY_GAS_PER_BYTE), "gas of a deployment", { atMost: 1 }),
    row("load of a module, cold", load, gasUs(LOAD_GAS_PER_BYTE), "gas of a call"),
    row(
      "of it, decoding and checks",
      bestUs(() => decodeAndValidate(code)),
      load,
      all,
    ),
    row(
      "metering",
      bestUs(() => meterModule(decoded.value)),
      load,
      all,
    ),
    row(
      "the engine's compiler",
      bestUs(() => wasmRuntime.compile(metered.value)),
      load,
      all,
    ),
  ];
}

/** A contract on a state in memory, and how a machine calls it. */
function callFigures(): Figure[] {
  const fixture = new ContractFixture();
  const address = fixture.install(exampleToken.code, { args: exampleToken.initArgs });
  const args = new TextEncoder().encode(exampleToken.transferArgs(BERT, 1));
  const block = { height: HEIGHT, timestampMs: 0 as TimestampMs, genesisHash: ZERO_HASH };
  const call = (machine: VirtualMachine) => {
    const request = { caller: ANNE, address, functionName: "transfer", args, amount: 0, gasLimit: 1_000_000 };
    const { state } = fixture;
    const before = state.checkpoint();
    const { reason } = machine.call({ state, block, origin: ANNE }, request);
    assert(reason === "none", "the transfer succeeds");
    state.revert(before);
  };
  const cold = bestUs(() => call(new VirtualMachine({ runtime: wasmRuntime })));
  const machine = new VirtualMachine({ runtime: wasmRuntime });
  for (let count = 0; count < WARM_CALLS; count++) call(machine);
  const warm = bestUs(() => {
    for (let count = 0; count < 100; count++) call(machine);
  });
  const us = warm / 100;
  return [
    {
      what: "token transfer within the machine, module cold",
      measured: `${readable(cold)} us`,
      beside: `module warm: ${readable(us)} us`,
      ratio: cold / us,
    },
  ];
}

/** The engine's compiler gives back what it no longer needs some time after the last module. */
async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    await Bun.sleep(SETTLE_MS);
    Bun.gc(true);
  }
}

/** A cache that is full, against the bytes that it counts. */
async function memoryFigures(): Promise<Figure[]> {
  if (!canReadProcesses) return [];
  const { code } = exampleToken;
  const cache = new ModuleCache({ runtime: wasmRuntime, sizeBytesMax: CACHE_SIZE_BYTES });
  const loaded = (index: number) => {
    const result = cache.load({ codeHash: hashOf(index), code, height: HEIGHT });
    assert(result.ok, "the example is valid");
    return result.value.meteredSizeBytes;
  };
  const meteredSizeBytes = loaded(0);
  await settle();
  const beforeMb = residentMb(process.pid);
  const count = Math.floor(CACHE_SIZE_BYTES / meteredSizeBytes);
  for (let index = 1; index < count; index++) loaded(index);
  await settle();
  const grownMb = residentMb(process.pid) - beforeMb;
  const keptMb = (count * meteredSizeBytes) / 1_000_000;
  assert(cache.find(hashOf(0), HEIGHT) !== undefined, "the cache has room for all of them");
  return [
    {
      what: `memory of a full cache, ${count.toLocaleString("en-US")} modules`,
      measured: `${readable(grownMb)} MB`,
      beside: `metered modules: ${readable(keptMb)} MB`,
      ratio: grownMb / keptMb,
    },
    {
      what: "a module once it is metered",
      measured: `${meteredSizeBytes.toLocaleString("en-US")} bytes`,
      beside: `deployed: ${code.length.toLocaleString("en-US")} bytes`,
      ratio: meteredSizeBytes / code.length,
    },
  ];
}

/** Memory first, before other work has left room in this process. */
export async function measureModules(): Promise<Figure[]> {
  const memory = await memoryFigures();
  return [...loadFigures(), ...callFigures(), ...memory];
}
