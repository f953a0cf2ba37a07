// The lock of a data folder. SQLite's lock on a small file of its own is the lock: the kernel lets go of it when the
// process ends, however it ends. The process id beside it is only there to be named.

import { Database } from "bun:sqlite";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./errors.ts";

const LOCK_FILE = "lock.sqlite";
const PID_FILE = "aureon.pid";

// A connection that nobody refers to is collected as garbage, and its lock with it.
const held = new Set<Database>();

export interface DatadirLock {
  release(): void;
}

function readPid(datadir: string): string {
  try {
    return readFileSync(join(datadir, PID_FILE), "utf8").trim();
  } catch {
    return "unknown";
  }
}

/** The usual reason, above all where a container is given a folder of its machine; "" where it is another one. */
function foreignOwner(datadir: string): string {
  const user = process.getuid?.();
  try {
    const owner = statSync(datadir).uid;
    return user === undefined || owner === user
      ? ""
      : `; it belongs to user ${owner}, and this process is user ${user}`;
  } catch {
    return "";
  }
}

function unusable(datadir: string, error: unknown): StoreError {
  const message = `the data folder ${datadir} can't be used: ${(error as Error).message}${foreignOwner(datadir)}`;
  return new StoreError("datadir_unusable", message, { cause: error });
}

/** Creates the folder when it is absent and locks it for this process. @throws StoreError */
export function lockDatadir(datadir: string): DatadirLock {
  let database: Database;
  try {
    mkdirSync(datadir, { recursive: true });
    database = new Database(join(datadir, LOCK_FILE), { create: true, readwrite: true });
  } catch (error) {
    throw unusable(datadir, error);
  }
  try {
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { code?: unknown }).code === "SQLITE_BUSY") {
      const pid = readPid(datadir);
      throw new StoreError(
        "datadir_locked",
        `the data folder ${datadir} is in use by process ${pid}; stop it, or give this node another --datadir`,
      );
    }
    throw unusable(datadir, error);
  }
  try {
    writeFileSync(join(datadir, PID_FILE), `${process.pid}\n`);
  } catch (error) {
    database.close();
    throw unusable(datadir, error);
  }
  held.add(database);
  const release = () => {
    held.delete(database);
    database.close();
  };
  return { release };
}
