// Modules at hand: found by hash and height, bounded in bytes, the least recently used gone first.

import { expect, test } from "bun:test";
import { sha256 } from "../../../../../src/core/crypto/index.ts";
import { type Bytes, bytesToHash, type Height } from "../../../../../src/core/primitives/index.ts";
import { checkModule, ModuleCache } from "../../../../../src/core/vm/machine/modules.ts";
import { wasmRuntime } from "../../../../../src/io/wasm/index.ts";
import { assemble } from "../../../../support/wat.ts";

const HEIGHT = 1 as Height;

function numbered(value: number) {
  const code = assemble(
    `(module (memory 2) (data (i32.const 0) "abc") (func (export "value") (result i32) i32.const ${value}))`,
  );
  return { code, codeHash: bytesToHash(sha256(code)), height: HEIGHT };
}

function createCache(sizeBytesMax: number) {
  const compiled: Bytes[] = [];
  const runtime = {
    ...wasmRuntime,
    compile: (bytes: Bytes) => {
      compiled.push(bytes);
      return wasmRuntime.compile(bytes);
    },
  };
  return { cache: new ModuleCache({ runtime, sizeBytesMax }), compiled };
}

test("a module is compiled once and found by its hash", () => {
  const { cache, compiled } = createCache(100_000);
  const one = numbered(1);
  expect(cache.find(one.codeHash, HEIGHT)).toBeUndefined();
  const loaded = cache.load(one);
  expect(loaded.ok && cache.find(one.codeHash, HEIGHT) === loaded.value).toBe(true);
  expect(cache.load(one)).toEqual(loaded);
  expect(compiled).toHaveLength(1);
  expect(loaded).toMatchObject({ value: { pagesMin: 2, dataSizeBytes: 3, sizeBytes: one.code.length } });
});

test("where there is no room, the one that was used longest ago goes", () => {
  const sizeBytes = (() => {
    const { cache, compiled } = createCache(100_000);
    cache.load(numbered(1));
    return (compiled[0] as Bytes).length;
  })();
  const { cache, compiled } = createCache(2 * sizeBytes);
  const [one, two, three] = [numbered(1), numbered(2), numbered(3)];
  cache.load(one);
  cache.load(two);
  cache.find(one.codeHash, HEIGHT);
  cache.load(three);
  expect([one, two, three].map(({ codeHash }) => cache.find(codeHash, HEIGHT) !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
  expect(compiled).toHaveLength(3);
});

test("a module larger than all room runs, and is not kept", () => {
  const { cache } = createCache(10);
  const one = numbered(1);
  expect(cache.load(one).ok).toBe(true);
  expect(cache.find(one.codeHash, HEIGHT)).toBeUndefined();
});

test("exports of any name are found, and none that is not there", () => {
  const names = ["__proto__", "constructor", "toString", "\ufeffname", "name"];
  const code = assemble('(module (func) (export "constructor" (func 0)) (export "\\ef\\bb\\bfname" (func 0)))');
  const loaded = createCache(100_000).cache.load({ code, codeHash: bytesToHash(sha256(code)), height: HEIGHT });
  if (!loaded.ok) throw new RangeError(loaded.refusal.message);
  expect(names.map((name) => loaded.value.functions.has(name))).toEqual([false, true, false, true, false]);
});

test("a module that is refused says why, and is not kept", () => {
  const { cache } = createCache(100_000);
  const code = assemble("(module (func (result f32) f32.const 1))");
  const refused = cache.load({ code, codeHash: bytesToHash(sha256(code)), height: HEIGHT });
  expect(refused).toMatchObject({ ok: false, refusal: { code: "module_feature" } });
  expect(checkModule(code, HEIGHT)).toMatchObject({ code: "module_feature" });
  expect(checkModule(numbered(1).code, HEIGHT)).toBeUndefined();
});
