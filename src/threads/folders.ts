// The locks of the folders that a node uses.

import { dirname } from "node:path";
import { type DatadirLock, lockDatadir } from "../io/sqlite/index.ts";
import { type NodeFailure, toFailure } from "./failure.ts";

export type FolderLock =
  | { readonly ok: true; readonly releaseLock: () => void }
  | { readonly ok: false; readonly failure: NodeFailure };

/** Locks both folders, or none: the database may be kept outside of the data folder, where another node could find it. */
export function lockFolders(options: { datadir: string; databasePath: string }): FolderLock {
  const locks: DatadirLock[] = [];
  const releaseLock = () => {
    for (const lock of locks.splice(0)) lock.release();
  };
  try {
    for (const folder of [options.datadir, dirname(options.databasePath)]) locks.push(lockDatadir(folder));
    return { ok: true, releaseLock };
  } catch (error) {
    releaseLock();
    return { ok: false, failure: toFailure(error) };
  }
}
