// All hostile modules and contracts at once on a compiled node beside a second one: both stay up and answer, what is to be
// refused is refused, what is to fail fails for its reason, and the two agree on every block.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { transactionToJson } from "../../src/client/json/index.ts";
import {
  type Address,
  type Amount,
  bytesToSignature,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  hexToBytes,
  type Nonce,
  SIGNATURE_SIZE_BYTES,
} from "../../src/core/primitives/index.ts";
import {
  contractAddress,
  createSigningDomain,
  kindOf,
  MODULE_SIZE_BYTES_MAX,
  type SigningDomain,
  type Transaction,
} from "../../src/core/protocol/index.ts";
import { signTransactionBy } from "../simulator/accounts.ts";
import { testAccount } from "../support/chainFixture.ts";
import { Cluster, type ClusterNode, succeeded } from "../support/cluster.ts";
import { useFastCrypto } from "../support/fastCrypto.ts";
import { GAS, HOSTILE_STORIES, HOT_STORIES, type HostileStory } from "../support/hostileCalls.ts";
import { LIMIT_MODULES, REFUSED_MODULES } from "../support/hostileModules.ts";
import { type NodeMonitor, quantileMs, startMonitor } from "../support/nodeMonitor.ts";

const MIB = 1024 * 1024;
const RESIDENT_BYTES_MAX = 600 * MIB;
/** Of 19 answers in 20. */
const LATENCY_MS_MAX = 250;
/** A block holds six calls that use up their gas. */
const BLOCK_TIME_MS = 5000;
/** Blocks come faster than that for a while. */
const HASH_RATE = 200;
const SENDER_COUNT = 9;
const TIMEOUT_MS = 180_000;

interface Sent {
  readonly story: string;
  readonly hash: Hash;
  readonly expected: { readonly reason: string; readonly returns?: string };
}

let cluster: Cluster;
let domain: SigningDomain;
let monitors: readonly NodeMonitor[];
const nonces = Array.from({ length: SENDER_COUNT }, () => 0);
const sent: Sent[] = [];

/** Signed by a sender whose turn it is, with gas beside what the bytes of the transaction cost. */
function sign(sender: number, gas: number, kind: Record<string, unknown> & { type: "deploy" | "call" }) {
  const account = testAccount(sender);
  const nonce = nonces[sender] as number;
  const draft = {
    amount: 0 as Amount,
    ...kind,
    from: account.address,
    nonce: nonce as Nonce,
    gasLimit: 0 as Gas,
    gasPrice: 0 as GasPrice,
    expiry: 0 as Height,
  } as unknown as Transaction;
  const transaction = { ...draft, gasLimit: (kindOf(draft).intrinsicGas(draft) + gas) as Gas };
  const { hash, encoded } = signTransactionBy(transaction, account, domain);
  const signature = bytesToSignature(encoded.subarray(-SIGNATURE_SIZE_BYTES));
  return { hash, json: transactionToJson({ hash, signed: { transaction, signature } }) };
}

async function send(node: ClusterNode, sender: number, gas: number, kind: Parameters<typeof sign>[2]): Promise<Hash> {
  const { hash, json } = sign(sender, gas, kind);
  await succeeded(node.client.submit(json));
  nonces[sender] = (nonces[sender] as number) + 1;
  return hash;
}

/** Deploys and calls what a story has, one transaction after the other. */
async function tell(story: HostileStory, place: { node: ClusterNode; sender: number }): Promise<void> {
  const { node, sender } = place;
  const addresses: Address[] = [];
  for (const code of story.modules) {
    addresses.push(contractAddress({ creator: testAccount(sender).address, nonce: nonces[sender] as number }));
    await send(node, sender, GAS, { type: "deploy", code, args: "" });
  }
  for (const { contract = 0, name, args = "", gas = GAS, amount = 0, reason, returns } of story.calls) {
    const hash = await send(node, sender, Math.min(gas, GAS), {
      type: "call",
      to: addresses[contract],
      function: name,
      args: typeof args === "string" ? args : args(addresses),
      amount: amount as Amount,
    });
    sent.push({ story: story.name, hash, expected: { reason, ...(returns === undefined ? {} : { returns }) } });
  }
}

beforeAll(async () => {
  useFastCrypto();
  cluster = await Cluster.create({ count: 2, blockTimeMs: BLOCK_TIME_MS, hashRateLimit: HASH_RATE, isDirect: true });
  await Promise.all(cluster.nodes.map((node) => node.start()));
  domain = createSigningDomain((await succeeded(cluster.node(0).client.info())).genesisHash);
  monitors = cluster.nodes.map(({ binary, url }) => startMonitor({ pid: binary.pid, url }));
}, TIMEOUT_MS);

afterAll(async () => {
  for (const monitor of monitors) monitor.stop();
  await cluster.stop();
});

test(
  "modules that break a rule are refused by name of the rule",
  async () => {
    const refused = [...LIMIT_MODULES, ...REFUSED_MODULES].filter(({ refusal }) => refusal !== undefined);
    for (const { name, code, refusal } of refused) {
      const answer = await cluster.node(0).client.submit(sign(0, GAS, { type: "deploy", code, args: "" }).json);
      // What is too large for a transaction is not looked into.
      const expected = code.length > MODULE_SIZE_BYTES_MAX ? "invalid_transaction" : refusal;
      expect(answer.ok ? "taken in" : answer.error.code, name).toBe(expected as NonNullable<typeof refusal>);
    }
  },
  TIMEOUT_MS,
);

test(
  "contracts that do harm fail for their reasons, on two nodes alike",
  async () => {
    const stories = [...HOSTILE_STORIES, ...HOT_STORIES];
    const ofSender = (sender: number) => stories.filter((_, index) => index % SENDER_COUNT === sender);
    await Promise.all(
      nonces.map(async (_, sender) => {
        const node = cluster.node(sender % 2);
        for (const story of ofSender(sender)) await tell(story, { node, sender });
      }),
    );
    for (const node of cluster.nodes) {
      for (const { story, hash, expected } of sent) {
        const included = await succeeded(node.client.waitForInclusion(hash, { timeoutMs: TIMEOUT_MS }));
        const { reason, returnData } = included.receipt;
        const returns = new TextDecoder().decode(hexToBytes(returnData));
        expect({ story, reason, returns: expected.returns === undefined ? undefined : returns }).toEqual({
          story,
          reason: expected.reason as typeof reason,
          returns: expected.returns,
        });
      }
    }
    const { height } = await cluster.untilLevel(TIMEOUT_MS);
    for (let at = 1; at <= height; at++) {
      const [one, other] = await Promise.all(cluster.nodes.map(({ client }) => succeeded(client.block(at))));
      expect(one).toEqual(other as NonNullable<typeof other>);
    }
  },
  TIMEOUT_MS,
);

test("both nodes have answered all the while, and are still small", async () => {
  for (const monitor of monitors) {
    const report = await monitor.report();
    expect(report.failures).toBe(0);
    expect(quantileMs(report, 0.95)).toBeLessThan(LATENCY_MS_MAX);
    expect(report.residentBytesMax).toBeLessThan(RESIDENT_BYTES_MAX);
  }
});
