// The state tree: its root is a function of the leaves alone, and its proofs show presence and absence.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { sha256 } from "../../../../src/core/crypto/index.ts";
import { type LeafChange, pageChanges, prove, StateTree, verifyProof } from "../../../../src/core/merkle/index.ts";
import { innerHash, leafHash, pathBit } from "../../../../src/core/merkle/proof.ts";
import { type Bytes, bytesToHash, bytesToHex, type Hash, ZERO_HASH } from "../../../../src/core/primitives/index.ts";

class StoredTree {
  readonly pages = new Map<string, Bytes>();
  readonly tree: StateTree;
  root: Hash = ZERO_HASH;

  constructor(cachedPagesMax = 8) {
    this.tree = new StateTree({ readPage: (prefix) => this.pages.get(prefix), cachedPagesMax });
  }

  apply(changes: readonly LeafChange[]): void {
    const update = this.tree.update(changes);
    for (const { prefix, body } of pageChanges(update)) {
      if (body === undefined) this.pages.delete(prefix);
      else this.pages.set(prefix, body);
    }
    this.tree.adopt(update);
    this.root = update.root;
  }

  dump(): string[] {
    return [...this.pages].map(([prefix, body]) => `${prefix}:${body.toHex()}`).toSorted();
  }
}

/** The definition of the root, straight from the specification. */
function referenceRoot(leaves: ReadonlyMap<string, Bytes>): Hash {
  const node = (entries: [Bytes, Bytes][], depth: number): Bytes => {
    const [first] = entries;
    if (first === undefined) return new Uint8Array(32);
    if (entries.length === 1) return leafHash({ path: first[0], valueHash: first[1] }).slice();
    const left = node(
      entries.filter(([path]) => pathBit(path, depth) === 0),
      depth + 1,
    );
    const right = node(
      entries.filter(([path]) => pathBit(path, depth) === 1),
      depth + 1,
    );
    return innerHash({ left, right }).slice();
  };
  return bytesToHash(
    node(
      [...leaves].map(([path, hash]) => [Uint8Array.fromHex(path), hash]),
      0,
    ),
  );
}

// Paths that share long prefixes reach deep pages, which random ones never would.
const pathArbitrary = fc
  .tuple(
    fc.constantFrom("0".repeat(60), "f".repeat(50), "ab".repeat(20), ""),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 }),
  )
  .map(([prefix, rest]) => (prefix + rest).slice(0, 64));
const changeArbitrary = fc.tuple(
  pathArbitrary,
  fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined }),
);
const batchesArbitrary = fc.array(fc.array(changeArbitrary, { maxLength: 30 }), { maxLength: 6 });

test("any sequence of batches gives the root, and the pages, of its final leaves", () => {
  fc.assert(
    fc.property(batchesArbitrary, (batches) => {
      const stored = new StoredTree();
      const leaves = new Map<string, Bytes>();
      for (const batch of batches) {
        const changes = new Map(batch);
        for (const [path, hash] of changes) {
          if (hash === undefined) leaves.delete(path);
          else leaves.set(path, hash);
        }
        stored.apply([...changes].map(([path, valueHash]) => ({ path, valueHash })));
        expect(stored.root).toBe(referenceRoot(leaves));
      }
      const atOnce = new StoredTree();
      atOnce.apply([...leaves].map(([path, valueHash]) => ({ path, valueHash })));
      expect(atOnce.root).toBe(stored.root);
      expect(atOnce.dump()).toEqual(stored.dump());
    }),
    { numRuns: 300 },
  );
});

test("removing every leaf leaves nothing behind", () => {
  const stored = new StoredTree();
  const paths = Array.from({ length: 200 }, (_, index) => sha256(Uint8Array.of(index)).toHex());
  stored.apply(paths.map((path) => ({ path, valueHash: sha256(Uint8Array.fromHex(path)) })));
  expect(stored.pages.size).toBeGreaterThan(1);
  stored.apply(paths.map((path) => ({ path, valueHash: undefined })));
  expect(stored.root).toBe(ZERO_HASH);
  expect(stored.pages.size).toBe(0);
});

test("an update that is not adopted changes nothing", () => {
  const stored = new StoredTree();
  stored.apply([{ path: "1".repeat(64), valueHash: sha256(Uint8Array.of(1)) }]);
  const before = stored.root;
  stored.tree.update([{ path: "1".repeat(64), valueHash: sha256(Uint8Array.of(2)) }]);
  expect(stored.tree.update([]).root).toBe(before);
});

test("proofs show presence and absence, and nothing else", () => {
  const stored = new StoredTree();
  const keys = Array.from({ length: 100 }, (_, index) => Uint8Array.of(1, index));
  const value = (key: Bytes) => Uint8Array.of(...key, 7);
  const path = (key: Bytes) => sha256(key);
  stored.apply(keys.map((key) => ({ path: path(key).toHex(), valueHash: sha256(value(key)) })));
  const readPage = (prefix: string) => stored.pages.get(prefix);
  const { root } = stored;
  for (const key of keys) {
    const proof = prove({ readPage, path: path(key) });
    expect(verifyProof({ root, key, value: value(key), proof })).toBe("present");
    expect(verifyProof({ root, key, value: undefined, proof })).toBe("invalid");
    expect(verifyProof({ root, key, value: Uint8Array.of(9), proof })).toBe("invalid");
    expect(verifyProof({ root: ZERO_HASH, key, value: value(key), proof })).toBe("invalid");
    const shorter = { ...proof, siblings: proof.siblings.slice(1) };
    expect(verifyProof({ root, key, value: value(key), proof: shorter })).toBe("invalid");
  }
  let otherLeaves = 0;
  for (let index = 0; index < 100; index++) {
    const key = Uint8Array.of(2, index);
    const proof = prove({ readPage, path: path(key) });
    if (proof.leaf !== undefined) otherLeaves++;
    expect(verifyProof({ root, key, value: undefined, proof })).toBe("absent");
    expect(verifyProof({ root, key, value: value(key), proof })).toBe("invalid");
  }
  expect(otherLeaves).toBeGreaterThan(0);
});

test("a proof against an empty tree shows absence", () => {
  const proof = prove({ readPage: () => undefined, path: sha256(Uint8Array.of(1)) });
  expect(verifyProof({ root: ZERO_HASH, key: Uint8Array.of(1), value: undefined, proof })).toBe("absent");
  expect(bytesToHex(new Uint8Array(32))).toBe(ZERO_HASH);
});
