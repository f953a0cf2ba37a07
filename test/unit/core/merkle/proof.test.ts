// Verification of state proofs: the golden ones, and forgeries. The client checks what a server sends with this code, so
// no proof of any shape may crash it or show what is not so.

import { expect, test } from "bun:test";
import { sha256 } from "../../../../src/core/crypto/index.ts";
import { type StateProof, verifyProof } from "../../../../src/core/merkle/index.ts";
import { innerHash, leafHash } from "../../../../src/core/merkle/proof.ts";
import { type Bytes, bytesToHash, type Hash, hexToBytes, ZERO_HASH } from "../../../../src/core/primitives/index.ts";
import vectors from "../../../vectors/stateProofs.json";

function proofOf(json: { siblings: string[]; leaf: { path: string; valueHash: string } | null }): StateProof {
  return { siblings: json.siblings as Hash[], leaf: (json.leaf as StateProof["leaf"] | null) ?? undefined };
}

/** Every golden proof with the root that it leads to. */
function goldenProofs() {
  return vectors.trees.flatMap(({ root, proofs }) =>
    proofs.map((vector) => ({
      root: root as Hash,
      key: hexToBytes(vector.key),
      value: vector.value === null ? undefined : hexToBytes(vector.value),
      verdict: vector.verdict,
      proof: proofOf(vector.proof),
    })),
  );
}

const OTHER_HASH = bytesToHash(sha256(Uint8Array.of(99)));

test("the golden proofs show what they say", () => {
  const verdicts = new Set<string>();
  for (const { verdict, ...options } of goldenProofs()) {
    verdicts.add(verdict);
    expect(verifyProof(options) as string).toBe(verdict);
  }
  expect([...verdicts].toSorted()).toEqual(["absent", "present"]);
});

test("a golden proof shows nothing else", () => {
  for (const { root, key, value, proof } of goldenProofs()) {
    const invalid = (changed: { root?: Hash; key?: Bytes; value?: Bytes | undefined; proof?: StateProof }) => {
      expect(verifyProof({ root, key, value, proof, ...changed })).toBe("invalid");
    };
    invalid({ root: OTHER_HASH });
    invalid({ value: value === undefined ? Uint8Array.of(1) : undefined });
    invalid({ value: Uint8Array.of(...(value ?? []), 0) });
    invalid({ proof: { ...proof, siblings: [...proof.siblings, OTHER_HASH] } });
    for (let index = 0; index < proof.siblings.length; index++) {
      invalid({ proof: { ...proof, siblings: proof.siblings.with(index, OTHER_HASH) } });
      invalid({ proof: { ...proof, siblings: proof.siblings.toSpliced(index, 1) } });
    }
    if (proof.leaf !== undefined) {
      invalid({ proof: { ...proof, leaf: undefined } });
      invalid({ proof: { ...proof, leaf: { ...proof.leaf, valueHash: OTHER_HASH } } });
      invalid({ proof: { ...proof, leaf: { ...proof.leaf, path: OTHER_HASH } } });
    }
  }
});

test("a tree of one leaf has that leaf's hash as its root, whatever the key's path", () => {
  const key = Uint8Array.of(1, 2, 3);
  const value = Uint8Array.of(4);
  const leaf = { path: bytesToHash(sha256(key)), valueHash: bytesToHash(sha256(value)) };
  const root = bytesToHash(leafHash({ path: sha256(key), valueHash: sha256(value) }));
  expect(verifyProof({ root, key, value, proof: { siblings: [], leaf } })).toBe("present");
  expect(verifyProof({ root, key: Uint8Array.of(9), value: undefined, proof: { siblings: [], leaf } })).toBe("absent");
});

test("a leaf cannot pass for an inner node, nor an inner node for a leaf", () => {
  const left = sha256(Uint8Array.of(1));
  const right = sha256(Uint8Array.of(2));
  expect(leafHash({ path: left, valueHash: right })).not.toEqual(innerHash({ left, right }));
});

test("the leaf of another branch does not show that a key is absent", () => {
  const keys = Array.from({ length: 64 }, (_, index) => Uint8Array.of(index));
  const isRight = (key: Bytes) => (sha256(key)[0] as number) >= 128;
  const rightKey = keys.find(isRight) as Bytes;
  const leftKey = keys.find((key) => !isRight(key)) as Bytes;
  const hash = (key: Bytes) => leafHash({ path: sha256(key), valueHash: sha256(key) });
  const root = bytesToHash(innerHash({ left: hash(leftKey), right: hash(rightKey) }));
  const leftLeaf = { path: bytesToHash(sha256(leftKey)), valueHash: bytesToHash(sha256(leftKey)) };
  const siblings = [bytesToHash(hash(rightKey))];
  expect(verifyProof({ root, key: leftKey, value: leftKey, proof: { siblings, leaf: leftLeaf } })).toBe("present");
  expect(verifyProof({ root, key: rightKey, value: undefined, proof: { siblings, leaf: leftLeaf } })).toBe("invalid");
});

test("a leaf whose path lacks its last byte does not show that its own key is absent", () => {
  const key = Uint8Array.of(5);
  const value = Uint8Array.of(6);
  const leaf = { path: bytesToHash(sha256(key)), valueHash: bytesToHash(sha256(value)) };
  const root = bytesToHash(leafHash({ path: sha256(key), valueHash: sha256(value) }));
  // The honest proof comes first: what it leaves in memory must not complete the forged one.
  expect(verifyProof({ root, key, value, proof: { siblings: [], leaf } })).toBe("present");
  const cut = { ...leaf, path: leaf.path.slice(0, -2) as Hash };
  expect(verifyProof({ root, key, value: undefined, proof: { siblings: [], leaf: cut } })).toBe("invalid");
});

test("a proof of any other shape is invalid and crashes nothing", () => {
  const key = Uint8Array.of(5);
  const path = bytesToHash(sha256(key));
  const texts = ["", "0x", "0x00", path.slice(0, -2), `${path}00`, `${path.slice(0, -2)}zz`, path.slice(2)] as Hash[];
  const verdict = (proof: StateProof) => verifyProof({ root: path, key, value: undefined, proof });
  for (const text of texts) {
    expect(verdict({ siblings: [text], leaf: undefined })).toBe("invalid");
    expect(verdict({ siblings: [], leaf: { path: text, valueHash: path } })).toBe("invalid");
    expect(verdict({ siblings: [], leaf: { path, valueHash: text } })).toBe("invalid");
  }
  expect(verdict({ siblings: new Array<Hash>(257).fill(ZERO_HASH), leaf: undefined })).toBe("invalid");
  expect(verdict({ siblings: new Array<Hash>(256).fill(ZERO_HASH), leaf: undefined })).toBe("invalid");
});
