// The Store port over bun:sqlite. A block with its state, indexes, undo record and the new head is one SQLite
// transaction, so a crash leaves all of it or nothing.

import type { Database, Statement } from "bun:sqlite";
import type { BlockCommit, PageChange, RevertCommit, StateChange, Store, StoredBlock } from "../../core/ports/index.ts";
import {
  assert,
  type Bytes,
  HASH_SIZE_BYTES,
  type Hash,
  type Height,
  hexToBytes,
  Writer,
} from "../../core/primitives/index.ts";
import { CachedStoreReader } from "./cachedReader.ts";
import { openDatabase, openReadOnlyDatabase } from "./database.ts";
import { SqliteStoreReader, workToBytes } from "./reader.ts";
import { POSITION_STRIDE } from "./schema.ts";
import { WalIndex } from "./walIndex.ts";

export interface StoreOptions {
  readonly path: string;
  readonly cacheSizeMb: number;
  /** Compresses bodies and receipts with zstd; blocks that were stored otherwise stay readable. */
  readonly compression: boolean;
}

function joinHashes(hashes: readonly Hash[]): Bytes {
  const joined = new Uint8Array(hashes.length * HASH_SIZE_BYTES);
  hashes.forEach((hash, index) => {
    joined.set(hexToBytes(hash), index * HASH_SIZE_BYTES);
  });
  return joined;
}

class SqliteStore extends SqliteStoreReader implements Store {
  private readonly compression: boolean;
  private readonly insertBlock: Statement;
  private readonly insertCanonical: Statement;
  private readonly deleteCanonical: Statement;
  private readonly insertPosition: Statement;
  private readonly deletePosition: Statement;
  private readonly upsertState: Statement;
  private readonly deleteState: Statement;
  private readonly insertUndo: Statement;
  private readonly selectUndo: Statement;
  private readonly deleteUndo: Statement;
  private readonly insertUndoKeys: Statement;
  private readonly deleteUndoKeys: Statement;
  private readonly upsertPage: Statement;
  private readonly deletePage: Statement;

  constructor(database: Database, compression: boolean) {
    super(database);
    this.compression = compression;
    // A block that was taken back is kept, and may come again; then under another setting of compression, perhaps.
    this.insertBlock = database.query(
      `INSERT INTO block (hash, height, parent_hash, total_work, header, body, receipts, transaction_hashes, compression)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (hash) DO UPDATE
       SET body = excluded.body, receipts = excluded.receipts, compression = excluded.compression
       RETURNING id`,
    );
    this.insertCanonical = database.query("INSERT INTO canonical (height, block_id) VALUES (?, ?)");
    this.deleteCanonical = database.query("DELETE FROM canonical WHERE height = ?");
    this.insertPosition = database.query("INSERT INTO transaction_position (hash, position) VALUES (?, ?)");
    this.deletePosition = database.query("DELETE FROM transaction_position WHERE hash = ?");
    this.upsertState = database.query(
      "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    );
    this.deleteState = database.query("DELETE FROM state WHERE key = ?");
    this.insertUndo = database.query("INSERT INTO undo (key, height, previous) VALUES (?, ?, ?)");
    this.selectUndo = database.query("SELECT previous FROM undo WHERE key = ? AND height = ?");
    this.deleteUndo = database.query("DELETE FROM undo WHERE key = ? AND height = ?");
    this.insertUndoKeys = database.query("INSERT INTO undo_keys (height, keys) VALUES (?, ?)");
    this.deleteUndoKeys = database.query("DELETE FROM undo_keys WHERE height = ?");
    this.upsertPage = database.query(
      "INSERT INTO tree_page (prefix, body) VALUES (?, ?) ON CONFLICT (prefix) DO UPDATE SET body = excluded.body",
    );
    this.deletePage = database.query("DELETE FROM tree_page WHERE prefix = ?");
  }

  commitBlock(commit: BlockCommit): void {
    const { block } = commit;
    const head = this.head();
    assert(
      head === undefined ? block.height === 0 : block.parentHash === head.hash && block.height === head.height + 1,
      "a committed block follows the head",
    );
    this.database.transaction(() => {
      this.insertCanonical.run(block.height, this.writeBlock(block));
      block.transactionHashes.forEach((hash, index) => {
        this.insertPosition.run(hexToBytes(hash), block.height * POSITION_STRIDE + index);
      });
      this.writeUndo(block.height, commit.state);
      this.writeState(commit.state);
      this.writePages(commit.pages);
    })();
  }

  private writeBlock(block: StoredBlock): number {
    const pack = (bytes: Bytes) => (this.compression ? Bun.zstdCompressSync(bytes.slice()) : bytes);
    const row = this.insertBlock.get(
      hexToBytes(block.hash),
      block.height,
      hexToBytes(block.parentHash),
      workToBytes(block.totalWork),
      block.header,
      pack(block.body),
      pack(block.receipts),
      joinHashes(block.transactionHashes),
      this.compression ? 1 : 0,
    ) as { id: number };
    return row.id;
  }

  private writeUndo(height: Height, changes: readonly StateChange[]): void {
    const keys = new Writer(changes.length * 32 + 4).u32(changes.length);
    for (const { key, previous } of changes) {
      keys.bytes(key);
      this.insertUndo.run(key, height, previous ?? null);
    }
    this.insertUndoKeys.run(height, keys.finish());
  }

  private writeState(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.deleteState.run(key);
      else this.upsertState.run(key, value);
    }
  }

