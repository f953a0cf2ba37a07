// A compiled node with two honest peers under attack from other addresses, over real sockets: it goes on serving, stays
// small, says why it leaves, and bans where the points say so. All attacks run at once, since each must be harmless in
// any company.

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import type { PeerHead } from "../../src/core/network/wire/message.ts";
import type { Bytes, Hash, Height } from "../../src/core/primitives/index.ts";
import { createSigningDomain, decodeHeader, encodeTransaction, type Header } from "../../src/core/protocol/index.ts";
import { signedTransfer, testAccount } from "../support/chainFixture.ts";
import { Cluster, type ClusterNode, succeeded, until } from "../support/cluster.ts";
import { type NodeMonitor, quantileMs, startMonitor } from "../support/nodeMonitor.ts";
import { orphanLines } from "../support/orphanBlocks.ts";
import { lineOf, RawPeer, type RawPeerOptions } from "../support/rawPeer.ts";

const MIB = 1024 * 1024;
const RESIDENT_BYTES_MAX = 300 * MIB;
const ATTACK_TIMEOUT_MS = 60_000;
const TRANSFER_INTERVAL_MS = 250;
const ORPHANS = 100_000;
const ORPHANS_PER_ADDRESS = 2000;
const CONNECTIONS = 10_000;

setDefaultTimeout(ATTACK_TIMEOUT_MS);

let cluster: Cluster;
let node: ClusterNode;
let genesisHash: Hash;
let monitor: NodeMonitor;
let emptyHeader: Header;
let connectedAtMs: readonly number[];
let isOver = false;
let traffic: Promise<readonly Hash[]>;

const options = (address: string, head?: PeerHead): RawPeerOptions => ({
  port: node.listenPort,
  address,
  genesisHash,
  ...(head === undefined ? {} : { head }),
});

/** Tries again where others have taken the places of this second. */
async function join(address: string, head?: PeerHead): Promise<RawPeer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await RawPeer.join(options(address, head));
    } catch (error) {
      if (attempt === 20) throw error;
      await Bun.sleep(500);
    }
  }
}

/** Waits until the node lists the address as banned, for a reason that begins so. */
async function untilBanned(address: string, reason: string): Promise<void> {
  await until(
    `the ban of ${address} for ${reason}`,
    async () => {
      const { bans } = await succeeded(node.client.peers());
      const ban = bans.find((each) => each.address === address);
      return ban?.reason.startsWith(`${reason}: `) === true && ban.untilMs > Date.now();
    },
    ATTACK_TIMEOUT_MS,
  );
}

/** Sends transfers of one account through one of the honest nodes until the attacks are over. */
async function sendTransfers(from: ClusterNode): Promise<readonly Hash[]> {
  const domain = createSigningDomain(genesisHash);
  const hashes: Hash[] = [];
  for (let nonce = 0; !isOver; nonce++) {
    const sender = testAccount(0);
    const { transaction, signature } = signedTransfer({ sender, to: testAccount(8).address, amount: 1, nonce, domain });
    hashes.push((await succeeded(from.client.submit({ ...transaction, signature }))).hash);
    await Bun.sleep(TRANSFER_INTERVAL_MS);
  }
  return hashes;
}

async function firstHeader(): Promise<Header> {
  const peer = await RawPeer.join(options("127.0.0.99"));
  await peer.send({ type: "SyncRequest", kind: "headers", requestId: 1, locator: [genesisHash], countMax: 1 });
  const answer = await peer.next((message) => message.type === "SyncResponse");
  peer.destroy();
  const [encoded] = answer.type === "SyncResponse" && answer.kind === "headers" ? answer.headers : [];
  const decoded = decodeHeader(encoded as Bytes);
  if (!decoded.ok) throw new RangeError(decoded.reason);
  return decoded.value;
}

async function connectionTimes(): Promise<readonly number[]> {
  const { peers } = await succeeded(node.client.peers());
  return peers.filter(({ address }) => address === "127.0.0.1").map((peer) => peer.connectedAtMs);
}

