// The journal of waiting transactions where the system refuses to write: the process may write files of a few kilobytes
// only, which is refused as a full disk is.

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bytesToHex } from "../../../src/core/primitives/index.ts";
import { PendingJournal } from "../../../src/threads/pendingJournal.ts";

const folder = mkdtempSync(join(tmpdir(), "aureon-pending-"));
const path = join(folder, "mempool.journal");

afterAll(() => rmSync(folder, { recursive: true }));

const SCRIPT = `
  import { PendingJournal } from ${JSON.stringify(resolve("src/threads/pendingJournal.ts"))};
  const waiting = [Uint8Array.of(7, 8, 9)];
  const errors = [];
  const journal = new PendingJournal({
    path: ${JSON.stringify(path)},
    readWaiting: async () => waiting,
    onWriteError: (reason) => errors.push(reason),
  });
  await journal.replayed();
  journal.append([Uint8Array.of(1)]);
  journal.append([new Uint8Array(1_000_000)]);
  journal.append([Uint8Array.of(2)]);
  console.log(JSON.stringify(errors));
  journal.onCommitted({ mempoolCount: 1, mempoolSizeBytes: 3 });
  await Promise.resolve();
  await Promise.resolve();
  journal.append([Uint8Array.of(3)]);
  journal.close();
`;

test("a journal that can't be written is reported once, and written anew when it can be", () => {
  const limited = 'trap "" XFSZ; ulimit -f 64; exec "$0" -e "$1"';
  const child = Bun.spawnSync(["sh", "-c", limited, process.execPath, SCRIPT], { stdout: "pipe", stderr: "pipe" });
  expect(child.stderr.toString()).toBe("");
  const errors = JSON.parse(child.stdout.toString()) as string[];
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain("EFBIG");
  const after = new PendingJournal({ path, readWaiting: async () => [], onWriteError: () => undefined });
  expect(after.recovered.map(bytesToHex)).toEqual(["0x070809", "0x03"]);
  after.close();
});
