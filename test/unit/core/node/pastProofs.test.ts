// Proofs at earlier heights are those that were given when these were the head's.

import { describe, expect, test } from "bun:test";
import { verifyProof } from "../../../../src/core/merkle/index.ts";
import { PastProofs, PROOF_HEIGHTS } from "../../../../src/core/node/pastProofs.ts";
import { type AccountProofView, createQueries } from "../../../../src/core/node/queries.ts";
import type { StoreReader } from "../../../../src/core/ports/index.ts";
import type { Address, Height } from "../../../../src/core/primitives/index.ts";
import { accountKey, encodeAccount } from "../../../../src/core/state/index.ts";
import { testAccount, transfer } from "../../../support/chainFixture.ts";
import { mineAndImport, openTestChain, verified } from "../../../support/testChain.ts";

const ANNE = testAccount(0).address;
const BERT = testAccount(1).address;
const NOBODY = `0x${"ee".repeat(20)}` as Address;

/** Does not exist before the block at `height`, which pays it. */
function newcomer(height: number): Address {
  return `0x${height.toString(16).padStart(4, "0").repeat(10)}` as Address;
}

/** Each block pays Bert and a newcomer. `proofs` are those that were taken when a height was the head's. */
function createChain(heightMax: number) {
  const testChain = openTestChain();
  const { store, genesis, engine, domain } = testChain;
  const queries = createQueries({ store, genesis, engine });
  const proofs: Map<Address, AccountProofView>[] = [];
  const take = () => {
    const height = testChain.chain.head.header.height;
    const addresses = [ANNE, BERT, NOBODY, newcomer(height), newcomer(height + 1)];
    proofs[height] = new Map(addresses.map((address) => [address, queries.accountProof(address)]));
  };
  const mine = () => {
    const height = testChain.chain.head.header.height + 1;
    const nonce = 2 * (height - 1);
    const transactions = [BERT, newcomer(height)].map((to, index) =>
      verified(transfer({ from: ANNE, to, amount: 1, nonce: nonce + index }), domain),
    );
    mineAndImport(testChain, { transactions });
    take();
  };
  take();
  for (let height = 1; height <= heightMax; height++) mine();
  const expectPast = (past: PastProofs, height: number) => {
    for (const [address, view] of proofs[height] ?? []) {
      expect(past.accountProof({ address, height: height as Height })).toEqual({ ok: true, value: view });
    }
  };
  return { ...testChain, proofs, mine, expectPast };
}

/** The store with one of its methods in other words. */
function withMethod<Name extends keyof StoreReader>(store: StoreReader, name: Name, method: StoreReader[Name]) {
  return new Proxy(store, {
    get(target, property) {
      if (property === name) return method;
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const HEIGHT = 140;
const own = createChain(HEIGHT);

function refusalAt(past: PastProofs, height: number) {
  const result = past.accountProof({ address: BERT, height: height as Height });
  return result.ok ? undefined : [result.refusal.code, result.refusal.details];
}

describe("the last 128 heights", () => {
  test("each gives the proofs of its time, in any order", () => {
    const past = new PastProofs({ store: own.store });
    const heights = Array.from({ length: PROOF_HEIGHTS }, (_, back) => HEIGHT - back);
    for (const height of [...heights, ...heights.toReversed()]) own.expectPast(past, height);
  });

  test("which show what was and what was not yet, and nothing else", () => {
    const past = new PastProofs({ store: own.store });
    const verdictOf = (address: Address, height: number) => {
      const result = past.accountProof({ address, height: height as Height });
      if (!result.ok) throw new RangeError(result.refusal.message);
      const { account, stateRoot: root, proof } = result.value;
      const key = accountKey(address);
      const forged = encodeAccount({ ...account, balance: (account.balance + 1) as typeof account.balance });
      expect(verifyProof({ root, key, value: forged, proof })).toBe("invalid");
      return [verifyProof({ root, key, value: encodeAccount(account), proof }), account.balance as number] as const;
    };
    expect([99, 100, 101].map((height) => verdictOf(newcomer(100), height))).toEqual([
      ["absent", 0],
      ["present", 1],
      ["present", 1],
    ]);
  });

  test("begin 127 below the head", () => {
    const past = new PastProofs({ store: own.store });
    const heightMin = HEIGHT - PROOF_HEIGHTS + 1;
    expect(refusalAt(past, heightMin)).toBeUndefined();
    expect(refusalAt(past, heightMin - 1)).toEqual(["height_not_kept", { height: heightMin - 1, heightMin }]);
    expect(refusalAt(past, 0)).toEqual(["height_not_kept", { height: 0, heightMin }]);
    expect(refusalAt(past, HEIGHT + 1)).toEqual(["block_not_found", { height: HEIGHT }]);
  });

  test("of a short chain are all of them", () => {
    const short = createChain(3);
    const past = new PastProofs({ store: short.store });
    for (const height of [0, 1, 2, 3]) short.expectPast(past, height);
  });

  test("move with the head, also back", () => {
    const moving = createChain(6);
    const past = new PastProofs({ store: moving.store });
    moving.expectPast(past, 4);
    moving.mine();
    for (const height of [4, 6, 4]) moving.expectPast(past, height);
    moving.chain.rollback(5 as Height);
    for (const height of [4, 5, 3]) moving.expectPast(past, height);
    expect(refusalAt(past, 6)).toEqual(["block_not_found", { height: 5 }]);
  });
});

test("without the undo record of a block no height before it is proven", () => {
  const store = withMethod(own.store, "changedKeysAt", (height) =>
    height <= HEIGHT - 3 ? undefined : own.store.changedKeysAt(height),
  );
  const past = new PastProofs({ store });
  expect(refusalAt(past, HEIGHT - 3)).toBeUndefined();
  const evidence = { height: HEIGHT - 4, heightMin: HEIGHT - 3 };
  expect(refusalAt(past, HEIGHT - 4)).toEqual(["height_not_kept", evidence]);
});

test("no more accounts are put back than may be, each counted once", () => {
  // Two blocks change Anne, Bert and a newcomer each.
  const past = new PastProofs({ store: own.store, changedKeysMax: 4 });
  expect(refusalAt(past, HEIGHT - 2)).toBeUndefined();
  expect(refusalAt(past, HEIGHT - 3)).toEqual(["height_not_kept", { height: HEIGHT - 3, heightMin: HEIGHT - 2 }]);
});

test("the tree of a height is derived once, for as long as the head stays", () => {
  const moving = createChain(5);
  let reads = 0;
  const store = withMethod(moving.store, "changedKeysAt", (height) => {
    reads++;
    return moving.store.changedKeysAt(height);
  });
  const past = new PastProofs({ store });
  moving.expectPast(past, 3);
  expect(reads).toBe(2);
  moving.mine();
  moving.expectPast(past, 3);
  expect(reads).toBe(5);
});

test("undo records that lead to another state are a damaged store, not a wrong proof", () => {
  const store = withMethod(own.store, "stateValueAt", (key) => own.store.stateValue(key));
  const past = new PastProofs({ store });
  expect(() => past.accountProof({ address: BERT, height: (HEIGHT - 1) as Height })).toThrow("undo records lead back");
});
