// The Store port over bun:sqlite. A block with its state, indexes, undo record and the new head is one SQLite
// transaction, so a crash leaves all of it or nothing.

import type { Database, Statement } from "bun:sqlite";
import type { BlockCommit, PageChange, RevertCommit, StateChange, Store, StoredBlock } from "../../core/ports/index.ts";
import {
  ADDRESS_SIZE_BYTES,
  type Address,
  assert,
  type Bytes,
  concatBytes,
  EMPTY_BYTES,
  HASH_SIZE_BYTES,
  type Hash,
  type Height,
  hexToBytes,
  Writer,
} from "../../core/primitives/index.ts";
import { CachedStoreReader } from "./cachedReader.ts";
import { openDatabase, openReadOnlyDatabase } from "./database.ts";
import { SqliteStoreReader, splitKeys, workToBytes } from "./reader.ts";
import { POSITION_STRIDE } from "./schema.ts";
import { SideBlockTable } from "./sideBlocks.ts";
import { WalIndex } from "./walIndex.ts";

export interface StoreOptions {
  readonly path: string;
  readonly cacheSizeMb: number;
  /** Compresses bodies and receipts with zstd; blocks that were stored otherwise stay readable. */
  readonly compression: boolean;
}

/**
 * Blocks whose undo records one commit drops at most. One block's are due at each commit; a chain that kept more, of an
 * earlier version or under another setting, is brought down four times as fast as it grows.
 */
const UNDO_HEIGHTS_DROPPED_MAX = 4;

/** What makes SQLite undo a part that its writer does not want kept. */
const UNDONE = Symbol("undone");

function joinHashes(hashes: readonly Hash[]): Bytes {
  const joined = new Uint8Array(hashes.length * HASH_SIZE_BYTES);
  hashes.forEach((hash, index) => {
    joined.set(hexToBytes(hash), index * HASH_SIZE_BYTES);
  });
  return joined;
}

class SqliteStore extends SqliteStoreReader implements Store {
  private readonly compression: boolean;
  private readonly side: SideBlockTable;
  private readonly insertBlock: Statement;
  private readonly insertBlockOnce: Statement;
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
  private readonly selectOldUndoKeys: Statement;
  private readonly upsertPage: Statement;
  private readonly deletePage: Statement;
  private readonly upsertNote: Statement;
  private readonly insertEventHeight: Statement;
  private readonly deleteEventHeight: Statement;
  private readonly insertEventSources: Statement;
  private readonly deleteEventSources: Statement;

