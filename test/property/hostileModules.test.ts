// Hostile modules on the real machine: each is refused or stopped by its rule, and none costs more than 200 ms or 200 MB
// beside the time that its gas stands for. Time is that of the processor, since the machine may have other things to do.

import { beforeAll, describe, expect, test } from "bun:test";
import type { Height } from "../../src/core/primitives/index.ts";
import { ContractFixture } from "../support/contractFixture.ts";
import { useFastCrypto } from "../support/fastCrypto.ts";
import { HOSTILE_STORIES, HOT_STORIES } from "../support/hostileCalls.ts";
import { LIMIT_MODULES, REFUSED_MODULES } from "../support/hostileModules.ts";
import { measure, runStory, type Step } from "../support/hostileRuns.ts";

const COST_MS_MAX = 200;
const MEMORY_MB_MAX = 200;
/** A processor that is shared does less in the same time. */
const SLOWNESS = 3;
const TIMEOUT_MS = 60_000;

beforeAll(useFastCrypto);

function expectCheap({ name, cpuMs, memoryMb, gasMs }: Step): void {
  expect(cpuMs, `${name}: milliseconds`).toBeLessThan(SLOWNESS * (COST_MS_MAX + gasMs));
  expect(memoryMb, `${name}: megabytes`).toBeLessThan(MEMORY_MB_MAX);
}

describe("a module is refused at once", () => {
  const refused = [...LIMIT_MODULES, ...REFUSED_MODULES].filter(({ refusal }) => refusal !== undefined);

  test.each(refused)("$name", async ({ code, refusal }) => {
    const { machine } = new ContractFixture();
    const { value, step } = await measure("check", () => ({ value: machine.checkModule(code, 1 as Height), gas: 0 }));
    expect(value?.code).toBe(refusal as NonNullable<typeof refusal>);
    expectCheap(step);
  });
});

describe("a contract is stopped in time", () => {
  test.each([...HOSTILE_STORIES, ...HOT_STORIES])(
    "$name",
    async (story) => {
      const { steps, found, expected } = await runStory(story);
      expect(found).toEqual(expected);
      for (const step of steps) expectCheap(step);
    },
    TIMEOUT_MS,
  );
});
