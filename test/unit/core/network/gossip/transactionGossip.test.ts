// Transactions on their way through a node: from a peer into the mempool, and on to the others.

import { describe, expect, test } from "bun:test";
import { type Bytes, bytesToSignature, ZERO_HASH } from "../../../../../src/core/primitives/index.ts";
import {
  createSigningDomain,
  decodeTransaction,
  encodeTransaction,
  transactionHash,
  verifyTransaction,
} from "../../../../../src/core/protocol/index.ts";
import { signedTransfer, testAccount } from "../../../../support/chainFixture.ts";
import { fakeTransaction, fakeTransactions } from "../../../../support/networkFakes.ts";
import { createGossip, encodings } from "./harness.ts";

describe("a transaction from a peer", () => {
  test("is recovered, admitted and relayed to all but those that sent it", () => {
    const node = createGossip();
    const sent = fakeTransactions(3);
    node.transactions.onTransactions(1, encodings(sent));
    expect(node.pool.admitted).toEqual([]);
    node.verifier.answerAll();
    expect(node.pool.admitted).toEqual([...sent]);
    node.tick();
    expect(node.links.transactionsTo(1)).toEqual([]);
    expect(node.links.transactionsTo(2)).toEqual([encodings(sent)]);
    expect(node.links.sent).toHaveLength(1);
    expect(node.links.sent[0]?.to).toEqual([2, 3]);
  });

  test("that two peers sent before it was verified goes to the third alone, and is recovered once", () => {
    const node = createGossip();
    const sent = fakeTransactions(2);
    node.transactions.onTransactions(1, encodings(sent));
    node.transactions.onTransactions(2, encodings(sent));
    expect(node.verifier.started).toHaveLength(1);
    node.verifier.answerAll();
    node.tick();
    expect(node.links.sent.map(({ to }) => to)).toEqual([[3]]);
  });

  test("goes only to those that lack it when each has sent a part", () => {
    const node = createGossip();
    const [first, second] = fakeTransactions(2) as [
      ReturnType<typeof fakeTransaction>,
      ReturnType<typeof fakeTransaction>,
    ];
    node.transactions.onTransactions(1, [first.encoded]);
    node.transactions.onTransactions(2, [second.encoded]);
    node.verifier.answerAll();
    node.tick();
    expect(node.links.transactionsTo(1)).toEqual([[second.encoded]]);
    expect(node.links.transactionsTo(2)).toEqual([[first.encoded]]);
    expect(node.links.transactionsTo(3)).toEqual([[first.encoded, second.encoded]]);
  });

  test("that waits in the mempool is neither recovered nor relayed again", () => {
    const node = createGossip();
    const sent = fakeTransactions(1);
    node.transactions.onTransactions(1, encodings(sent));
    node.verifier.answerAll();
    node.tick();
    node.transactions.onTransactions(2, encodings(sent));
    node.tick();
    expect(node.verifier.started).toEqual([]);
    expect(node.links.sent).toHaveLength(1);
    expect(node.links.punished).toEqual([]);
  });

  test("from somebody who is not ready is ignored", () => {
    const node = createGossip();
    node.transactions.onTransactions(9, encodings(fakeTransactions(1)));
    expect(node.transactions.counts().waiting).toBe(0);
  });
});

