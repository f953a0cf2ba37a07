// The node's secret key in its data folder: 32 bytes in hex in a file that only its owner reads, made at the first start.
// It says who this node is to others; whoever copies it can pass for the node.

import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, lstatSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { accept, type Bytes, type Result, refuse } from "../../core/primitives/index.ts";

export type NodeKeyCode = "node_key_exposed" | "node_key_malformed" | "node_key_unusable";

const FILE_NAME = "node.key";
const KEY_SIZE_BYTES = 32;
const KEY_PATTERN = /^[0-9a-f]{64}\n?$/;
const FILE_SIZE_BYTES_MAX = 2 * KEY_SIZE_BYTES + 1;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
/** The order of secp256k1: a secret key is from 1 to one less. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function isSecretKey(hex: string): boolean {
  const value = BigInt(`0x${hex}`);
  return value > 0n && value < ORDER;
}

function unusable(path: string, error: unknown) {
  return refuse("node_key_unusable", `the node key ${path} can't be used: ${(error as Error).message}`, { path });
}

function createHexKey(): string {
  for (;;) {
    const hex = randomBytes(KEY_SIZE_BYTES).toString("hex");
    if (isSecretKey(hex)) return hex;
  }
}

function syncFolder(datadir: string): void {
  // Windows opens no folders, and has nothing to sync there.
  if (process.platform === "win32") return;
  const folder = openSync(datadir, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes the whole file beside and then gives it its name, so that there is never half a key. */
function create(datadir: string, path: string): void {
  const next = `${path}.next`;
  // A start that was killed may have left one, with a mode of its own.
  rmSync(next, { force: true });
  const file = openSync(next, "wx", OWNER_ONLY);
  try {
    writeSync(file, `${createHexKey()}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
  syncFolder(datadir);
}

/** Undefined when there is no file. */
function read(path: string): Result<Bytes, NodeKeyCode> | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    // A link whose target is gone, a secret that is not mounted say, is no reason to become another node.
    const isAbsent = lstatSync(path, { throwIfNoEntry: false }) === undefined;
    return isAbsent && (error as { code?: unknown }).code === "ENOENT" ? undefined : unusable(path, error);
  }
  try {
    const mode = fstatSync(file).mode & 0o777;
    if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
      const message = `the node key ${path} is open to other users (mode ${mode.toString(8)}); run: chmod 600 ${path}`;
      return refuse("node_key_exposed", message, { path });
    }
    const content = Buffer.alloc(FILE_SIZE_BYTES_MAX + 1);
    const text = content.toString("latin1", 0, readSync(file, content));
    const hex = text.trimEnd();
    if (KEY_PATTERN.test(text) && isSecretKey(hex)) return accept(Uint8Array.fromHex(hex));
    const message = `the node key ${path} is not a secret key of 64 hex digits; restore it, or remove it for a new one`;
    return refuse("node_key_malformed", message, { path });
  } catch (error) {
    return unusable(path, error);
  } finally {
    closeSync(file);
  }
}

/** The node's secret key, made and kept at the first call. The data folder exists and is locked. */
export function loadNodeKey(datadir: string): Result<Bytes, NodeKeyCode> {
  const path = join(datadir, FILE_NAME);
  const existing = read(path);
  if (existing !== undefined) return existing;
  try {
    create(datadir, path);
  } catch (error) {
    return unusable(path, error);
  }
  return read(path) ?? unusable(path, new Error("it is gone"));
}
