// Six small programs, metered and as they are: how much slower metering makes code that is hot.

import { MeteredModule } from "../../test/support/meteredModule.ts";
import kernels from "../kernels/kernels.json";

export type KernelName = keyof typeof kernels;

/** With what each is called, so that a run takes some tenths of a millisecond. */
const ARGUMENTS: Readonly<Record<KernelName, number>> = {
  sha256: 300,
  sieve: 8,
  fib: 24,
  sort: 4,
  matrix: 6,
  map: 2000,
};
const ROUNDS = 60;
/** Enough for the engine to have optimized it. */
const WARM_UP_ROUNDS = 40;

export const KERNEL_NAMES = Object.keys(ARGUMENTS) as readonly KernelName[];

export interface MeasuredKernel {
  readonly plainNs: number;
  readonly meteredNs: number;
  readonly gas: number;
}

export function kernelBytes(name: KernelName): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(kernels[name]);
}

interface Exports {
  readonly _start: () => void;
  readonly run: (argument: number) => number;
}

function plainOf(name: KernelName, pages: number): Exports {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes(name)), { env: { memory } });
  return instance.exports as unknown as Exports;
}

function timeNs(run: () => unknown): number {
  const startMs = performance.now();
  run();
  return (performance.now() - startMs) * 1e6;
}

/** The best of many rounds, both ways in turns; other work on the machine only adds. */
export function measureKernel(name: KernelName): MeasuredKernel {
  const argument = ARGUMENTS[name];
  const metered = new MeteredModule(kernelBytes(name));
  const plain = plainOf(name, metered.module.memory.minimum);
  plain._start();
  metered.call("_start");
  const { value, gasUsed } = metered.call("run", [argument]);
  if (value !== plain.run(argument)) throw new Error(`${name} gives another result metered`);
  const run = metered.functionOf("run");
  metered.enter();
  let plainNs = Number.POSITIVE_INFINITY;
  let meteredNs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    plainNs = Math.min(
      plainNs,
      timeNs(() => plain.run(argument)),
    );
    meteredNs = Math.min(
      meteredNs,
      timeNs(() => run(argument)),
    );
  }
  return { plainNs, meteredNs, gas: gasUsed };
}
