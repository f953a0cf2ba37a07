// A damaged database ends the node with 4 and words, wherever the damage lies; and one database serves one node.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ISOLATED_ENVIRONMENT, startBinary } from "../support/binary.ts";

const PAGE_SIZE_BYTES = 8192;
const folder = mkdtempSync(join(tmpdir(), "aureon-damage-"));
const base = join(folder, "base");
const binary = resolve(process.env.AUREON_BINARY ?? "dist/aureon");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(base);
  const node = await startBinary({ datadir: base });
  const answer = await fetch(`${node.url}/submit-tx?wait=included`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", amount: 1 }),
  });
  expect(answer.status).toBe(200);
  await node.stop();
});

/** Starts a node that is expected to end by itself. */
async function runToEnd(datadir: string): Promise<{ exitCode: number; stderr: string }> {
  const child = Bun.spawn([binary, "dev", "--datadir", datadir, "--port", "0"], {
    stdout: "ignore",
    stderr: "pipe",
    timeout: 10_000,
    env: { ...process.env, ...ISOLATED_ENVIRONMENT },
  });
  const stderr = await new Response(child.stderr).text();
  return { exitCode: await child.exited, stderr };
}

test("every page of a small database", async () => {
  const pages = statSync(join(base, "chain", "chain.sqlite")).size / PAGE_SIZE_BYTES;
  expect(pages).toBeGreaterThan(5);
  const garbage = new Uint8Array(PAGE_SIZE_BYTES).map((_, index) => (index * 167 + 13) % 251);
  for (let page = 0; page < pages; page++) {
    const copy = join(folder, `page${page}`);
    cpSync(base, copy, { recursive: true });
    const file = openSync(join(copy, "chain", "chain.sqlite"), "r+");
    writeSync(file, garbage, 0, PAGE_SIZE_BYTES, page * PAGE_SIZE_BYTES);
    closeSync(file);
    const { exitCode, stderr } = await runToEnd(copy);
    expect([page, exitCode]).toEqual([page, 4]);
    expect(stderr).toContain("damaged");
    expect(stderr).not.toContain("    at ");
  }
});

test("a database in the use of another data folder's node", async () => {
  const shared = join(folder, "shared");
  const datadirs = ["one", "two"].map((name) => join(folder, name));
  for (const datadir of datadirs) {
    mkdirSync(datadir);
    cpSync(join(base, "config.toml"), join(datadir, "config.toml"));
  }
  const env = { AUREON_DATABASE_PATH: shared };
  const [one, two] = datadirs as [string, string];
  const first = await startBinary({ datadir: one, env });
  const child = Bun.spawn([binary, "dev", "--datadir", two, "--port", "0"], {
    stdout: "ignore",
    stderr: "pipe",
    timeout: 10_000,
    env: { ...process.env, ...env, ...ISOLATED_ENVIRONMENT },
  });
  expect(await new Response(child.stderr).text()).toContain(String(first.pid));
  expect(await child.exited).toBe(3);
  await first.stop();
});
