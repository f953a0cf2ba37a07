// Three compiled nodes over real sockets: they agree, they heal after a partition, and one that lost its folder follows
// the others before it mines.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { answers } from "../../src/app/api/schemas.ts";
import type { Hash } from "../../src/core/primitives/index.ts";
import { createSigningDomain, type SigningDomain } from "../../src/core/protocol/index.ts";
import { signedTransfer, TEST_BALANCE, testAccount } from "../support/chainFixture.ts";
import { Cluster, type ClusterNode, succeeded, until } from "../support/cluster.ts";

const BLOCK_TIME_MS = 1000;
const START_TIMEOUT_MS = 60_000;
const receiver = testAccount(8).address;
let cluster: Cluster;
let domain: SigningDomain;

async function send(node: ClusterNode, sender: number, nonce: number): Promise<Hash> {
  const { transaction, signature } = signedTransfer({
    sender: testAccount(sender),
    to: receiver,
    amount: 1,
    nonce,
    domain,
  });
  const { hash } = await succeeded(node.client.submit({ ...transaction, signature }));
  return hash;
}

function included(node: ClusterNode, hash: Hash) {
  return async () => {
    const answer = await node.client.transaction(hash);
    return answer.ok && answer.value.state !== "pending" ? answer.value : undefined;
  };
}

beforeAll(async () => {
  cluster = await Cluster.create({ count: 3, blockTimeMs: BLOCK_TIME_MS });
  await Promise.all(cluster.nodes.map((node) => node.start()));
  domain = createSigningDomain((await succeeded(cluster.node(0).client.info())).genesisHash);
  await until(
    "a full mesh",
    async () => {
      const reports = await Promise.all(cluster.nodes.map(({ client }) => succeeded(client.peers())));
      return reports.every(({ peers }) => peers.length === 2);
    },
    START_TIMEOUT_MS,
  );
}, START_TIMEOUT_MS);

afterAll(() => cluster.stop());

test("a transaction at each node is on all of them, and their heads are equal", async () => {
  const hashes = await Promise.all(cluster.nodes.map((node, sender) => send(node, sender, 0)));
  for (const node of cluster.nodes) {
    for (const hash of hashes) await until(`${hash} on node ${node.index + 1}`, included(node, hash), 20_000);
  }
  await cluster.untilLevel(2 * BLOCK_TIME_MS);
  const balances = await Promise.all(cluster.nodes.map(({ client }) => succeeded(client.balance(receiver))));
  expect(balances.map(Number)).toEqual([TEST_BALANCE + 3, TEST_BALANCE + 3, TEST_BALANCE + 3]);
}, 60_000);

test("/peers and /chain/info say who is connected and how far the node is", async () => {
  const { peers, nodeKey, bans } = await succeeded(cluster.node(0).client.peers());
  const others = await Promise.all([1, 2].map((index) => succeeded(cluster.node(index).client.peers())));
  expect(new Set(peers.map((peer) => peer.nodeKey))).toEqual(new Set(others.map((other) => other.nodeKey as never)));
  expect(peers.map(({ nodeKey: key }) => key)).not.toContain(nodeKey as never);
  expect(bans).toEqual([]);
  for (const peer of peers) expect(Math.min(peer.bytesIn, peer.bytesOut, peer.height)).toBeGreaterThan(0);
  const answer: unknown = await (await fetch(`${cluster.node(0).url}/peers`)).json();
  expect([...Value.Errors(answers.peers, answer)].map(({ path, message }) => `${path}: ${message}`)).toEqual([]);
  const { sync } = await succeeded(cluster.node(0).client.info());
  expect(sync.peerCount).toBe(2);
});

test("after a partition of twenty blocks the minority follows, and no transaction is lost", async () => {
  const start = await cluster.untilLevel(10_000);
  cluster.partition([0, 1], [2], "cut");
  const [majority, minority] = [cluster.node(0), cluster.node(2)];
  const onMajority = await send(majority, 0, 1);
  const onMinority = await send(minority, 2, 1);
  await until("inclusion by the minority", included(minority, onMinority), 60_000);
  await until(
    "twenty blocks of the majority with more work than the minority's, which has one at least",
    async () => {
      const [left, right] = await Promise.all([majority, minority].map(({ client }) => succeeded(client.head())));
      if (left === undefined || right === undefined) return false;
      // Four blocks' work of difficulty 2, so that a lucky block while the links heal does not turn the outcome.
      const isAhead = BigInt(left.totalWork) > BigInt(right.totalWork) + 1024n;
      return isAhead && left.height >= start.height + 20 && right.height > start.height;
    },
    120_000,
  );
  const abandoned = await succeeded(minority.client.head());
  cluster.partition([0, 1], [2], "heal");
  await cluster.untilLevel(60_000, ({ height }) => height >= start.height + 20);
  const [before] = await Promise.all([succeeded(minority.client.block(abandoned.height))]);
  expect(before.hash).not.toBe(abandoned.hash);
  for (const node of cluster.nodes) {
    for (const hash of [onMajority, onMinority]) await until("inclusion everywhere", included(node, hash), 30_000);
  }
  const balances = await Promise.all(cluster.nodes.map(({ client }) => succeeded(client.balance(receiver))));
  expect(balances.map(Number)).toEqual([TEST_BALANCE + 5, TEST_BALANCE + 5, TEST_BALANCE + 5]);
}, 300_000);

test("a node without its folder syncs from the others, and mines nothing of its own before", async () => {
  const node = cluster.node(0);
  const before = await cluster.untilLevel(10_000);
  await node.stop();
  node.wipe();
  await node.start();
  const head = await cluster.untilLevel(30_000, ({ height }) => height >= before.height);
  expect(head.height).toBeGreaterThanOrEqual(before.height);
  // A block of its own making would have been one beside the chain that the others have.
  expect(node.binary.output()).not.toContain("chain reorganized");
  const first = await succeeded(node.client.block(1));
  expect(first.hash).toBe((await succeeded(cluster.node(1).client.block(1))).hash);
}, 120_000);

test("a node that is killed over and over while it syncs catches up, and its folder is never the problem", async () => {
  const node = cluster.node(1);
  await node.stop();
  node.wipe();
  for (let round = 0; round < 5; round++) {
    await node.start();
    await Bun.sleep(30 * round);
    await node.kill();
  }
  await node.start();
  await cluster.untilLevel(60_000);
}, 180_000);
