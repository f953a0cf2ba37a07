// A share of the campaign of spoilt lines (test/simulator/fuzzLines.ts), from a new seed each time.

import { expect, test } from "bun:test";
import type { MessageType } from "../../src/core/network/wire/message.ts";
import { FuzzedReplica } from "../support/fuzzedReplica.ts";
import { BLOCK_SIZE_BYTES_MAX, fuzzLines } from "../support/wireFuzz.ts";

const LINES = 20_000;
const seed = Number(process.env.AUREON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`spoilt lines: AUREON_TEST_SEED=${seed}`);

test("spoilt lines are messages or refusals", () => {
  const types = new Set<MessageType>();
  let events = 0;
  const report = fuzzLines({
    seed,
    lines: LINES,
    handle: (event) => {
      events++;
      if (event.kind === "message") types.add(event.message.type);
    },
  });
  // Nearly every line ends in one event; mutations bring in a few line feeds more.
  expect(events).toBeGreaterThan(LINES * 0.95);
  expect(types.size).toBe(10);
  expect(report.faults.malformed_message).toBeGreaterThan(LINES / 2);
  expect(report.faults.line_too_long).toBeGreaterThan(0);
  expect(report.heapGrownBytes).toBeLessThan(16 * 1024 * 1024);
});

test("what is left of spoilt lines does a replica no harm, and it holds no more than its bounds", () => {
  const replica = new FuzzedReplica({ seed, blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });
  const { samples } = replica;
  fuzzLines({ seed, lines: LINES, samples, handle: (event) => replica.handle(event) });
  const { handled, connections, held } = replica.report();
  expect(handled).toBeGreaterThan(LINES / 20);
  expect(connections).toBeGreaterThan(LINES / 100);
  const overfull = Object.entries(held).filter(([, [count, countMax]]) => count > countMax);
  expect(overfull).toEqual([]);
});

test("a seed gives the same campaign again", () => {
  const run = (from: number) => {
    const reasons: string[] = [];
    fuzzLines({ seed: from, lines: 300, handle: (event) => reasons.push(Bun.inspect(event)) });
    return reasons;
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});