describe("an invalid transaction", () => {
  test("that does not decode costs points, once for each, and the rest is taken", () => {
    const node = createGossip();
    const good = fakeTransaction({ nonce: 0 });
    node.transactions.onTransactions(1, [Uint8Array.of(1, 2, 3), good.encoded]);
    node.verifier.answerAll();
    expect(node.links.offences(1)).toEqual(["invalid_transaction"]);
    expect(node.pool.admitted).toEqual([good]);
  });

  test("against the static rules costs points, and is not checked again", () => {
    const node = createGossip();
    const poor = fakeTransaction({ nonce: 0, gasLimit: 1 });
    node.transactions.onTransactions(1, [poor.encoded]);
    node.transactions.onTransactions(2, [poor.encoded]);
    expect(node.pool.precheckCount).toBe(1);
    expect(node.links.punished).toEqual([
      { connectionId: 1, offence: "invalid_transaction" },
      { connectionId: 2, offence: "invalid_transaction" },
    ]);
    expect(node.verifier.started).toEqual([]);
  });

  test("with a bad signature costs everybody points who sent it, then and later", () => {
    const node = createGossip();
    const bad = fakeTransaction({ nonce: 0, isGarbage: true });
    node.transactions.onTransactions(1, [bad.encoded]);
    node.transactions.onTransactions(2, [bad.encoded, bad.encoded]);
    expect(node.links.punished).toEqual([]);
    node.verifier.answerAll();
    expect(node.links.offences(1)).toEqual(["invalid_signature"]);
    expect(node.links.offences(2)).toEqual(["invalid_signature"]);
    node.transactions.onTransactions(3, [bad.encoded]);
    expect(node.links.offences(3)).toEqual(["invalid_transaction"]);
    expect(node.verifier.started).toEqual([]);
    node.tick();
    expect(node.links.sent).toEqual([]);
  });

  test("ends its message when it ends the connection", () => {
    const node = createGossip();
    node.links.offencesMax = 2;
    const junk = Array.from({ length: 100 }, (_, index) => Uint8Array.of(0xee, index));
    node.transactions.onTransactions(1, [...junk, fakeTransaction({ nonce: 0 }).encoded]);
    expect(node.links.punished).toHaveLength(2);
    expect(node.transactions.counts().waiting).toBe(0);
  });

  test("with the right hash does not stand in the way of the right one, whichever comes first", () => {
    const domain = createSigningDomain(ZERO_HASH);
    const right = signedTransfer({ sender: testAccount(0), to: testAccount(1).address, amount: 1, nonce: 0, domain });
    const signature = bytesToSignature(new Uint8Array(65).fill(7));
    const garbage = encodeTransaction({ transaction: right.transaction, signature });
    expect(transactionHash(right.transaction, domain)).toBe(right.hash);
    for (const order of [
      [garbage, right.encoded],
      [right.encoded, garbage],
    ]) {
      const node = createGossip();
      node.verifier.recover = (encoded: Bytes) => {
        const decoded = decodeTransaction(encoded);
        const result = decoded.ok ? verifyTransaction(decoded.value, domain) : undefined;
        return result?.ok === true ? result.value.hash : undefined;
      };
      for (const [index, encoded] of order.entries()) node.transactions.onTransactions(index + 1, [encoded]);
      node.verifier.answerAll();
      expect(node.pool.admitted).toEqual([right]);
      expect(node.links.punished).toEqual([{ connectionId: order.indexOf(garbage) + 1, offence: "invalid_signature" }]);
    }
  });
});

describe("what the mempool has taken", () => {
  test("of this node's own clients goes to every peer", () => {
    const node = createGossip();
    const own = fakeTransactions(2);
    node.pool.admit(own);
    node.tick();
    expect(node.links.sent.map(({ to }) => to)).toEqual([[1, 2, 3]]);
    expect(node.links.transactionsTo(3)).toEqual([encodings(own)]);
  });

  test("that a peer sends back is not sent to it again", () => {
    const node = createGossip({ peers: 2 });
    const own = fakeTransactions(1);
    node.pool.admit(own);
    node.transactions.onTransactions(1, encodings(own));
    node.tick();
    expect(node.links.transactionsTo(1)).toEqual([]);
    expect(node.links.transactionsTo(2)).toEqual([encodings(own)]);
  });

  test("does the same from the same events", () => {
    const run = () => {
      const node = createGossip({ peers: 4 });
      for (let round = 0; round < 20; round++) {
        const transactions = Array.from({ length: 7 }, (_, index) =>
          fakeTransaction({ sender: index, nonce: round, isGarbage: (round + index) % 5 === 0 }),
        );
        node.transactions.onTransactions(1 + (round % 4), encodings(transactions));
        if (round % 3 === 0) node.verifier.answerAll();
        node.tick(20);
      }
      return { sent: node.links.sent, punished: node.links.punished, admitted: node.pool.admitted };
    };
    const first = run();
    expect(first.punished.length).toBeGreaterThan(0);
    expect(run()).toEqual(first);
  });
});
