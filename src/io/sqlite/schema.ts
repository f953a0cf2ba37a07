// The layout of the database, as the list of steps that lead to it from nothing. A released step is never changed.

/** Each step brings a database from the version that is its index to the next. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    height INTEGER NOT NULL,
    parent_hash BLOB NOT NULL,
    total_work BLOB NOT NULL,
    header BLOB NOT NULL,
    body BLOB NOT NULL,
    receipts BLOB NOT NULL,
    transaction_hashes BLOB NOT NULL,
    -- 0 for plain body and receipts, 1 for zstd.
    compression INTEGER NOT NULL
  );
  CREATE TABLE canonical (height INTEGER PRIMARY KEY, block_id INTEGER NOT NULL);
  -- Height times 65,536 plus the index in the block.
  CREATE TABLE transaction_position (hash BLOB PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  -- What a key held before the block at this height; NULL for nothing.
  CREATE TABLE undo (key BLOB, height INTEGER, previous BLOB, PRIMARY KEY (key, height)) WITHOUT ROWID;
  -- The keys that a block changed, each with its length before it, so that undo needs no second index.
  CREATE TABLE undo_keys (height INTEGER PRIMARY KEY, keys BLOB NOT NULL);
  CREATE TABLE tree_page (prefix TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Every block that is not canonical, so that they are found without looking at all blocks.
  CREATE TABLE side_block (height INTEGER, block_id INTEGER, PRIMARY KEY (height, block_id)) WITHOUT ROWID;
  INSERT INTO side_block
    SELECT height, id FROM block WHERE id NOT IN (SELECT block_id FROM canonical);
  -- Small records that are no part of the chain.
  CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  `,
  `
  -- The canonical blocks in which a contract announced events.
  CREATE TABLE event_height (address BLOB, height INTEGER, PRIMARY KEY (address, height)) WITHOUT ROWID;
  -- The contracts of each of these blocks, one after the other, so that taking a block back needs no second index.
  CREATE TABLE event_sources (height INTEGER PRIMARY KEY, addresses BLOB NOT NULL);
  `,
];

export const POSITION_STRIDE = 65_536;
