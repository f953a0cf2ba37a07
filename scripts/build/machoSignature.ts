// Signs a macOS executable ad hoc: hashes of its pages without anybody's name, in the form that Apple's linker writes
// (XNU, osfmk/kern/cs_blobs.h). Bun does it for arm64; for x64 it leaves the signature of its runtime, which no longer
// fits, and macOS may refuse to start such a file.

import { readFileSync, truncateSync, writeFileSync } from "node:fs";

const MACHO_64 = 0xfeedfacf;
const HEADER_SIZE_BYTES = 32;
const COMMAND_COUNT_OFFSET = 16;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

const SUPER_BLOB = 0xfade0cc0;
const SUPER_BLOB_SIZE_BYTES = 20;
const CODE_DIRECTORY = 0xfade0c02;
const CODE_DIRECTORY_SLOT = 0;
const CODE_DIRECTORY_SIZE_BYTES = 88;
const VERSION_WITH_EXECUTABLE_SEGMENT = 0x20400;
const AD_HOC_LINKER_SIGNED = 0x20002;
const HASH_SHA256 = 2;
const HASH_SIZE_BYTES = 32;
const PAGE_SIZE_LOG2 = 12;
const PAGE_SIZE_BYTES = 2 ** PAGE_SIZE_LOG2;
const MAIN_EXECUTABLE = 1n;
const IDENTIFIER = new TextEncoder().encode("aureon\0");

interface Layout {
  /** Where the load commands stand that tell of the signature and of the segment that holds it. */
  readonly signatureCommand: number;
  readonly linkeditCommand: number;
  readonly textSizeBytes: bigint;
}

function readLayout(view: DataView): Layout {
  if (view.getUint32(0, true) !== MACHO_64) throw new Error("this is no 64-bit Mach-O file");
  const found = { signatureCommand: 0, linkeditCommand: 0, textSizeBytes: 0n };
  let at = HEADER_SIZE_BYTES;
  for (let rest = view.getUint32(COMMAND_COUNT_OFFSET, true); rest > 0; rest--) {
    const command = view.getUint32(at, true);
    if (command === LC_CODE_SIGNATURE) found.signatureCommand = at;
    if (command === LC_SEGMENT_64) {
      const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 8, 16));
      if (name.startsWith("__LINKEDIT\0")) found.linkeditCommand = at;
      if (name.startsWith("__TEXT\0")) found.textSizeBytes = view.getBigUint64(at + 48, true);
    }
    at += view.getUint32(at + 4, true);
  }
  if (found.signatureCommand === 0 || found.linkeditCommand === 0 || found.textSizeBytes === 0n) {
    throw new Error("this Mach-O file has no place for a signature");
  }
  return found;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function pageHashes(code: Uint8Array): Uint8Array {
  const count = Math.ceil(code.length / PAGE_SIZE_BYTES);
  const hashes = new Uint8Array(count * HASH_SIZE_BYTES);
  for (let page = 0; page < count; page++) {
    const start = page * HASH_SIZE_BYTES;
    const content = code.subarray(page * PAGE_SIZE_BYTES, (page + 1) * PAGE_SIZE_BYTES);
    Bun.SHA256.hash(content, hashes.subarray(start, start + HASH_SIZE_BYTES));
  }
  return hashes;
}

function signatureSize(codeSizeBytes: number): number {
  const pages = Math.ceil(codeSizeBytes / PAGE_SIZE_BYTES);
  return SUPER_BLOB_SIZE_BYTES + CODE_DIRECTORY_SIZE_BYTES + IDENTIFIER.length + pages * HASH_SIZE_BYTES;
}

