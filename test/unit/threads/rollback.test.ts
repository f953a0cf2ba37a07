// Taking a stopped node's chain back: how far, what stays, and every reason for which it is not done.

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Height } from "../../../src/core/primitives/index.ts";
import { lockDatadir, openStore } from "../../../src/io/sqlite/index.ts";
import { type RollbackOptions, rollBackChain } from "../../../src/threads/rollback.ts";
import { chainOf, deliver, grow } from "../../support/branches.ts";
import { testAccount, testGenesis } from "../../support/chainFixture.ts";
import { openTestChain } from "../../support/testChain.ts";
import { verifyState } from "../../support/verifyChain.ts";

const GENESIS = testGenesis();
const folder = mkdtempSync(join(tmpdir(), "aureon-rollback-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BLOCKS = grow(
  GENESIS,
  [],
  Array.from({ length: 8 }, () => ({})),
);
const SIDE = grow(GENESIS, BLOCKS.slice(0, 6), [{ proposer: testAccount(2).address }]);

let round = 0;
let options: RollbackOptions;

const open = () => openStore({ path: options.databasePath, cacheSizeMb: 4, compression: false });

/** Eight blocks, of which six can be taken back, twice as many as a node would by itself, and a side block at height 7. */
beforeEach(() => {
  const datadir = join(folder, String(round++));
  mkdirSync(join(datadir, "chain"), { recursive: true });
  const databasePath = join(datadir, "chain", "chain.sqlite");
  options = {
    datadir,
    databasePath,
    genesis: GENESIS,
    cacheSizeMb: 4,
    compression: false,
    reorgDepthMax: 3,
    height: 5,
  };
  const store = open();
  deliver(openTestChain({ store, reorgDepthMax: 3 }), [...BLOCKS, ...SIDE]);
  store.close();
});

function failureOf(change: Partial<RollbackOptions>) {
  const result = rollBackChain({ ...options, ...change });
  return result.ok ? undefined : result.failure;
}

test("leaves the chain as it was when that height was the head, and nothing beside it", () => {
  const { chain } = chainOf(GENESIS, BLOCKS.slice(0, 5));
  expect(rollBackChain(options)).toEqual({
    ok: true,
    report: { heightBefore: 8 as Height, height: 5 as Height, hash: chain.head.hash },
  });
  const store = open();
  expect(store.head()?.hash).toBe(chain.head.hash);
  expect(store.sideBlocks()).toEqual([]);
  expect(verifyState(store).problems).toEqual([]);
  const again = openTestChain({ store, reorgDepthMax: 3 });
  expect(deliver(again, BLOCKS.slice(5)).codes).toEqual(["adopted", "adopted", "adopted"]);
  store.close();
});

test("reaches from the head down to where undo records are kept, and not one block further", () => {
  expect(failureOf({ height: 9 })).toMatchObject({
    code: "height_out_of_range",
    message: expect.stringContaining("above the head; this chain can be taken back to heights from 2 to 8") as string,
  });
  expect(failureOf({ height: 1 })?.message).toContain("is not kept (network.max_reorg_depth); this chain");
  expect(rollBackChain({ ...options, height: 8 })).toMatchObject({ ok: true, report: { heightBefore: 8, height: 8 } });
  expect(rollBackChain({ ...options, height: 2 })).toMatchObject({ ok: true, report: { height: 2 } });
  expect(failureOf({ height: 1 })?.message).toContain("from 2 to 2");
});

describe("is not done", () => {
  test("while another process has the folder", () => {
    const lock = lockDatadir(options.datadir);
    expect(failureOf({})).toMatchObject({ code: "datadir_locked" });
    lock.release();
    expect(rollBackChain(options).ok).toBe(true);
  });

  test("to the chain of another genesis", () => {
    expect(failureOf({ genesis: testGenesis({ chainName: "other" }) })).toMatchObject({ code: "genesis_mismatch" });
  });

  test("where there is no chain, and none is made", () => {
    const datadir = join(folder, "none");
    const databasePath = join(datadir, "chain.sqlite");
    expect(failureOf({ datadir, databasePath })).toMatchObject({ code: "datadir_unusable" });
    expect(existsSync(datadir)).toBe(false);
  });

  test("to a damaged database", () => {
    writeFileSync(options.databasePath, "no database\n".repeat(1000));
    expect(failureOf({})).toMatchObject({ code: "database_corrupt" });
  });
});
