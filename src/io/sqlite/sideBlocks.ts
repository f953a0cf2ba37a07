// The table of blocks that are not canonical. A row of `block` that is neither there nor in `canonical` does not exist.

import type { Database, Statement } from "bun:sqlite";
import { assert, type Bytes, bytesToHash, type Hash, type Height, hexToBytes } from "../../core/primitives/index.ts";

export class SideBlockTable {
  private readonly insertSide: Statement;
  private readonly deleteSide: Statement;
  private readonly selectAll: Statement;
  private readonly selectRow: Statement;
  private readonly deleteBlock: Statement;

  constructor(database: Database) {
    this.insertSide = database.query("INSERT INTO side_block (height, block_id) VALUES (?, ?)");
    this.deleteSide = database.query("DELETE FROM side_block WHERE height = ? AND block_id = ?");
    this.selectAll = database.query(
      "SELECT b.hash, s.height FROM side_block s JOIN block b ON b.id = s.block_id ORDER BY s.height, b.hash",
    );
    this.selectRow = database.query("SELECT id, height FROM block WHERE hash = ?");
    this.deleteBlock = database.query("DELETE FROM block WHERE id = ?");
  }

  add(height: Height, id: number): void {
    this.insertSide.run(height, id);
  }

  /** The block is canonical now; it may have been none of these. */
  remove(height: Height, id: number): void {
    this.deleteSide.run(height, id);
  }

  /** Lowest first, then by hash. */
  list(): { readonly hash: Hash; readonly height: Height }[] {
    const rows = this.selectAll.all() as { hash: Bytes; height: number }[];
    return rows.map(({ hash, height }) => ({ hash: bytesToHash(hash), height: height as Height }));
  }

  /** Deletes the block; one that is not kept is passed over. */
  forget(hash: Hash): void {
    const row = this.selectRow.get(hexToBytes(hash)) as { id: number; height: number } | null;
    if (row === null) return;
    assert(this.deleteSide.run(row.height, row.id).changes === 1, "a canonical block is not forgotten");
    this.deleteBlock.run(row.id);
  }
}
