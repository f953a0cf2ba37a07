// One node's gossip over fakes, and what its tests ask of it.

import { BlockGossip } from "../../../../../src/core/network/gossip/blockGossip.ts";
import { TransactionGossip } from "../../../../../src/core/network/gossip/transactionGossip.ts";
import { VerificationJobs } from "../../../../../src/core/network/verificationJobs.ts";
import type { Bytes, Hash } from "../../../../../src/core/primitives/index.ts";
import { hashHeader, type VerifiedTransaction } from "../../../../../src/core/protocol/index.ts";
import {
  FakeChain,
  FakeClock,
  FakeLinks,
  FakePool,
  FakeVerifier,
  fakeBlock,
} from "../../../../support/networkFakes.ts";

const JOBS_MAX = 8;

export function createGossip(options: { peers?: number; blockSizeBytesMax?: number; jobsMax?: number } = {}) {
  const { peers = 3, blockSizeBytesMax = 1024 * 1024, jobsMax = JOBS_MAX } = options;
  const clock = new FakeClock();
  const links = new FakeLinks();
  const pool = new FakePool();
  const verifier = new FakeVerifier();
  const genesis = fakeBlock({});
  const chain = new FakeChain({ clock, genesis: genesis.block });
  const jobs = new VerificationJobs({ verifier, jobsMax });
  verifier.jobs = jobs;
  const unknownParents: { readonly from: number; readonly hash: Hash }[] = [];
  const blocks = new BlockGossip({
    chain,
    pool,
    links,
    jobs,
    clock,
    onUnknownParent: (from, header) => unknownParents.push({ from, hash: hashHeader(header) }),
  });
  const transactions = new TransactionGossip({ chain, pool, links, jobs, clock, blockSizeBytesMax });
  pool.onAdmitted = (admitted) => transactions.onAdmitted(admitted);
  links.onGone = (connectionId) => {
    transactions.onPeerGone(connectionId);
    blocks.onPeerGone(connectionId);
  };
  const connect = (connectionId: number) => {
    links.connect(connectionId);
    transactions.onPeerReady(connectionId);
    blocks.onPeerReady(connectionId);
  };
  for (let connectionId = 1; connectionId <= peers; connectionId++) connect(connectionId);
  const tick = (afterMs = 0) => {
    clock.atMs += afterMs;
    transactions.tick();
    blocks.tick();
  };
  // Nothing waits in the mempool yet, so the first offers are empty.
  tick();
  return { clock, links, pool, verifier, chain, jobs, genesis, unknownParents, blocks, transactions, connect, tick };
}

export function encodings(transactions: readonly VerifiedTransaction[]): readonly Bytes[] {
  return transactions.map(({ encoded }) => encoded);
}
