// Files that commands read and write, with the system's errors in words.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Room for a genesis with as many accounts as it may have. */
const FILE_SIZE_BYTES_MAX = 16 * 1024 * 1024;

export type FileResult<Value = undefined> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "it is there already",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is no folder",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return REASONS[code] ?? error.message;
}

function attempt<Value>(action: () => FileResult<Value>): FileResult<Value> {
  try {
    return action();
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

export function isPresent(path: string): boolean {
  return existsSync(path);
}

/** True for what is there and is no folder. */
export function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

export function readBytes(path: string): FileResult<Uint8Array<ArrayBuffer>> {
  return attempt(() => {
    if (statSync(path).size > FILE_SIZE_BYTES_MAX) {
      return { ok: false, reason: `it is larger than ${FILE_SIZE_BYTES_MAX} bytes` };
    }
    return { ok: true, value: new Uint8Array(readFileSync(path)) };
  });
}

/** Reads UTF-8 text. */
export function readText(path: string): FileResult<string> {
  const bytes = readBytes(path);
  if (!bytes.ok) return bytes;
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes.value) };
  } catch {
    return { ok: false, reason: "it is no UTF-8 text" };
  }
}

/** Writes a file and the folders above it. Without `overwrite`, a file that is there is left alone. */
export function writeText(path: string, text: string, options: { overwrite: boolean }): FileResult {
  return attempt(() => {
    const folder = dirname(path);
    if (isFile(folder)) return { ok: false, reason: `${folder} is a file; expected a folder` };
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text, { flag: options.overwrite ? "w" : "wx" });
    return { ok: true, value: undefined };
  });
}
