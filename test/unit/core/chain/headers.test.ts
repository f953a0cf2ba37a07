// Headers by hash, and the way back that engines look along.

import { expect, test } from "bun:test";
import { HeaderChain, loadHeader } from "../../../../src/core/chain/headers.ts";
import type { Hash, Height } from "../../../../src/core/primitives/index.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { mineAndImport, openTestChain, type TestChain } from "../../../support/testChain.ts";

function chainOf(blocks: number, store = new MemoryStore()): TestChain {
  const testChain = openTestChain({ store });
  for (let count = 0; count < blocks; count++) mineAndImport(testChain);
  return testChain;
}

test("the ancestry of a block begins at its parent and ends at block 0", () => {
  const { chain, store } = chainOf(4);
  const ancestry = new HeaderChain(store).ancestry(chain.head);
  const heights = [4, 0, 3, 1, 2, 5, 900].map((distance) => ancestry.header(distance)?.height as number | undefined);
  expect(heights).toEqual([0, 4, 1, 3, 2, undefined, undefined]);
  expect(ancestry.header(0)).toEqual(chain.head.header);
});

test("headers are read once", () => {
  const reads: Hash[] = [];
  class CountingStore extends MemoryStore {
    override header(hash: Hash) {
      reads.push(hash);
      return super.header(hash);
    }
  }
  const { chain, store } = chainOf(3, new CountingStore());
  reads.length = 0;
  const headers = new HeaderChain(store);
  for (const _ of [1, 2]) expect(headers.ancestry(chain.head).header(3)?.height as number).toBe(0);
  expect(reads).toEqual([2, 1, 0].map((height) => store.hashAt(height as Height) as Hash));
});

test("an unknown hash has no header, and a damaged one crashes the node", () => {
  const unknown = `0x${"99".repeat(32)}` as Hash;
  const { chain, store } = chainOf(1);
  expect(new HeaderChain(store).get(unknown)).toBeUndefined();
  class DamagedStore extends MemoryStore {
    override header(hash: Hash) {
      const stored = super.header(hash);
      return stored && { ...stored, header: stored.header.subarray(1) };
    }
  }
  const damaged = new DamagedStore();
  damaged.commitBlock({
    block: store.block(chain.genesisHash) as never,
    state: [],
    pages: [],
    undoHeightMin: 0 as Height,
    eventSources: [],
  });
  expect(() => loadHeader(damaged, chain.genesisHash)).toThrow("a stored header decodes");
});
