// What can be wrong with a data folder, apart from the blocks in it.

export type StoreErrorCode = "datadir_locked" | "database_corrupt" | "database_newer" | "datadir_unusable";

/** The environment's fault: the operator has to do something, and the message says what. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether SQLite says that the file is damaged or no database. */
export function isCorruption(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB");
}
