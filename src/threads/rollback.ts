// Takes the chain of a stopped node back to a height, on the thread that asks for it: nothing else runs.

import { existsSync } from "node:fs";
import { Chain, createGenesisBlock } from "../core/chain/index.ts";
import { useCryptoBackend } from "../core/crypto/index.ts";
import { VirtualMachine } from "../core/execution/index.ts";
import { createEngine } from "../core/node/index.ts";
import type { Hash, Height } from "../core/primitives/index.ts";
import type { Genesis } from "../core/protocol/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { type OpenStore, openStore } from "../io/sqlite/index.ts";
import { wasmRuntime } from "../io/wasm/index.ts";
import { genesisMismatch, INCONSISTENT_STATE, type NodeFailure, toFailure, toOpeningFailure } from "./failure.ts";
import { lockFolders } from "./folders.ts";

// Taking blocks back needs few pages at a time.
const CACHED_PAGES_MAX = 4096;

export interface RollbackOptions {
  readonly datadir: string;
  readonly databasePath: string;
  readonly genesis: Genesis;
  readonly cacheSizeMb: number;
  readonly compression: boolean;
  readonly reorgDepthMax: number;
  readonly height: number;
}

export interface RollbackReport {
  readonly heightBefore: Height;
  readonly height: Height;
  readonly hash: Hash;
}

export type RollbackResult =
  | { readonly ok: true; readonly report: RollbackReport }
  | {
      readonly ok: false;
      readonly failure: NodeFailure | { readonly code: "height_out_of_range"; readonly message: string };
    };

export function rollBackChain(options: RollbackOptions): RollbackResult {
  const { datadir, databasePath } = options;
  // Opening would make them.
  if (!existsSync(datadir) || !existsSync(databasePath)) {
    const message = `there is no chain to take back: ${databasePath} does not exist`;
    return { ok: false, failure: { code: "datadir_unusable", message } };
  }
  useCryptoBackend(chooseCryptoBackend().backend);
  const lock = lockFolders({ datadir, databasePath });
  if (!lock.ok) return lock;
  let store: OpenStore | undefined;
  try {
    store = openStore({ ...options, path: databasePath });
    return rollBackIn(store, options);
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  } finally {
    store?.close();
    lock.releaseLock();
  }
}

function openChain(store: OpenStore, { genesis, reorgDepthMax }: RollbackOptions): Chain | NodeFailure {
  const engine = createEngine(genesis, { reorgDepthMax });
  const machine = new VirtualMachine({ runtime: wasmRuntime });
  const expected = createGenesisBlock({ genesis, engine }).hash;
  const mismatch = genesisMismatch(store.hashAt(0 as Height), expected);
  if (mismatch !== undefined) return mismatch;
  try {
    const chain = new Chain({ store, genesis, engine, machine, cachedPagesMax: CACHED_PAGES_MAX });
    return chain.isConsistent() ? chain : INCONSISTENT_STATE;
  } catch (error) {
    return toOpeningFailure(error);
  }
}

function rollBackIn(store: OpenStore, options: RollbackOptions): RollbackResult {
  const chain = openChain(store, options);
  if (!(chain instanceof Chain)) return { ok: false, failure: chain };
  const heightBefore = chain.head.header.height;
  const heightMin = chain.rollbackHeightMin();
  const height = options.height as Height;
  if (height > heightBefore || height < heightMin) {
    const reason =
      height > heightBefore
        ? "which is above the head"
        : "and what it takes to go back there is not kept (network.max_reorg_depth)";
    const message = `height ${height} was asked for, ${reason}; this chain can be taken back to heights from ${heightMin} to ${heightBefore}`;
    return { ok: false, failure: { code: "height_out_of_range", message } };
  }
  chain.rollback(height);
  return { ok: true, report: { heightBefore, height, hash: chain.head.hash } };
}
