// The state tree's new root after a block: 4,000 changed leaves among 1,000,000 accounts and among 10,000, over the SQLite
// store, as a node has it. Warm: the caches are full of earlier blocks' pages. Cold: the database was just opened.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useCryptoBackend } from "../src/core/crypto/index.ts";
import { pageChanges, StateTree } from "../src/core/merkle/index.ts";
import type { BlockCommit, StateChange } from "../src/core/ports/index.ts";
import { type Bytes, bytesToHash, type Hash, type Height, Writer, ZERO_HASH } from "../src/core/primitives/index.ts";
import { leafChanges } from "../src/core/state/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { type OpenStore, openStore } from "../src/io/sqlite/index.ts";
import { type Figure, progress, publish } from "./support/figures.ts";

const CHANGED = 4000;
const ROUNDS = 7;
const AIM_MS = 100;
// The defaults of a node: [database] cache_size_mb, and the decoded pages that a replica's thread derives from it.
const CACHE_SIZE_MB = 64;
const CACHED_PAGES_MAX = 6400;
const FILL_CHUNK = 50_000;
const ACCOUNTS = { small: 10_000, large: Number(process.env.ACCOUNTS ?? 1_000_000) };

function numbered(name: number): Hash {
  return bytesToHash(new Writer(32).u64(0).u64(0).u64(0).u64(name).finish());
}

/** Spread over the key space as addresses are, and the same in every run. */
function accountKeyOf(index: number): Bytes {
  const key = new Uint8Array(21);
  key[0] = 1;
  new DataView(key.buffer).setUint32(17, index);
  return key;
}

function accountValue(balance: number): Bytes {
  return new Writer(32).u64(balance).u64(1).u64(0).bool(false).finish();
}

function commitOf(height: number, state: readonly StateChange[], pages: BlockCommit["pages"]): BlockCommit {
  return {
    block: {
      hash: numbered(height + 1),
      height: height as Height,
      parentHash: height === 0 ? ZERO_HASH : numbered(height),
      totalWork: BigInt(height + 1),
      header: new Uint8Array(1),
      body: new Uint8Array(1),
      receipts: new Uint8Array(1),
      transactionHashes: [],
    },
    state,
    pages,
    undoHeightMin: 0 as Height,
    eventSources: [],
  };
}

class Fixture {
  readonly path: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "aureon-bench-"));
  private readonly accounts: number;
  private height = 0;
  private balance = 1;
  private random = 1;
  store: OpenStore;
  tree: StateTree;

  constructor(accounts: number) {
    this.accounts = accounts;
    this.path = join(this.folder, "chain.sqlite");
    this.store = this.openStore();
    this.tree = this.openTree();
    for (let start = 0; start < accounts; start += FILL_CHUNK) {
      const count = Math.min(FILL_CHUNK, accounts - start);
      this.commit(Array.from({ length: count }, (_, index) => start + index));
    }
  }

  private openStore(): OpenStore {
    return openStore({ path: this.path, cacheSizeMb: CACHE_SIZE_MB, compression: false });
  }

  private openTree(): StateTree {
    return new StateTree({ readPage: (prefix) => this.store.treePage(prefix), cachedPagesMax: CACHED_PAGES_MAX });
  }

  /** Forgets every cache of the process; the operating system's keeps the file. */
  reopen(): void {
    this.store.close();
    this.store = this.openStore();
    this.tree = this.openTree();
  }

  /** Distinct accounts all over the tree. */
  pick(): number[] {
    const picked = new Set<number>();
    while (picked.size < CHANGED) {
      this.random = (Math.imul(this.random, 1_664_525) + 1_013_904_223) >>> 0;
      picked.add(Math.floor((this.random / 2 ** 32) * this.accounts));
    }
    return [...picked];
  }

  /** Milliseconds that the update of the tree took, without the commit that follows. */
  commit(indexes: readonly number[]): number {
    const value = accountValue(this.balance++);
    const state = indexes.map((index) => ({ key: accountKeyOf(index), value, previous: undefined }));
    const leaves = leafChanges(state);
    const startedMs = performance.now();
    const update = this.tree.update(leaves);
    const elapsedMs = performance.now() - startedMs;
    this.store.commitBlock(commitOf(this.height++, state, pageChanges(update)));
    this.tree.adopt(update);
    return elapsedMs;
  }

  dispose(): void {
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Timing {
  readonly warmMs: number;
  readonly coldMs: number;
}

function measure(accounts: number): Timing {
  progress(`filling a tree of ${accounts} accounts`);
  const fixture = new Fixture(accounts);
  try {
    const warm = Array.from({ length: ROUNDS }, () => fixture.commit(fixture.pick()));
    const cold = Array.from({ length: ROUNDS }, () => {
      fixture.reopen();
      return fixture.commit(fixture.pick());
    });
    progress(
      `warm ${warm.map((ms) => ms.toFixed(0)).join(" ")} ms, cold ${cold.map((ms) => ms.toFixed(0)).join(" ")} ms`,
    );
    return { warmMs: Math.min(...warm), coldMs: Math.min(...cold) };
  } finally {
    fixture.dispose();
  }
}

useCryptoBackend(chooseCryptoBackend().backend);
const small = measure(ACCOUNTS.small);
const large = measure(ACCOUNTS.large);

function rows(temperature: "warm" | "cold", key: keyof Timing): Figure[] {
  const [smallMs, largeMs] = [small[key], large[key]];
  const among = (accounts: number) => `${CHANGED} leaves of ${accounts.toLocaleString("en-US")}, ${temperature}`;
  return [
    {
      what: among(ACCOUNTS.large),
      measured: `${largeMs.toFixed(1)} ms`,
      beside: `limit ${AIM_MS} ms`,
      ratio: largeMs / AIM_MS,
      aim: { atMost: 1 },
    },
    {
      what: among(ACCOUNTS.small),
      measured: `${smallMs.toFixed(1)} ms`,
      beside: `of ${ACCOUNTS.large.toLocaleString("en-US")}: ${largeMs.toFixed(1)} ms`,
      ratio: smallMs / largeMs,
      aim: { atMost: 2 },
    },
  ];
}

publish({
  title: "Root of the state tree",
  figures: [...rows("warm", "warmMs"), ...rows("cold", "coldMs")],
  notes: [
    `The best of ${ROUNDS} updates each, with the caches that a node has by default; the commit is not counted.`,
    "Cold means a database that was just opened; the operating system's cache still holds the file.",
  ],
});
