// What can be wrong with a data folder, apart from the blocks in it.

export type StoreErrorCode =
  | "datadir_locked"
  | "database_corrupt"
  | "disk_full"
  | "database_newer"
  | "datadir_unusable";

/** The environment's fault: the operator has to do something, and the message says what. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What a failure that SQLite reports while the database is in use means to the operator; undefined for other errors. */
export function explainStoreFailure(error: unknown): StoreError | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
  if (isCorruption(error)) {
    const advice = "Restore the database from a backup, or remove its folder to begin anew.";
    return new StoreError("database_corrupt", `the database is damaged: ${message}. ${advice}`, { cause: error });
  }
  if (code === "SQLITE_FULL" || code === "ENOSPC") {
    return new StoreError("disk_full", "the disk is full: no block can be stored until there is room", {
      cause: error,
    });
  }
  if (typeof code === "string" && code.startsWith("SQLITE_")) {
    return new StoreError("datadir_unusable", `the database can't be used: ${message} (${code})`, { cause: error });
  }
  return undefined;
}

/** Whether SQLite says that the file is damaged or no database. */
export function isCorruption(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB");
}