  private writePages(pages: readonly PageChange[]): void {
    for (const { prefix, body } of pages) {
      if (body === undefined) this.deletePage.run(prefix);
      else this.upsertPage.run(prefix, body);
    }
  }

  private undoKeys(height: Height): readonly Bytes[] {
    const keys = this.changedKeysAt(height);
    assert(keys !== undefined, "the undo record of a block that is taken back is kept");
    return keys;
  }

  changesAt(height: Height): readonly StateChange[] {
    return this.snapshot(() =>
      this.undoKeys(height).map((key) => {
        const row = this.selectUndo.get(key, height) as { previous: Bytes | null };
        return { key, value: this.stateValueAt(key, height), previous: row.previous ?? undefined };
      }),
    );
  }

  revertHead(commit: RevertCommit): void {
    const head = this.head();
    assert(head !== undefined && head.height === commit.height && head.height > 0, "the head is what is taken back");
    this.database.transaction(() => {
      const block = this.block(head.hash);
      assert(block !== undefined, "the head block is stored");
      for (const hash of block.transactionHashes) this.deletePosition.run(hexToBytes(hash));
      for (const key of this.undoKeys(commit.height)) this.deleteUndo.run(key, commit.height);
      this.deleteUndoKeys.run(commit.height);
      this.writeState(commit.state);
      this.writePages(commit.pages);
      this.deleteCanonical.run(commit.height);
    })();
  }

  override close(): void {
    // SQLite folds the log only when the last connection closes, and a reader that outlives this one could not.
    try {
      this.database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      super.close();
    }
  }
}

/** A store that must be closed so that its log is folded into the file. */
export interface OpenStore extends Store {
  close(): void;
}

/** Opens for writing. The data folder's lock must be held. @throws StoreError */
export function openStore(options: StoreOptions): OpenStore {
  return new SqliteStore(openDatabase(options), options.compression);
}

/** Opens for reading beside the writer, which must have opened first. @throws StoreError */
export function openStoreReader(options: Pick<StoreOptions, "path" | "cacheSizeMb">): SqliteStoreReader {
  const database = openReadOnlyDatabase(options);
  const walIndex = WalIndex.open(options.path);
  return walIndex === undefined ? new SqliteStoreReader(database) : new CachedStoreReader(database, walIndex);
}
