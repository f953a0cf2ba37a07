// Tells, without asking the database, whether anything was committed since: SQLite keeps the state of its log in a file
// that all connections map, and looks at its header for the same purpose (https://sqlite.org/walformat.html, section 2.1).

// The header stands there twice, so that a reader notices one that is being written: 48 bytes each.
const HEADER_WORDS = 12;

export class WalIndex {
  private readonly words: Uint32Array;
  private readonly seen = new Uint32Array(2 * HEADER_WORDS);

  private constructor(mapped: Uint8Array) {
    this.words = new Uint32Array(mapped.buffer, mapped.byteOffset, 2 * HEADER_WORDS);
  }

  /** Undefined where files can't be mapped; the database must be open, in WAL mode. */
  static open(databasePath: string): WalIndex | undefined {
    try {
      const mapped = Bun.mmap(`${databasePath}-shm`, { shared: true });
      return mapped.length < 2 * HEADER_WORDS * Uint32Array.BYTES_PER_ELEMENT ? undefined : new WalIndex(mapped);
    } catch {
      return undefined;
    }
  }

  /** Whether the header has changed since the last call, or is being written now. */
  hasChanged(): boolean {
    const { words, seen } = this;
    let isSame = true;
    for (let word = 0; word < 2 * HEADER_WORDS; word++) {
      const value = words[word] as number;
      if (value !== seen[word]) isSame = false;
      seen[word] = value;
    }
    for (let word = 0; word < HEADER_WORDS; word++) {
      if (seen[word] !== seen[word + HEADER_WORDS]) isSame = false;
    }
    return !isSame;
  }
}