beforeAll(async () => {
  cluster = await Cluster.create({
    count: 3,
    isDirect: true,
    bootstrapOf: (index) => (index === 0 ? [] : [0]),
  });
  await Promise.all(cluster.nodes.map((each) => each.start()));
  node = cluster.node(0);
  genesisHash = (await succeeded(node.client.info())).genesisHash;
  await cluster.untilLevel(30_000, ({ height }) => height >= 1);
  await until("two honest peers", async () => (await connectionTimes()).length === 2, 20_000);
  connectedAtMs = await connectionTimes();
  emptyHeader = await firstHeader();
  monitor = startMonitor({ pid: node.binary.pid, url: node.url });
  traffic = sendTransfers(cluster.node(1));
}, 60_000);

afterAll(async () => {
  isOver = true;
  monitor.stop();
  await cluster.stop();
});

test.concurrent("a line of a gigabyte is cut at its limit, and its sender banned", async () => {
  const peer = await join("127.0.0.3");
  const piece = "x".repeat(MIB);
  let sentBytes = 0;
  while (sentBytes < 1024 * MIB && (await peer.sendText(piece))) sentBytes += MIB;
  await untilBanned("127.0.0.3", "line_too_long");
  await peer.ended();
  // What the kernel holds on both sides, and what was under way.
  expect(sentBytes).toBeLessThan(64 * MIB);
});

test.concurrent("a byte every ten seconds is too slow, before the handshake and after it", async () => {
  const [early, late] = [await RawPeer.connect(options("127.0.0.5")), await join("127.0.0.4")];
  const startMs = performance.now();
  await Promise.all([early.sendText("{"), late.sendText("{")]);
  await early.ended();
  expect(early.refusal).toMatchObject({ code: "handshake_timeout" });
  while (!late.isEnded && performance.now() - startMs < 15_000) {
    await Promise.race([Bun.sleep(10_000), late.ended()]);
    await late.sendText('"');
  }
  await late.ended();
  expect(late.refusal).toMatchObject({ code: "misbehaviour", message: expect.stringMatching(/^line_too_slow: /) });
  expect(performance.now() - startMs).toBeLessThan(13_000);
});

test.concurrent("ten thousand connections from one address: few are taken, the others cut at once", async () => {
  let open = 0;
  let openMax = 0;
  let ended = 0;
  const once = () =>
    new Promise<void>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: node.listenPort, localAddress: "127.0.0.2" });
      // Whoever is heard of has been taken: the node says hello at once.
      socket.once("data", () => {
        open++;
        openMax = Math.max(open, openMax);
        socket.once("close", () => open--);
        resolve();
      });
      socket.on("error", () => undefined);
      socket.once("close", () => {
        ended++;
        resolve();
      });
    });
  let started = 0;
  const connectAll = async () => {
    while (started < CONNECTIONS) {
      started++;
      await once();
    }
  };
  await Promise.all(Array.from({ length: 100 }, connectAll));
  expect(ended).toBeGreaterThan(CONNECTIONS - 100);
  expect(openMax).toBeLessThanOrEqual(12);
});

const WRONG_SHAPES = [
  '{"type":"Ping"}',
  '{"type":"Ping","nonce":"7"}',
  '{"type":"SyncRequest","kind":"headers","requestId":1,"locator":[],"countMax":1}',
  '{"type":"Transactions","transactions":{"0x00":1}}',
  '{"nonce":1,"type":"__proto__"}',
  '{"type":"Block","block":null}',
];
const NESTED = `{"type":"Ping","nonce":${"[".repeat(500_000)}${"]".repeat(500_000)}}`;

test.concurrent.each([
  ["JSON of a wrong shape", "127.0.0.6", WRONG_SHAPES],
  ["deep nesting", "127.0.0.7", new Array<string>(5).fill(NESTED)],
  ["bytes that are no text", "127.0.0.21", ["\u0000\u0001", "\u00ff\u00fe", "{\u0000}", "\u001b[2J"]],
])("%s is malformed, and the fourth time banned", async (_name, address, lines) => {
  const peer = await join(address);
  for (const line of lines) await peer.sendText(`${line}\n`);
  await untilBanned(address, "malformed_message");
  await peer.ended();
  expect(peer.refusal).toMatchObject({ code: "banned" });
});

test.concurrent("a node of another chain is told why, with both values", async () => {
  const other = `0x${"77".repeat(32)}` as Hash;
  const peer = await RawPeer.connect({ ...options("127.0.0.8"), genesisHash: other });
  await expect(peer.introduce()).rejects.toThrow();
  await peer.ended();
  expect(peer.refusal).toMatchObject({ code: "wrong_genesis" });
  for (const hash of [genesisHash, other]) expect(peer.refusal?.message).toContain(hash);
});