/** A super blob with a code directory alone; its numbers are big-endian. */
function createSignature(code: Uint8Array, textSizeBytes: bigint): Uint8Array {
  const signature = new Uint8Array(signatureSize(code.length));
  const view = viewOf(signature);
  const superBlob = [SUPER_BLOB, signature.length, 1, CODE_DIRECTORY_SLOT, SUPER_BLOB_SIZE_BYTES];
  for (const [index, value] of superBlob.entries()) view.setUint32(4 * index, value);
  const directory = viewOf(signature.subarray(SUPER_BLOB_SIZE_BYTES));
  const hashesAt = CODE_DIRECTORY_SIZE_BYTES + IDENTIFIER.length;
  const numbers = [
    CODE_DIRECTORY,
    signature.length - SUPER_BLOB_SIZE_BYTES,
    VERSION_WITH_EXECUTABLE_SEGMENT,
    AD_HOC_LINKER_SIGNED,
    hashesAt,
    CODE_DIRECTORY_SIZE_BYTES,
    0,
    Math.ceil(code.length / PAGE_SIZE_BYTES),
    code.length,
  ];
  for (const [index, value] of numbers.entries()) directory.setUint32(4 * index, value);
  const kinds = [HASH_SIZE_BYTES, HASH_SHA256, 0, PAGE_SIZE_LOG2];
  for (const [index, value] of kinds.entries()) directory.setUint8(4 * numbers.length + index, value);
  directory.setBigUint64(72, textSizeBytes);
  directory.setBigUint64(80, MAIN_EXECUTABLE);
  signature.set(IDENTIFIER, SUPER_BLOB_SIZE_BYTES + CODE_DIRECTORY_SIZE_BYTES);
  signature.set(pageHashes(code), SUPER_BLOB_SIZE_BYTES + hashesAt);
  return signature;
}

/** Replaces the signature at the file's end. */
export function signMacho(path: string): void {
  const bytes = new Uint8Array(readFileSync(path));
  const view = viewOf(bytes);
  const { signatureCommand, linkeditCommand, textSizeBytes } = readLayout(view);
  const codeSizeBytes = view.getUint32(signatureCommand + 8, true);
  const sizeBytes = signatureSize(codeSizeBytes);
  view.setUint32(signatureCommand + 12, sizeBytes, true);
  const linkeditSize = BigInt(codeSizeBytes + sizeBytes) - view.getBigUint64(linkeditCommand + 40, true);
  const linkeditPages = (linkeditSize + BigInt(PAGE_SIZE_BYTES) - 1n) / BigInt(PAGE_SIZE_BYTES);
  view.setBigUint64(linkeditCommand + 32, linkeditPages * BigInt(PAGE_SIZE_BYTES), true);
  view.setBigUint64(linkeditCommand + 48, linkeditSize, true);
  // The first page holds what was just changed, so it is hashed only now.
  const code = bytes.subarray(0, codeSizeBytes);
  const signature = createSignature(code, textSizeBytes);
  truncateSync(path, 0);
  writeFileSync(path, Buffer.concat([code, signature]));
}

/** True when the file ends with a code directory whose hashes are those of all that comes before it. */
export function isMachoSigned(path: string): boolean {
  const bytes = new Uint8Array(readFileSync(path));
  const view = viewOf(bytes);
  const { signatureCommand } = readLayout(view);
  const codeSizeBytes = view.getUint32(signatureCommand + 8, true);
  const signature = viewOf(bytes.subarray(codeSizeBytes));
  if (signature.byteLength !== view.getUint32(signatureCommand + 12, true)) return false;
  if (signature.getUint32(0) !== SUPER_BLOB || signature.getUint32(12) !== CODE_DIRECTORY_SLOT) return false;
  const directoryAt = signature.getUint32(16);
  const codeLimit = signature.getUint32(directoryAt + 32);
  const hashesAt = codeSizeBytes + directoryAt + signature.getUint32(directoryAt + 16);
  const expected = pageHashes(bytes.subarray(0, codeSizeBytes));
  const hashes = bytes.subarray(hashesAt, hashesAt + expected.length);
  return codeLimit === codeSizeBytes && Buffer.compare(hashes, expected) === 0;
}
