// Takes one file out of a ZIP archive (PKWARE's APPNOTE.TXT, 4.3), so that no unzip need be installed.

import { inflateRawSync } from "node:zlib";

const END_SIGNATURE = 0x06054b50;
const END_SIZE_BYTES = 22;
const COMMENT_SIZE_BYTES_MAX = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_SIZE_BYTES = 46;
const LOCAL_SIZE_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

function findEnd(archive: Buffer): number {
  const last = archive.length - END_SIZE_BYTES;
  for (let offset = last; offset >= Math.max(0, last - COMMENT_SIZE_BYTES_MAX); offset--) {
    if (archive.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw new Error("this is no ZIP archive");
}

/** @throws where the archive has no such file, or is none */
export function unzipFile(archive: Buffer, name: string): Buffer {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let offset = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(offset) !== ENTRY_SIGNATURE) throw new Error("the archive's directory is damaged");
    const nameSize = archive.readUInt16LE(offset + 28);
    const found = archive.toString("utf8", offset + ENTRY_SIZE_BYTES, offset + ENTRY_SIZE_BYTES + nameSize);
    if (found === name) return extract(archive, offset);
    offset += ENTRY_SIZE_BYTES + nameSize + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  throw new Error(`the archive has no file ${name}`);
}

function extract(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const size = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  const start = local + LOCAL_SIZE_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const data = archive.subarray(start, start + size);
  if (method === STORED) return data;
  if (method !== DEFLATED) throw new Error(`the archive is packed by method ${method}; expected ${DEFLATED}`);
  return inflateRawSync(data);
}