test.concurrent("a handshake that is replayed byte for byte proves nothing, and is banned the fourth time", async () => {
  const original = await join("127.0.0.9");
  const [hello = "", proof = ""] = original.recorded;
  for (let attempt = 0; attempt < 4; attempt++) {
    const replay = await RawPeer.connect(options("127.0.0.10"));
    await replay.sendText(hello + proof);
    await replay.ended();
    const code = attempt < 3 ? "wrong_proof" : "banned";
    expect(replay.refusal).toMatchObject({ code });
  }
  await untilBanned("127.0.0.10", "wrong_proof");
  expect(original.isEnded).toBe(false);
  original.destroy();
});

test.concurrent("a hundred thousand blocks with unknown parents get their senders banned", async () => {
  const addresses = Array.from({ length: ORPHANS / ORPHANS_PER_ADDRESS }, (_, index) => `127.1.0.${index + 1}`);
  let sent = 0;
  const attack = async (address: string) => {
    const peer = await join(address);
    let batch = "";
    let count = 0;
    for (const line of orphanLines({ ...emptyHeader, height: 50 as Height }, ORPHANS_PER_ADDRESS)) {
      batch += line;
      count++;
      if (count % 100 > 0) continue;
      // The node may have cut it off by then, which makes the rest of no use to anybody.
      await peer.sendText(batch);
      sent += 100;
      batch = "";
    }
    await untilBanned(address, "unknown_parents");
    await peer.ended();
  };
  const waiting = [...addresses];
  const attackInTurn = async () => {
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) await attack(address);
  };
  await Promise.all(Array.from({ length: 5 }, attackInTurn));
  expect(sent).toBe(ORPHANS);
});

const HEADERS_REQUEST = () =>
  lineOf({ type: "SyncRequest", kind: "headers", requestId: 1, locator: [genesisHash], countMax: 512 });
const BLOCKS_REQUEST = () => {
  const hashes = new Array<Hash>(128).fill(genesisHash);
  return lineOf({ type: "SyncRequest", kind: "blocks", requestId: 1, hashes });
};

test.concurrent.each([
  ["headers, and reads the answers", "127.0.0.11", HEADERS_REQUEST, true],
  ["blocks, and reads the answers", "127.0.0.12", BLOCKS_REQUEST, true],
  ["blocks, and reads nothing", "127.0.0.13", BLOCKS_REQUEST, false],
])("whoever asks without end for %s, is banned", async (_name, address, request, isReading) => {
  const peer = await join(address);
  if (!isReading) peer.pause();
  const lines = request().repeat(16);
  while (await peer.sendText(lines));
  await untilBanned(address, "too_many_requests");
});

test.concurrent("floods of transactions with garbage for signatures are banned at the first that was recovered", async () => {
  const domain = createSigningDomain(genesisHash);
  const flood = async (address: string, index: number) => {
    const [sender, to] = [testAccount(1 + index), testAccount(8).address];
    const transactions = Array.from({ length: 1024 }, (_, nonce) => {
      const { transaction } = signedTransfer({ sender, to, amount: 1, nonce: nonce % 64, domain });
      // S is low in form, so that it takes a recovery to see that it is nobody's.
      const garbage = crypto.getRandomValues(new Uint8Array(64)).fill(1, 32);
      return encodeTransaction({ transaction, signature: `0x${garbage.toHex()}00` as never });
    });
    const line = lineOf({ type: "Transactions", transactions });
    const peer = await join(address);
    while (await peer.sendText(line));
    await untilBanned(address, "invalid_signature");
  };
  await Promise.all(["127.0.0.14", "127.0.0.15", "127.0.0.16", "127.0.0.17"].map(flood));
});

test.concurrent("answers to nothing are banned", async () => {
  const lines = [
    lineOf({ type: "SyncResponse", kind: "blocks", requestId: 1, blocks: [] }),
    lineOf({ type: "SyncResponse", kind: "headers", requestId: 2, headers: [] }),
    lineOf({ type: "GetBlockResponse", hash: genesisHash, block: undefined }),
    lineOf({ type: "Pong", nonce: 5 }),
  ];
  const peer = await join("127.0.0.18");
  for (let round = 0; round < 4; round++) await peer.sendText(lines.join(""));
  await untilBanned("127.0.0.18", "unrequested");
});

