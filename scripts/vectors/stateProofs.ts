// Golden vectors of the state tree: roots of small trees, and proofs of presence and absence in them.

import { sha256 } from "../../src/core/crypto/index.ts";
import { pageChanges, prove, type StateProof, StateTree, verifyProof } from "../../src/core/merkle/index.ts";
import { assert, type Bytes, bytesToHex, type Hash } from "../../src/core/primitives/index.ts";

interface Entry {
  readonly key: Bytes;
  readonly value: Bytes;
}

function entryOf(index: number): Entry {
  return { key: Uint8Array.of(1, index), value: Uint8Array.of(0xa0, index) };
}

function treeOf(entries: readonly Entry[]) {
  const pages = new Map<string, Bytes>();
  const readPage = (prefix: string) => pages.get(prefix);
  const tree = new StateTree({ readPage, cachedPagesMax: 16 });
  const update = tree.update(
    entries.map(({ key, value }) => ({ path: sha256(key).toHex(), valueHash: sha256(value) })),
  );
  for (const { prefix, body } of pageChanges(update)) if (body !== undefined) pages.set(prefix, body);
  return { root: update.root, proofOf: (key: Bytes): StateProof => prove({ readPage, path: sha256(key) }) };
}

function proofVector(options: { root: Hash; key: Bytes; value: Bytes | undefined; proof: StateProof }) {
  const verdict = verifyProof(options);
  assert(verdict === (options.value === undefined ? "absent" : "present"), "a proof verifies");
  const { siblings, leaf } = options.proof;
  return {
    key: bytesToHex(options.key),
    value: options.value === undefined ? null : bytesToHex(options.value),
    verdict,
    proof: { siblings, leaf: leaf ?? null },
  };
}

export function stateProofVectors() {
  // One page; a leaf alone in the root; pages below the root.
  const counts = [0, 1, 2, 3, 8, 40];
  return {
    about: "docs/spec/state.md: trees whose entries are (0x01 i, 0xa0 i) for i from 0, with some of their proofs",
    trees: counts.map((count) => {
      const entries = Array.from({ length: count }, (_, index) => entryOf(index));
      const { root, proofOf } = treeOf(entries);
      const asked = [
        ...entries.slice(0, 3),
        { key: Uint8Array.of(2, 0), value: undefined },
        { key: Uint8Array.of(2, 7), value: undefined },
      ];
      return {
        count,
        root,
        proofs: asked.map(({ key, value }) => proofVector({ root, key, value, proof: proofOf(key) })),
      };
    }),
  };
}
