// The reading half of the Store port over bun:sqlite. Numbers and hashes of the core become integers and blobs here.

import type { Database, Statement } from "bun:sqlite";
import type { ChainPosition, StoredBlock, StoreReader } from "../../core/ports/index.ts";
import {
  type Address,
  assert,
  type Bytes,
  bytesToHash,
  HASH_SIZE_BYTES,
  type Hash,
  type Height,
  hexToBytes,
  Reader,
} from "../../core/primitives/index.ts";
import { POSITION_STRIDE } from "./schema.ts";

interface BlockRow {
  hash: Bytes;
  height: number;
  parent_hash: Bytes;
  total_work: Bytes;
  header: Bytes;
  body: Bytes;
  receipts: Bytes;
  transaction_hashes: Bytes;
  compression: number;
}

export function workToBytes(work: bigint): Bytes {
  return Uint8Array.fromHex(work.toString(16).padStart(HASH_SIZE_BYTES * 2, "0"));
}

function bytesToWork(bytes: Bytes): bigint {
  return BigInt(`0x${bytes.toHex()}`);
}

function splitHashes(bytes: Bytes): Hash[] {
  assert(bytes.length % HASH_SIZE_BYTES === 0, "a block's transaction hashes are whole");
  return Array.from({ length: bytes.length / HASH_SIZE_BYTES }, (_, index) =>
    bytesToHash(bytes.subarray(index * HASH_SIZE_BYTES, (index + 1) * HASH_SIZE_BYTES)),
  );
}

function inflate(bytes: Bytes, compression: number): Bytes {
  return compression === 0 ? bytes : new Uint8Array(Bun.zstdDecompressSync(bytes.slice()));
}

/** The keys of an undo record, each with its length before it. */
export function splitKeys(joined: Bytes): Bytes[] {
  const reader = new Reader(joined);
  return Array.from({ length: reader.u32() }, () => reader.bytes({ countMax: joined.length }));
}

export class SqliteStoreReader implements StoreReader {
  protected readonly database: Database;
  private readonly headQuery: Statement;
  private readonly hashAtQuery: Statement;
  private readonly blockQuery: Statement;
  private readonly headerQuery: Statement;
  private readonly positionQuery: Statement;
  private readonly stateQuery: Statement;
  private readonly undoQuery: Statement;
  private readonly undoHeightQuery: Statement;
  private readonly undoKeysQuery: Statement;
  private readonly pageQuery: Statement;
  private readonly noteQuery: Statement;
  private readonly eventHeightsQuery: Statement;

  constructor(database: Database) {
    this.database = database;
    this.headQuery = database.query(
      "SELECT c.height, b.hash FROM canonical c JOIN block b ON b.id = c.block_id ORDER BY c.height DESC LIMIT 1",
    );
    this.hashAtQuery = database.query(
      "SELECT b.hash FROM canonical c JOIN block b ON b.id = c.block_id WHERE c.height = ?",
    );
    this.blockQuery = database.query("SELECT * FROM block WHERE hash = ?");
    this.headerQuery = database.query("SELECT header, total_work FROM block WHERE hash = ?");
    this.positionQuery = database.query("SELECT position FROM transaction_position WHERE hash = ?");
    this.stateQuery = database.query("SELECT value FROM state WHERE key = ?");
    this.undoQuery = database.query(
      "SELECT previous FROM undo WHERE key = ? AND height > ? ORDER BY height ASC LIMIT 1",
    );
    this.undoHeightQuery = database.query("SELECT height FROM undo_keys ORDER BY height LIMIT 1");
    this.undoKeysQuery = database.query("SELECT keys FROM undo_keys WHERE height = ?");
    this.pageQuery = database.query("SELECT body FROM tree_page WHERE prefix = ?");
    this.noteQuery = database.query("SELECT value FROM note WHERE name = ?");
    this.eventHeightsQuery = database.query(
      "SELECT height FROM event_height WHERE address = ? AND height BETWEEN ? AND ? ORDER BY height LIMIT ?",
    );
  }

  head(): ChainPosition | undefined {
    const row = this.headQuery.get() as { height: number; hash: Bytes } | null;
    return row === null ? undefined : { height: row.height as Height, hash: bytesToHash(row.hash) };
  }

