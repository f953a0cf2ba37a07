// The node's key file: made once, read again, and refused when others may read it or it holds something else.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNodeKey } from "../../../../src/io/keys/index.ts";

const ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const LARGEST = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";

let datadir: string;
let path: string;

beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "aureon-keys-"));
  path = join(datadir, "node.key");
});

afterEach(() => rmSync(datadir, { recursive: true }));

function write(content: string, mode = 0o600): void {
  writeFileSync(path, content);
  chmodSync(path, mode);
}

function codeOf(result: ReturnType<typeof loadNodeKey>): string {
  return result.ok ? "ok" : result.refusal.code;
}

describe("a new data folder", () => {
  test("gets a key that only the owner reads, and nothing else", () => {
    const made = loadNodeKey(datadir);
    if (!made.ok) throw new RangeError(made.refusal.message);
    expect(made.value).toHaveLength(32);
    expect(readFileSync(path, "utf8")).toBe(`${made.value.toHex()}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(datadir)).toEqual(["node.key"]);
  });

  test("has the same key at the next start, and another folder has another", () => {
    const first = loadNodeKey(datadir);
    expect(loadNodeKey(datadir)).toEqual(first);
    rmSync(path);
    expect(loadNodeKey(datadir)).not.toEqual(first);
  });

  test("gets one after a start that was killed while it wrote the key", () => {
    writeFileSync(`${path}.next`, "11", { mode: 0o644 });
    expect(loadNodeKey(datadir).ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(datadir)).toEqual(["node.key"]);
  });

  test("that is not there is an error in words", () => {
    const result = loadNodeKey(join(datadir, "absent"));
    expect(result).toMatchObject({ ok: false, refusal: { code: "node_key_unusable" } });
  });
});

describe("a key file", () => {
  test.each([0o640, 0o604, 0o660, 0o644, 0o620])("with mode %o is refused", (mode) => {
    write("11".repeat(32), mode);
    const result = loadNodeKey(datadir);
    expect(codeOf(result)).toBe("node_key_exposed");
    expect(result.ok ? "" : result.refusal.message).toContain(`chmod 600 ${path}`);
  });

  test.each([0o600, 0o400])("with mode %o is read", (mode) => {
    write("11".repeat(32), mode);
    expect(loadNodeKey(datadir)).toEqual({ ok: true, value: new Uint8Array(32).fill(0x11) });
  });

  test.each([`${"00".repeat(31)}01`, LARGEST, `${LARGEST}\n`])("with the key %j is read", (content) => {
    write(content);
    expect(codeOf(loadNodeKey(datadir))).toBe("ok");
  });

  test.each([
    "",
    "\n",
    "11".repeat(31),
    "11".repeat(33),
    `${"11".repeat(32)}\n\n`,
    `0x${"11".repeat(32)}`,
    "zz".repeat(32),
    "00".repeat(32),
    ORDER,
    "1".repeat(100_000),
  ])("with other content is refused and left as it is", (content) => {
    write(content);
    expect(codeOf(loadNodeKey(datadir))).toBe("node_key_malformed");
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  test("that is a link to nothing is an error, and no reason for a new key", () => {
    symlinkSync(join(datadir, "elsewhere"), path);
    expect(codeOf(loadNodeKey(datadir))).toBe("node_key_unusable");
    expect(readdirSync(datadir)).toEqual(["node.key"]);
  });

  test("that is a folder is an error in words", () => {
    mkdirSync(path, { mode: 0o700 });
    expect(codeOf(loadNodeKey(datadir))).toBe("node_key_unusable");
  });
});
