// The model of contracts by itself: each rule of calls that it stands for, and that it agrees with the machine on all that
// clients of a simulation ask for. The simulator's seeds and the end-to-end tests hold it against whole nodes.

import { beforeAll, describe, expect, test } from "bun:test";
import type { Amount } from "../../../src/core/primitives/index.ts";
import { contractAddress, DEFAULT_PARAMETERS, type Transaction } from "../../../src/core/protocol/index.ts";
import { useFastCrypto } from "../../support/fastCrypto.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { mineAndImport, openTestChain } from "../../support/testChain.ts";
import { keyHolder, signTransactionBy } from "../accounts.ts";
import { ReferenceLedger } from "../checkers/ledger.ts";
import { NodeChain } from "../checkers/nodeChain.ts";
import { createPlan } from "../plan.ts";
import { Random } from "../random.ts";
import { BROKEN_DEPLOYMENT, contractTransactionOf } from "../workload.ts";
import { BROKEN, COUNTER, FAILING, nestAround, targetOf } from "./modules.ts";
import { type ContractRequest, ContractRequests, oneOfEach } from "./requests.ts";

const SENDER = keyHolder(0);
const BLOCKS = 120;
const TIMEOUT_MS = 30_000;

beforeAll(useFastCrypto);

/** A chain that takes one sender's requests, a block for some of them, and the ledger that follows it. */
function createStory() {
  const { genesis: planned } = createPlan(new Random("model"), { nodeCount: 1, minutes: 1 });
  const genesis = {
    ...planned,
    consensus: { engine: "pow" as const, difficulty: 1, retarget: false },
    parameters: { ...DEFAULT_PARAMETERS, blockReward: 1 as Amount, newStateBytesMax: 4096 },
  };
  const store = new MemoryStore();
  const testChain = openTestChain({ genesis, store });
  const ledger = new ReferenceLedger({ genesis, isSigned: () => true });
  const chain = new NodeChain({ name: "node", ledger });
  let nonce = 0;
  const send = (...requests: readonly ContractRequest[]) => {
    const transactions = requests.map((request) => {
      const transaction: Transaction = contractTransactionOf(SENDER, { nonce: nonce++, gasPrice: 9 }, request);
      return signTransactionBy(transaction, SENDER, testChain.domain);
    });
    const mined = mineAndImport(testChain, { transactions });
    expect(mined.transactions).toHaveLength(requests.length);
    chain.observe(store, Number.MAX_SAFE_INTEGER / 2);
    chain.checkState(store);
  };
  return { send, ledger, chain, store, nonce: () => nonce };
}

describe("the model", () => {
  test("agrees with the machine on every kind of failure", () => {
    const { send, ledger } = createStory();
    for (const request of oneOfEach(SENDER.address, 0)) send(request);
    expect(Object.fromEntries(ledger.contractCounts)).toEqual({
      ...{ none: 4, trap: 2, revert: 1, outOfGas: 1, hostRange: 1, stackExhausted: 1, limitExceeded: 2 },
      ...{ noContract: 1, noFunction: 1, badArguments: 1 },
    });
  });

  test(
    "agrees with the machine on what clients ask for, block after block",
    () => {
      const { send, ledger, chain, store, nonce } = createStory();
      const requests = new ContractRequests(new Random("requests"));
      for (let block = 0; block < BLOCKS; block++) send(requests.next(SENDER.address, nonce()));
      for (const height of [0, 1, BLOCKS / 2, BLOCKS - 1]) chain.checkPast(store, height);
      const { none = 0, refund = 0, ...failed } = Object.fromEntries(ledger.contractCounts);
      expect(none).toBeGreaterThan(60);
      expect(refund).toBeGreaterThan(0);
      expect(Object.keys(failed).length).toBeGreaterThan(5);
    },
    TIMEOUT_MS,
  );

  test("knows a module that is refused", () => {
    const { send, ledger } = createStory();
    send(BROKEN_DEPLOYMENT);
    expect([...ledger.contractCounts]).toEqual([["invalidModule", 1]]);
  });
});

test("a nest has the address of its target, and no other module has one", () => {
  const target = contractAddress({ creator: SENDER.address, nonce: 7 });
  expect(targetOf(nestAround(target))).toBe(target);
  expect([BROKEN, COUNTER, FAILING].map(targetOf)).toEqual([undefined, undefined, undefined]);
});
