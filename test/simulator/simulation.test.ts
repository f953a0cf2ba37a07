// The simulator itself: a seed replays, a planted bug is found, and what hostile peers send is what the node's own reader
// refuses.

import { beforeAll, describe, expect, test } from "bun:test";
import { lineSizeBytesMax } from "../../src/core/network/index.ts";
import { useFastCrypto } from "../support/fastCrypto.ts";
import { BUGS, type PlantedBug } from "./bugs.ts";
import { HOSTILE_LINE_NAMES, HOSTILE_LINES } from "./byzantine/lines.ts";
import { hunt } from "./plantedBugs.ts";
import { Random } from "./random.ts";
import { runSeed } from "./runSeed.ts";
import { runSimulation } from "./simulation.ts";
import { createWire } from "./wire.ts";

const OPTIONS = { nodeCount: 3, minutes: 1 };

beforeAll(useFastCrypto);

describe("a seed", () => {
  test("does the same each time, and another seed something else", () => {
    const [once, again, other] = [7, 7, 8].map((seed) => runSimulation({ seed, ...OPTIONS }));
    expect(once).toEqual(again as never);
    expect(once?.ok).toBe(true);
    expect(once?.traceHash).not.toBe(other?.traceHash as string);
    expect(once?.figures.blocks).toBeGreaterThan(5);
    expect(once?.figures.transactions).toBeGreaterThan(5);
  });

  test("is found out when it does not", () => {
    // Seeds that end in 5 run twice. A count that goes on from run to run stands for any state that is left behind.
    let draws = 0;
    const original = Random.prototype.bytes;
    Random.prototype.bytes = function (count) {
      draws++;
      return original.call(this, count).fill(draws % 256, 0, 1);
    };
    try {
      const result = runSeed(5, OPTIONS);
      expect(result.ok ? "ok" : result.check).toBe("deterministic");
    } finally {
      Random.prototype.bytes = original;
    }
  });
});

describe("a planted bug", () => {
  const named = (name: string) => BUGS.find((bug) => bug.name === name) as PlantedBug;

  test("is found, with the check that found it, and is gone afterwards", () => {
    const bug = named("a changed value is lost on its way to the store");
    expect(hunt(bug, { ...OPTIONS, seedsMax: 5 })).toMatchObject({ seeds: 1, check: "state root" });
    expect(runSeed(1, OPTIONS).ok).toBe(true);
  });

  test("has a name of its own, and there are ten or more", () => {
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
    expect(BUGS.length).toBeGreaterThanOrEqual(10);
  });
});

describe("a hostile line", () => {
  const blockSizeBytesMax = 16 * 1024;
  const lineMax = lineSizeBytesMax(blockSizeBytesMax);

  test.each(HOSTILE_LINE_NAMES)("is a fault or no line yet: %s", (name) => {
    const read = createWire({ blockSizeBytesMax }).createReader();
    const bytes = HOSTILE_LINES[name]?.(new Random(name), lineMax) ?? new Uint8Array(0);
    const readings = read(bytes);
    expect(readings.filter(({ kind }) => kind === "message")).toEqual([]);
    const isUnfinished = name === "without end" || bytes.at(-1) !== 10;
    expect(readings.length > 0 || isUnfinished).toBe(true);
  });
});
