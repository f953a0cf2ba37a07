// A file of byte strings that is only ever appended to or written anew: the transactions that wait for a block, so that a
// restart does not lose them. It is not synced: what a loss of power takes away was never reported as included.

import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import type { Bytes } from "../../core/primitives/index.ts";

const LENGTH_SIZE_BYTES = 4;

/** Each item behind its length. Written in one piece, since a full mempool has too many items to pass as arguments. */
function frame(items: readonly Bytes[]): Bytes {
  let sizeBytes = 0;
  for (const item of items) sizeBytes += LENGTH_SIZE_BYTES + item.length;
  const framed = new Uint8Array(sizeBytes);
  const view = new DataView(framed.buffer);
  let offset = 0;
  for (const item of items) {
    view.setUint32(offset, item.length);
    framed.set(item, offset + LENGTH_SIZE_BYTES);
    offset += LENGTH_SIZE_BYTES + item.length;
  }
  return framed;
}

/** The items of a file up to where it breaks off: a process that is killed may leave half of its last item. */
function parse(content: Bytes, itemSizeBytesMax: number): Bytes[] {
  const items: Bytes[] = [];
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let offset = 0;
  while (offset + LENGTH_SIZE_BYTES <= content.length) {
    const length = view.getUint32(offset);
    const end = offset + LENGTH_SIZE_BYTES + length;
    if (length > itemSizeBytesMax || end > content.length) break;
    items.push(content.slice(offset + LENGTH_SIZE_BYTES, end));
    offset = end;
  }
  return items;
}

function writeFully(file: number, bytes: Bytes): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
}

export class Journal {
  private readonly path: string;
  private file: number;
  private bytes: number;

  /** Opens the file, creating it. @throws the system's error when it can't be written */
  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, "a");
    this.bytes = fstatSync(this.file).size;
  }

  get sizeBytes(): number {
    return this.bytes;
  }

  /** What the file holds, in order, as far as it is whole. */
  read(options: { itemSizeBytesMax: number }): Bytes[] {
    return parse(new Uint8Array(readFileSync(this.path)), options.itemSizeBytesMax);
  }

  append(items: readonly Bytes[]): void {
    if (items.length === 0) return;
    const framed = frame(items);
    writeFully(this.file, framed);
    this.bytes += framed.length;
  }

  clear(): void {
    ftruncateSync(this.file, 0);
    this.bytes = 0;
  }

  /** Holds just `items` afterwards; a process that is killed meanwhile leaves the file as it was. */
  rewrite(items: readonly Bytes[]): void {
    const framed = frame(items);
    const next = `${this.path}.next`;
    const file = openSync(next, "w");
    try {
      writeFully(file, framed);
    } finally {
      closeSync(file);
    }
    // Windows renames over no file that is open.
    closeSync(this.file);
    renameSync(next, this.path);
    this.file = openSync(this.path, "a");
    this.bytes = framed.length;
  }

  close(): void {
    closeSync(this.file);
  }
}
