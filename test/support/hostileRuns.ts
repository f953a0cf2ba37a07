// Runs hostile stories on the real machine in this process, and measures what each step costs: processor time of all
// threads, those of the engine's compilers among them, and how far the resident memory rises above where it was.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Address, Height } from "../../src/core/primitives/index.ts";
import type { Receipt } from "../../src/core/protocol/index.ts";
import { ContractFixture, text } from "./contractFixture.ts";
import type { HostileStory } from "./hostileCalls.ts";

export interface Step {
  readonly name: string;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryMb: number;
  /** What it was charged, in millions, each of which stands for a millisecond. */
  readonly gasMs: number;
}

const QUIET_MS = 20;
const QUIET_ROUNDS_MAX = 1_500;
const STATUS = "/proc/self/status";

/** The peak since `forgetPeak`, or what there is now; without a peak where the system keeps none. */
function residentKb(name: "VmHWM" | "VmRSS"): number {
  if (!existsSync(STATUS)) return process.memoryUsage().rss / 1024;
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(STATUS, "utf8"))?.[1]);
}

function forgetPeak(): void {
  if (existsSync(STATUS)) writeFileSync("/proc/self/clear_refs", "5");
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Waits until the engine's other threads have nothing to do: what a call has them compile is a cost of the call. */
async function untilIdle(): Promise<void> {
  for (let round = 0; round < QUIET_ROUNDS_MAX; round++) {
    const before = cpuMs();
    await Bun.sleep(QUIET_MS);
    if (cpuMs() - before < QUIET_MS / 4) return;
  }
}

/** What `act` costs, and what the engine's threads have to do because of it. */
export async function measure<Value>(name: string, act: () => { value: Value; gas: number }) {
  await untilIdle();
  forgetPeak();
  const [startKb, startCpuMs, startMs] = [residentKb("VmRSS"), cpuMs(), performance.now()];
  const { value, gas } = act();
  const wallMs = performance.now() - startMs;
  await untilIdle();
  const step: Step = {
    name,
    cpuMs: cpuMs() - startCpuMs,
    wallMs,
    memoryMb: Math.max(0, residentKb("VmHWM") - startKb) / 1024,
    gasMs: gas / 1e6,
  };
  return { value, step };
}

function receiptGas({ gasUsed, gasRefunded }: Receipt): number {
  return gasUsed + gasRefunded;
}

/** Looks at each module, deploys it and makes the calls; says what came of each call beside what had to. */
export async function runStory(story: HostileStory) {
  const fixture = new ContractFixture();
  const steps: Step[] = [];
  const addresses: Address[] = [];
  const found: { name: string; reason: string; returns?: string }[] = [];
  for (const code of story.modules) {
    const checked = await measure("check", () => ({ value: fixture.machine.checkModule(code, 1 as Height), gas: 0 }));
    const deployed = await measure("deploy", () => {
      const value = fixture.deploy(code);
      return { value, gas: receiptGas(value.receipt) };
    });
    addresses.push(deployed.value.address);
    steps.push(checked.step, deployed.step);
  }
  for (const { contract = 0, name, args = "", gas, amount, returns } of story.calls) {
    const called = await measure(`call ${name}`, () => {
      const passed = typeof args === "string" ? args : args(addresses);
      const options = { ...(gas === undefined ? {} : { gas }), ...(amount === undefined ? {} : { amount }) };
      const value = fixture.call(addresses[contract] as Address, name, passed, options);
      return { value, gas: receiptGas(value) };
    });
    const { reason, returnData } = called.value;
    found.push({ name, reason, ...(returns === undefined ? {} : { returns: text(returnData) }) });
    steps.push(called.step);
  }
  const expected = story.calls.map(({ name, reason, returns }) => ({
    name,
    reason,
    ...(returns === undefined ? {} : { returns }),
  }));
  return { steps, found, expected };
}
