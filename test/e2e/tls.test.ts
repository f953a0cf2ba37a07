// Compiled nodes whose connections are TLS: those of one authority whose keys are on the list find each other, and every
// other one is turned away with a reason that an operator understands, on both sides.

import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Cluster, type ClusterNode, succeeded, until } from "../support/cluster.ts";

const CERTIFICATES = join(import.meta.dir, "../vectors/tls");
const MEETING_TIMEOUT_MS = 20_000;

setDefaultTimeout(60_000);

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

function tls(name: string, authority = "network-ca"): string {
  const path = (file: string) => `"${join(CERTIFICATES, file)}"`;
  return [
    `tls_cert_file = ${path(`${name}.crt`)}`,
    `tls_key_file = ${path(`${name}.key`)}`,
    `tls_ca_file = ${path(`${authority}.crt`)}`,
  ].join("\n");
}

/** Two nodes of one chain, of which the second calls the first. */
async function start(first: string, second: string): Promise<readonly [ClusterNode, ClusterNode]> {
  cluster = await Cluster.create({
    count: 2,
    isDirect: true,
    bootstrapOf: (index) => (index === 0 ? [] : [0]),
    networkOf: (index) => (index === 0 ? first : second),
  });
  await Promise.all(cluster.nodes.map((node) => node.start()));
  return [cluster.node(0), cluster.node(1)];
}

async function peerCount(node: ClusterNode): Promise<number> {
  return (await succeeded(node.client.peers())).peers.length;
}

function untilConnected(nodes: readonly ClusterNode[]): Promise<unknown> {
  const isConnected = async () => (await Promise.all(nodes.map(peerCount))).every((count) => count === 1);
  return until("a connection", isConnected, MEETING_TIMEOUT_MS);
}

/** Waits until the node's log has a line with each of the texts. */
function untilSaid(node: ClusterNode, ...texts: readonly string[]): Promise<unknown> {
  const hasSaid = async () =>
    node.binary
      .output()
      .split("\n")
      .some((line) => texts.every((text) => line.includes(text)));
  return until(`${texts.join(", ")} in the log of node ${node.index + 1}`, hasSaid, MEETING_TIMEOUT_MS);
}

const NOT_REACHED = "bootstrap peer cannot be reached";

test("nodes of one authority connect, and agree", async () => {
  const nodes = await start(tls("node-a"), tls("node-b"));
  await untilConnected(nodes);
  await cluster?.untilLevel(20_000, ({ height }) => height > 1);
});

const OTHER_AUTHORITY = "its certificate is not of this network's certificate authority";
const NOT_ACCEPTED = "perhaps it does not accept this node's certificate";

const strangers: readonly (readonly [who: string, first: string, second: string, here: string, there: string])[] = [
  ["shows a certificate of another authority", tls("node-a"), tls("stranger"), OTHER_AUTHORITY, NOT_ACCEPTED],
  ["trusts another authority", tls("node-a"), tls("node-b", "foreign-ca"), NOT_ACCEPTED, OTHER_AUTHORITY],
  ["has a certificate of the past", tls("node-a"), tls("expired"), "its certificate has expired", NOT_ACCEPTED],
  ["speaks no TLS", tls("node-a"), "", "it does not speak TLS", "TLS"],
  [
    "alone speaks TLS",
    "",
    tls("node-b"),
    "it speaks TLS, and [network] tls_cert_file is not set",
    "it does not speak TLS",
  ],
];

test.each(strangers)(
  "a node that %s is turned away, and both logs say why",
  async (_who, first, second, here, there) => {
    const nodes = await start(first, second);
    await untilSaid(nodes[0], '"level":"warn"', "refused", here);
    await untilSaid(nodes[1], '"level":"warn"', NOT_REACHED, there);
    expect(await Promise.all(nodes.map(peerCount))).toEqual([0, 0]);
  },
);

test("only nodes whose keys are on the list connect", async () => {
  const nodes = await start(tls("node-a"), tls("node-b"));
  await untilConnected(nodes);
  const [first, second] = nodes;
  const { nodeKey } = await succeeded(second.client.peers());
  const list = (key: string | null) => ({ AUREON_NETWORK_ALLOWED_NODE_KEYS: key ?? "" });
  await first.stop();
  await first.start(list(nodeKey));
  await untilConnected(nodes);
  await first.stop();
  await first.start(list(`0x${"11".repeat(20)}`));
  await untilSaid(first, "refused a connection", "not_allowed", `the node key ${nodeKey} is not on the list`);
  await untilSaid(second, "not_allowed", `the node key ${nodeKey} is not on the list of allowed node keys`);
  expect(await Promise.all(nodes.map(peerCount))).toEqual([0, 0]);
});