  constructor(database: Database, compression: boolean) {
    super(database);
    this.compression = compression;
    this.side = new SideBlockTable(database);
    const insert = `INSERT INTO block
       (hash, height, parent_hash, total_work, header, body, receipts, transaction_hashes, compression)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    this.insertBlockOnce = database.query(`${insert} ON CONFLICT (hash) DO NOTHING RETURNING id`);
    // A side block has no receipts before it is executed, and may have been kept under another setting of compression.
    this.insertBlock = database.query(
      `${insert} ON CONFLICT (hash) DO UPDATE
       SET body = excluded.body, receipts = excluded.receipts, compression = excluded.compression
       RETURNING id`,
    );
    this.insertCanonical = database.query("INSERT INTO canonical (height, block_id) VALUES (?, ?)");
    this.deleteCanonical = database.query("DELETE FROM canonical WHERE height = ? RETURNING block_id");
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
    this.selectOldUndoKeys = database.query(
      `SELECT height, keys FROM undo_keys WHERE height < ? ORDER BY height LIMIT ${UNDO_HEIGHTS_DROPPED_MAX}`,
    );
    this.upsertPage = database.query(
      "INSERT INTO tree_page (prefix, body) VALUES (?, ?) ON CONFLICT (prefix) DO UPDATE SET body = excluded.body",
    );
    this.deletePage = database.query("DELETE FROM tree_page WHERE prefix = ?");
    this.upsertNote = database.query(
      "INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    this.insertEventHeight = database.query("INSERT INTO event_height (address, height) VALUES (?, ?)");
    this.deleteEventHeight = database.query("DELETE FROM event_height WHERE address = ? AND height = ?");
    this.insertEventSources = database.query("INSERT INTO event_sources (height, addresses) VALUES (?, ?)");
    this.deleteEventSources = database.query("DELETE FROM event_sources WHERE height = ? RETURNING addresses");
  }

  atomically(write: () => boolean): boolean {
    try {
      // Inside a transaction this is a savepoint.
      this.database.transaction(() => {
        if (!write()) throw UNDONE;
      })();
      return true;
    } catch (error) {
      if (error === UNDONE) return false;
      throw error;
    }
  }

  commitBlock(commit: BlockCommit): void {
    const { block } = commit;
    const head = this.head();
    assert(
      head === undefined ? block.height === 0 : block.parentHash === head.hash && block.height === head.height + 1,
      "a committed block follows the head",
    );
    assert(commit.undoHeightMin <= block.height, "a committed block can be taken back");
    this.database.transaction(() => {
      const id = this.writeBlock(this.insertBlock, block);
      assert(id !== undefined, "a block that is kept gives its row");
      this.side.remove(block.height, id);
      this.insertCanonical.run(block.height, id);
      block.transactionHashes.forEach((hash, index) => {
        this.insertPosition.run(hexToBytes(hash), block.height * POSITION_STRIDE + index);
      });
      this.writeEventSources(block.height, commit.eventSources);
      this.writeUndo(block.height, commit.state);
      this.dropUndo(commit.undoHeightMin);
      this.writeState(commit.state);
      this.writePages(commit.pages);
    })();
  }

  keepSideBlock(block: StoredBlock): void {
    this.database.transaction(() => {
      const id = this.writeBlock(this.insertBlockOnce, { ...block, receipts: EMPTY_BYTES });
      if (id !== undefined) this.side.add(block.height, id);
    })();
  }

  sideBlocks(): readonly { readonly hash: Hash; readonly height: Height }[] {
    return this.side.list();
  }

  dropSideBlocks(hashes: readonly Hash[]): void {
    this.database.transaction(() => {
      for (const hash of hashes) this.side.forget(hash);
    })();
  }

  saveNote(name: string, value: Bytes): void {
    this.upsertNote.run(name, value);
  }

  /** The row of the block; undefined when the statement left one alone that was there. */
  private writeBlock(insert: Statement, block: StoredBlock): number | undefined {
    const pack = (bytes: Bytes) => (this.compression ? Bun.zstdCompressSync(bytes.slice()) : bytes);
    const row = insert.get(
      hexToBytes(block.hash),
      block.height,
      hexToBytes(block.parentHash),
      workToBytes(block.totalWork),
      block.header,
      pack(block.body),
      pack(block.receipts),
      joinHashes(block.transactionHashes),
      this.compression ? 1 : 0,
    ) as { id: number } | null;
    return row?.id;
  }

  private writeUndo(height: Height, changes: readonly StateChange[]): void {
    if (height === 0) return;
    const keys = new Writer(changes.length * 32 + 4).u32(changes.length);
    for (const { key, previous } of changes) {
      keys.bytes(key);
      this.insertUndo.run(key, height, previous ?? null);
    }
    this.insertUndoKeys.run(height, keys.finish());
  }

  private writeEventSources(height: Height, sources: readonly Address[]): void {
    if (sources.length === 0) return;
    const addresses = sources.map(hexToBytes);
    for (const address of addresses) this.insertEventHeight.run(address, height);
    this.insertEventSources.run(height, concatBytes(...addresses));
  }

  private dropEventSources(height: Height): void {
    const row = this.deleteEventSources.get(height) as { addresses: Bytes } | null;
    const addresses = row?.addresses ?? EMPTY_BYTES;
    for (let start = 0; start < addresses.length; start += ADDRESS_SIZE_BYTES) {
      this.deleteEventHeight.run(addresses.subarray(start, start + ADDRESS_SIZE_BYTES), height);
    }
  }

  private dropUndo(heightMin: Height): void {
    for (const { height, keys } of this.selectOldUndoKeys.all(heightMin) as { height: number; keys: Bytes }[]) {
      for (const key of splitKeys(keys)) this.deleteUndo.run(key, height);
      this.deleteUndoKeys.run(height);
    }
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
        return { key, value: this.undoneValue(key, height), previous: row.previous ?? undefined };
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
      this.dropEventSources(commit.height);
      this.writeState(commit.state);
      this.writePages(commit.pages);
      const { block_id } = this.deleteCanonical.get(commit.height) as { block_id: number };
      this.side.add(commit.height, block_id);
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
