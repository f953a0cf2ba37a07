// A file comes out of an archive as it went in, however it is packed, and a damaged archive is refused.

import { expect, test } from "bun:test";
import { crc32, deflateRawSync } from "node:zlib";
import { unzipFile } from "../../scripts/k8s/zip.ts";

const TEXT = "one two three ".repeat(100);

/** An archive of files, each with its method: 0 stored, 8 deflated. */
function zip(files: readonly { name: string; text: string; method: number }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, method } of files) {
    const data = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crc32(text), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(text.length, 22);
    local.writeUInt16LE(name.length, 26);
    // A local header may have extra bytes that the directory's entry lacks.
    local.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    local.copy(entry, 16, 14, 28);
    entry.writeUInt32LE(offset, 42);
    const part = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), data]);
    parts.push(part);
    directory.push(Buffer.concat([entry, Buffer.from(name)]));
    offset += part.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end, Buffer.from("a comment")]);
}

const archive = zip([
  { name: "a/stored", text: "as it is", method: 0 },
  { name: "a/deflated", text: TEXT, method: 8 },
  { name: "a/other", text: "?", method: 12 },
]);

test("a stored and a deflated file come out", () => {
  expect(unzipFile(archive, "a/stored").toString()).toBe("as it is");
  expect(unzipFile(archive, "a/deflated").toString()).toBe(TEXT);
});

test("what cannot be taken out is refused with the reason", () => {
  expect(() => unzipFile(archive, "a/none")).toThrow("the archive has no file a/none");
  expect(() => unzipFile(archive, "a/other")).toThrow("packed by method 12");
  expect(() => unzipFile(Buffer.from("no archive, but long enough to be one"), "a")).toThrow("this is no ZIP archive");
});
