// docker-stack.yml on a swarm of this machine: three nodes become one chain, and one that Swarm replaces goes on with it.
// Where there can be no swarm, all of it fails with the reason.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { DEVELOPMENT_ACCOUNTS } from "../../src/app/config/index.ts";
import type { Address, Hash } from "../../src/core/primitives/index.ts";
import { succeeded, until } from "../support/cluster.ts";
import { deployStack, type Stack, type StackNode, untilConnected } from "../support/swarm.ts";

const START_TIMEOUT_MS = 300_000;
const REMOVE_TIMEOUT_MS = 180_000;
const TEST_TIMEOUT_MS = 240_000;
const INCLUSION_TIMEOUT_MS = 60_000;
const AMOUNT = 250;

let stack: Stack | undefined;
let first: StackNode;
let second: StackNode;
let third: StackNode;

beforeAll(async () => {
  stack = await deployStack();
  [first, second, third] = stack.nodes as [StackNode, StackNode, StackNode];
  await untilConnected(stack);
}, START_TIMEOUT_MS);

afterAll(() => stack?.remove(), REMOVE_TIMEOUT_MS);

const addressOf = (index: number) => DEVELOPMENT_ACCOUNTS[index]?.address as Address;

/** Has the wallet of `node` pay from the first account, and waits for the block that includes it. */
function pay(node: StackNode, to: Address) {
  const transfer = { from: addressOf(0), to, amount: AMOUNT };
  return succeeded(node.client.submit(transfer, { waitMs: INCLUSION_TIMEOUT_MS }));
}

async function untilIncluded({ name, client }: StackNode, hash: Hash): Promise<void> {
  const isIncluded = async () => {
    const answer = await client.transaction(hash);
    return answer.ok && answer.value.state !== "pending";
  };
  await until(`the inclusion of ${hash} at ${name}`, isIncluded, INCLUSION_TIMEOUT_MS);
}

test("the nodes are of one chain, each with a key of its own", async () => {
  const nodes = stack?.nodes ?? [];
  const infos = await Promise.all(nodes.map(({ client }) => succeeded(client.info())));
  const keys = await Promise.all(nodes.map(async ({ client }) => (await succeeded(client.peers())).nodeKey));
  expect(nodes).toHaveLength(3);
  expect(new Set(infos.map(({ genesisHash }) => genesisHash)).size).toBe(1);
  expect(new Set(keys).size).toBe(3);
});

test(
  "a transaction that one node includes is included at the others",
  async () => {
    const { hash } = await pay(first, addressOf(5));
    await untilIncluded(second, hash);
    await untilIncluded(third, hash);
  },
  TEST_TIMEOUT_MS,
);

test(
  "a node that Swarm replaces has its key and its chain, and takes what the others have made",
  async () => {
    const keyBefore = (await succeeded(second.client.peers())).nodeKey;
    const head = await succeeded(second.client.head());
    const before = await stack?.untilHealthy(second);
    const after = await stack?.replace(second);
    expect(after).not.toBe(before);

    const { hash } = await pay(first, addressOf(6));
    await untilIncluded(second, hash);
    expect((await succeeded(second.client.peers())).nodeKey).toBe(keyBefore);
    expect((await succeeded(second.client.block(head.height))).height).toBe(head.height);
  },
  TEST_TIMEOUT_MS,
);
