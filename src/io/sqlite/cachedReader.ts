// The reader beside the writer. Most of a point read is the locking around it, so it knows without asking the database
// whether anything was committed, and keeps the head until then. What it answers is always what the database would.

import type { Database } from "bun:sqlite";
import type { ChainPosition } from "../../core/ports/index.ts";
import { SqliteStoreReader } from "./reader.ts";
import type { WalIndex } from "./walIndex.ts";

export class CachedStoreReader extends SqliteStoreReader {
  private readonly walIndex: WalIndex;
  private commits = 0;
  private kept: { readonly version: number; readonly head: ChainPosition | undefined } | undefined;

  constructor(database: Database, walIndex: WalIndex) {
    super(database);
    this.walIndex = walIndex;
  }

  version(): number {
    if (this.walIndex.hasChanged()) this.commits++;
    return this.commits;
  }

  override head(): ChainPosition | undefined {
    // A snapshot may be older than what is kept.
    if (this.database.inTransaction) return super.head();
    const version = this.version();
    if (this.kept?.version !== version) this.kept = { version, head: super.head() };
    return this.kept.head;
  }
}
