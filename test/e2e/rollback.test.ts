// `aureon rollback` of the compiled program: a chain of a few blocks is taken back, the node goes on from there, and every
// wrong use is told with its exit code.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgramRunner } from "../support/refusalProgram.ts";

const RECEIVER = `0x${"11".repeat(20)}`;
const PAYMENTS = 4;

let model = "";
let folder = "";
const { run, serve, stopAll } = createProgramRunner({ cwd: () => folder });
const rollback = (height: number) => run(["rollback", "--datadir", "data", "--height", String(height)]);

async function pay(url: string): Promise<void> {
  const body = JSON.stringify({ to: RECEIVER, amount: 5 });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${url}/submit-tx?wait=included`, { method: "POST", headers, body })).status).toBe(200);
}

async function answer<Value>(url: string, path: string): Promise<Value> {
  return (await (await fetch(`${url}${path}`)).json()) as Value;
}

async function headOf(url: string): Promise<{ height: number; hash: string }> {
  return (await answer<{ head: { height: number; hash: string } }>(url, "/chain/head")).head;
}

beforeAll(async () => {
  model = mkdtempSync(join(tmpdir(), "aureon-e2e-rollback-model-"));
  folder = model;
  const { url } = await serve(["dev", "--datadir", "data"]);
  for (let count = 0; count < PAYMENTS; count++) await pay(url);
  await stopAll();
});
afterAll(() => rmSync(model, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aureon-e2e-rollback-"));
  cpSync(join(model, "data"), join(folder, "data"), { recursive: true });
});
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

test("a chain is taken back, stays there, and goes on", async () => {
  const { stdout, stderr, code } = await rollback(1);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  const [, count = "", hash] =
    /^Took back (\d+) blocks: the head is at height 1, (0x[0-9a-f]{64})\.\n$/.exec(stdout) ?? [];
  expect(Number(count)).toBeGreaterThanOrEqual(PAYMENTS - 1);
  const { url } = await serve(["start", "--datadir", "data"], { AUREON_MINING_ENABLED: "false" });
  expect(await headOf(url)).toMatchObject({ height: 1, hash: hash as string });
  const { balance } = await answer<{ balance: number }>(url, `/balance/${RECEIVER}`);
  expect(balance).toBeLessThanOrEqual(5);
  await stopAll();
  const again = await serve(["dev", "--datadir", "data"]);
  await pay(again.url);
  expect(await answer<{ balance: number }>(again.url, `/balance/${RECEIVER}`)).toMatchObject({ balance: balance + 5 });
});

test("a height out of range ends with 2 and says which there are", async () => {
  const above = await rollback(1_000_000);
  expect(above).toMatchObject({ code: 2, stdout: "" });
  expect(above.stderr).toMatch(
    /^aureon: height 1000000 was asked for, which is above the head; this chain can be taken back to heights from 0 to \d+\n$/,
  );
  const nowhere = await run(["rollback", "--datadir", "data", "--height", "1"], { AUREON_DATABASE_PATH: "none" });
  expect(nowhere).toMatchObject({ code: 2, stdout: "" });
  expect(nowhere.stderr).toContain("there is no chain to take back");
});

test("a running node keeps its chain: 3", async () => {
  const { url, child } = await serve(["dev", "--datadir", "data"]);
  const before = await headOf(url);
  const refused = await rollback(1);
  expect(refused).toMatchObject({ code: 3, stdout: "" });
  expect(refused.stderr).toContain(`is in use by process ${child.pid}`);
  expect((await headOf(url)).height).toBeGreaterThanOrEqual(before.height);
});

test("another chain's configuration ends with 5", async () => {
  const { code, stderr } = await run(["rollback", "--datadir", "data", "--height", "1"], {
    AUREON_GENESIS_CHAIN_NAME: "other",
  });
  expect({ code, names: stderr.includes("the data folder holds the chain") }).toEqual({ code: 5, names: true });
});