  hashAt(height: Height): Hash | undefined {
    const row = this.hashAtQuery.get(height) as { hash: Bytes } | null;
    return row === null ? undefined : bytesToHash(row.hash);
  }

  block(hash: Hash): StoredBlock | undefined {
    const row = this.blockQuery.get(hexToBytes(hash)) as BlockRow | null;
    if (row === null) return undefined;
    return {
      hash: bytesToHash(row.hash),
      height: row.height as Height,
      parentHash: bytesToHash(row.parent_hash),
      totalWork: bytesToWork(row.total_work),
      header: row.header,
      body: inflate(row.body, row.compression),
      receipts: inflate(row.receipts, row.compression),
      // Split when asked for: who looks for one transaction of a full block doesn't need the others' hashes.
      get transactionHashes() {
        return splitHashes(row.transaction_hashes);
      },
    };
  }

  header(hash: Hash): { readonly header: Bytes; readonly totalWork: bigint } | undefined {
    const row = this.headerQuery.get(hexToBytes(hash)) as { header: Bytes; total_work: Bytes } | null;
    return row === null ? undefined : { header: row.header, totalWork: bytesToWork(row.total_work) };
  }

  transactionPosition(hash: Hash): { readonly height: Height; readonly index: number } | undefined {
    const row = this.positionQuery.get(hexToBytes(hash)) as { position: number } | null;
    if (row === null) return undefined;
    const index = row.position % POSITION_STRIDE;
    return { height: ((row.position - index) / POSITION_STRIDE) as Height, index };
  }

  eventHeights(options: {
    address: Address;
    heightMin: Height;
    heightMax: Height;
    countMax: number;
  }): readonly Height[] {
    const { address, heightMin, heightMax, countMax } = options;
    const rows = this.eventHeightsQuery.all(hexToBytes(address), heightMin, heightMax, countMax);
    return (rows as { height: number }[]).map(({ height }) => height as Height);
  }

  stateValue(key: Bytes): Bytes | undefined {
    const row = this.stateQuery.get(key) as { value: Bytes } | null;
    return row === null ? undefined : row.value;
  }

  undoHeightMin(): Height {
    return this.snapshot(() => {
      const row = this.undoHeightQuery.get() as { height: number } | null;
      return (row?.height ?? (this.head()?.height ?? -1) + 1) as Height;
    });
  }

  stateValueAt(key: Bytes, height: Height): Bytes | undefined {
    return this.snapshot(() => {
      assert(height + 1 >= this.undoHeightMin(), "the undo records down to the height that is asked for are kept");
      return this.undoneValue(key, height);
    });
  }

  /** The value after the block at `height`, whose records above are known to be kept. */
  protected undoneValue(key: Bytes, height: Height): Bytes | undefined {
    const row = this.undoQuery.get(key, height) as { previous: Bytes | null } | null;
    return row === null ? this.stateValue(key) : (row.previous ?? undefined);
  }

  changedKeysAt(height: Height): readonly Bytes[] | undefined {
    const row = this.undoKeysQuery.get(height) as { keys: Bytes } | null;
    return row === null ? undefined : splitKeys(row.keys);
  }

  treePage(prefix: string): Bytes | undefined {
    const row = this.pageQuery.get(prefix) as { body: Bytes } | null;
    return row === null ? undefined : row.body;
  }

  note(name: string): Bytes | undefined {
    const row = this.noteQuery.get(name) as { value: Bytes } | null;
    return row?.value;
  }

  snapshot<Value>(read: () => Value): Value {
    // Inside another snapshot or a write the connection reads one state anyway.
    return this.database.inTransaction ? read() : this.database.transaction(read).deferred();
  }

  *stateEntries(): Iterable<{ readonly key: Bytes; readonly value: Bytes }> {
    // A statement of its own: the cached one that `query` gives has a single cursor for all who iterate.
    const statement = this.database.prepare("SELECT key, value FROM state ORDER BY key");
    try {
      for (const row of statement.iterate()) yield row as { key: Bytes; value: Bytes };
    } finally {
      statement.finalize();
    }
  }

  close(): void {
    this.database.close(false);
  }
}
