// `aureon rollback`: what it asks for, and what it tells of the outcome.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import type { RollbackOptions } from "../../../../../src/app/cli/dependencies.ts";
import { StartError } from "../../../../../src/app/cli/exitCodes.ts";
import { createHarness, type Harness, LOCKED } from "../harness.ts";

const HASH = `0x${"ab".repeat(32)}`;

let cli: Harness;
let asked: RollbackOptions[];
beforeEach(async () => {
  cli = createHarness();
  asked = [];
  await cli.run(["init", "--dev", "--datadir", "data"]);
  cli.output.stdout = "";
  cli.node.rollBack = (options) => {
    asked.push(options);
    return Promise.resolve({ heightBefore: 8, height: options.height, hash: HASH });
  };
});
afterEach(() => cli.remove());

test.each([
  [5, "Took back 3 blocks: the head is at height 5"],
  [7, "Took back 1 block: the head is at height 7"],
  [8, "Nothing to take back: the head is at height 8"],
])("to height %i says how many blocks are gone", async (height, text) => {
  expect(await cli.run(["rollback", "--datadir", "data", "--height", String(height)])).toBe(0);
  expect(cli.output).toEqual({ stdout: `${text}, ${HASH}.\n`, stderr: "" });
});

test("uses the configuration that start would use", async () => {
  await cli.run(["rollback", "--datadir", "data", "--height=0"], { AUREON_NETWORK_MAX_REORG_DEPTH: "7" });
  expect(asked).toMatchObject([
    { height: 0, datadir: join(cli.folder, "data"), config: { network: { maxReorgDepth: 7 } } },
  ]);
  expect(cli.started).toEqual([]);
});

test("a reason that the user can mend is told with its exit code; another one ends with 1", async () => {
  const failures: [Error, number, string][] = [
    [LOCKED, 3, "the data folder is in use by process 42"],
    [new StartError(2, "height 9 was asked for"), 2, "height 9 was asked for"],
    [new RangeError("unforeseen"), 1, "unforeseen"],
  ];
  for (const [error, code, message] of failures) {
    cli.output.stderr = "";
    cli.node.rollBack = () => Promise.reject(error);
    expect(await cli.run(["rollback", "--datadir", "data", "--height", "9"])).toBe(code);
    expect(cli.output).toEqual({ stdout: "", stderr: `aureon: ${message}\n` });
  }
});