const boast = (index: number): PeerHead => ({
  height: (1_000_000 + index) as Height,
  hash: `0x${index.toString(16).padStart(64, "a")}` as Hash,
  totalWork: 2n ** 200n,
});

test.concurrent("a huge claim that no header shows is no head to follow, and is banned when it is repeated", async () => {
  const peer = await join("127.0.0.20", boast(0));
  let announced = 0;
  peer.onMessage = (message) => {
    if (message.type !== "SyncRequest" || message.kind !== "headers") return;
    void peer.send({ type: "SyncResponse", kind: "headers", requestId: message.requestId, headers: [] });
    announced++;
    void peer.send({ type: "PeerInfo", kind: "status", head: boast(announced), endpoints: [] });
  };
  await untilBanned("127.0.0.20", "false_head");
});

test.concurrent("a huge claim of one who never answers costs points, and holds up nothing", async () => {
  const before = await succeeded(node.client.head());
  const peer = await join("127.0.0.19", boast(0));
  await until(
    "points for silence",
    async () => {
      const { peers } = await succeeded(node.client.peers());
      return (peers.find(({ nodeKey }) => nodeKey === peer.nodeKey)?.score ?? 0) >= 9;
    },
    ATTACK_TIMEOUT_MS,
  );
  expect((await succeeded(node.client.head())).height).toBeGreaterThan(before.height);
  expect((await fetch(`${node.url}/readiness`)).status).toBe(200);
  peer.destroy();
});

async function expectUnharmed(): Promise<void> {
  const measured = await monitor.report();
  const [residentMb, p50, p99, max] = [
    Math.round(measured.residentBytesMax / MIB),
    ...[0.5, 0.99, 1].map((share) => Math.round(quantileMs(measured, share))),
  ];
  console.log(`resident ${residentMb} MiB, /chain/head p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
  expect(measured.failures).toBe(0);
  expect(measured.residentBytesMax).toBeLessThan(RESIDENT_BYTES_MAX);
  expect(quantileMs(measured, 0.99)).toBeLessThan(1000);
  expect(await connectionTimes()).toEqual(connectedAtMs);
}

test("through all of it the node stays small and answers, and its honest peers stay connected", async () => {
  await expectUnharmed();
});

test("a newcomer from an address of its own is taken and served, and hears of new blocks", async () => {
  const peer = await join("127.0.0.200");
  await peer.send({ type: "SyncRequest", kind: "headers", requestId: 1, locator: [genesisHash], countMax: 8 });
  const answer = await peer.next((message) => message.type === "SyncResponse");
  expect(answer).toMatchObject({ kind: "headers", requestId: 1, headers: { length: expect.any(Number) } });
  await peer.next((message) => message.type === "Block");
  peer.destroy();
});

test("lines of two megabytes without an end, on all connections that there are, have a bound together", async () => {
  const piece = "x".repeat(64 * 1024);
  const hold = async (_: unknown, index: number) => {
    const peer = await RawPeer.connect(options(`127.2.${index % 12}.1`));
    await peer.sendText('{"');
    for (let sent = 0; sent < 2 * MIB - piece.length; sent += piece.length) if (!(await peer.sendText(piece))) break;
    return peer;
  };
  const peers: RawPeer[] = [];
  // The node takes fifty new ones in a second.
  for (const count of [40, 40]) {
    peers.push(...(await Promise.all(Array.from({ length: count }, hold))));
    await Bun.sleep(1000);
  }
  await Promise.all(peers.map((peer) => peer.ended()));
  const received = peers.filter((peer) => peer.received.some((message) => message.type === "PeerInfo"));
  const reasons = received.map((peer) => peer.refusal?.message ?? "");
  expect(reasons.filter((reason) => reason.startsWith("line_too_slow: too much waits")).length).toBeGreaterThan(30);
  await expectUnharmed();
});

test("what honest clients sent meanwhile is included everywhere, and all nodes agree", async () => {
  isOver = true;
  const hashes = await traffic;
  expect(hashes.length).toBeGreaterThan(20);
  const last = hashes.at(-1) as Hash;
  for (const each of cluster.nodes) {
    await until(
      `the last transfer on node ${each.index + 1}`,
      async () => {
        const answer = await each.client.transaction(last);
        return answer.ok && answer.value.state !== "pending";
      },
      20_000,
    );
  }
  await cluster.untilLevel(10_000);
});
