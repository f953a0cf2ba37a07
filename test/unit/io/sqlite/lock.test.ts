// The lock of a data folder, held by real processes.

import { afterEach, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { StoreError } from "../../../../src/io/sqlite/errors.ts";
import { lockDatadir } from "../../../../src/io/sqlite/lock.ts";
import { useTemporaryFolder } from "./folder.ts";

const file = useTemporaryFolder();
const datadir = () => file("data");

function failureOf(attempt: () => unknown): StoreError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new RangeError("the folder was locked");
}

const holders: Bun.Subprocess[] = [];
afterEach(() => {
  for (const holder of holders.splice(0)) holder.kill("SIGKILL");
});

/** A process that locks the folder, keeps no hold of what it was given, says so, and stays until it is killed. */
async function startHolder() {
  const script = `
    import { lockDatadir } from "./src/io/sqlite/index.ts";
    lockDatadir(process.argv[1]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    Bun.gc(true);
    console.log("locked");
    setInterval(() => undefined, 1000);
  `;
  const child = Bun.spawn([process.execPath, "-e", script, datadir()], { stdout: "pipe", stderr: "ignore" });
  holders.push(child);
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("locked\n");
  return child;
}

test("creates the folder, and can be taken again when it was let go", () => {
  const nested = file("a/b/data");
  lockDatadir(nested).release();
  expect(existsSync(nested)).toBe(true);
  lockDatadir(nested).release();
});

test("is refused to a second holder in one process", () => {
  const lock = lockDatadir(datadir());
  expect(failureOf(() => lockDatadir(datadir()))).toMatchObject({ code: "datadir_locked" });
  lock.release();
  lockDatadir(datadir()).release();
});

test("is refused while another process holds it, which is named, and free when that was killed", async () => {
  const holder = await startHolder();
  const failure = failureOf(() => lockDatadir(datadir()));
  expect(failure.code).toBe("datadir_locked");
  expect(failure.message).toContain(`process ${holder.pid};`);
  expect(failure.message).toContain(datadir());
  holder.kill("SIGKILL");
  await holder.exited;
  const lock = lockDatadir(datadir());
  const now = failureOf(() => lockDatadir(datadir()));
  expect(now.message).toContain(`process ${process.pid};`);
  lock.release();
});

test("a folder that can't be made is told as such", () => {
  writeFileSync(file("data"), "a file in the place of the folder");
  const failure = failureOf(() => lockDatadir(datadir()));
  expect(failure.code).toBe("datadir_unusable");
  expect(failure.message).toContain(datadir());
});

test("a lock file that is no database is told as such", () => {
  lockDatadir(datadir()).release();
  writeFileSync(file("data/lock.sqlite"), "no database at all. ".repeat(100));
  expect(failureOf(() => lockDatadir(datadir())).code).toBe("datadir_unusable");
});
