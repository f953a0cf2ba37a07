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

const NOT_REACHED = "bootstrap peer can't be reached";
const REFUSED = "connection refused";

test("nodes of one authority connect, and agree", async () => {
  const nodes = await start(tls("node-a"), tls("node-b"));
  await untilConnected(nodes);
  await cluster?.untilLevel(20_000, ({ height }) => height > 1);
});

const strangers: readonly (readonly [who: string, second: string, here: string, there: string])[] = [
  [
    "shows a certificate of another authority",
    tls("stranger"),
    "its certificate is not of this network's certificate authority",
    "it does not accept this node's certificate",
  ],
  [
    "does not trust this one's authority",
    tls("node-b", "foreign-ca"),
    "it does not accept this node's certificate",
    "its certificate is not of this network's certificate authority",
  ],
  [
    "has a certificate that has expired",
    tls("expired"),
    "its certificate has expired",
    "it does not accept this node's",
  ],
  ["speaks no TLS", "", "it does not speak TLS", "the other end"],
];

test.each(strangers)("a node that %s is turned away, and both logs say why", async (_who, second, here, there) => {
  const nodes = await start(tls("node-a"), second);
  await untilSaid(nodes[0], REFUSED, here);
  await untilSaid(nodes[1], NOT_REACHED, there);
  expect(await Promise.all(nodes.map(peerCount))).toEqual([0, 0]);
});

test("a node with TLS does not connect to one without", async () => {
  const nodes = await start("", tls("node-b"));
  await untilSaid(nodes[1], NOT_REACHED, "");
  expect(await Promise.all(nodes.map(peerCount))).toEqual([0, 0]);
  console.log(nodes[0].binary.output(), nodes[1].binary.output());
});

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
