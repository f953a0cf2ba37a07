// What a hostile peer does to a node that takes it for another node. Each attack breaks a rule of the protocol or leans on
// one of its bounds; the simulation's checks say whether it got anywhere.

import type { Message, PeerHead } from "../../../src/core/network/index.ts";
import type { Bytes, Hash, Height } from "../../../src/core/primitives/index.ts";
import { type Block, encodeBlock, encodeHeader, joinBlock } from "../../../src/core/protocol/index.ts";
import type { Random } from "../random.ts";
import { FORGERY_NAMES, forge } from "./forgeries.ts";
import { HOSTILE_LINE_NAMES, HOSTILE_LINES } from "./lines.ts";
import type { HostileSession } from "./session.ts";
import type { Spy } from "./spy.ts";

export interface AttackOptions {
  readonly session: HostileSession;
  readonly random: Random;
  readonly spy: Spy;
  readonly lineSizeBytesMax: number;
}

type Attack = (options: AttackOptions) => void;

const FLOOD_COUNT = 40;

function someHash(random: Random): Hash {
  return `0x${random.bytes(32).toHex()}` as Hash;
}

function falseHead(random: Random): PeerHead {
  return {
    height: random.int(1, 1_000_000) as Height,
    hash: someHash(random),
    totalWork: BigInt(random.uint32()) ** 3n,
  };
}

/** A transaction that waits somewhere, or was included, with a signature that nobody made. */
export function garbled(transaction: Bytes, random: Random): Bytes {
  const copy = transaction.slice();
  copy.set(random.bytes(64), copy.length - 65);
  return copy;
}

function sendBlock(session: HostileSession, block: Block | undefined): void {
  if (block === undefined) return;
  // Not through the node's codec, which would not write a block that is too large.
  session.sendBytes(new TextEncoder().encode(`{"type":"Block","block":"0x${encodeBlock(block).toHex()}"}\n`));
}

function repeat(count: number, create: (index: number) => Message, session: HostileSession): void {
  for (let index = 0; index < count; index++) session.send(create(index));
}

export const ATTACKS: Readonly<Record<string, Attack>> = {
  "forged block": ({ session, random, spy }) => {
    const forgery = spy.forgeryOptions(random);
    if (forgery !== undefined) sendBlock(session, forge(random.pick(FORGERY_NAMES), forgery));
  },
  "valid block for one": ({ session, random, spy }) => sendBlock(session, spy.validBlock(random)),
  "old block": ({ session, random, spy }) => {
    const block = spy.anyBlock(random);
    if (block !== undefined) session.send({ type: "Block", block: joinBlock(block) });
  },
  "another body": ({ session, random, spy }) => {
    const [one, other] = [spy.anyBlock(random), spy.anyBlock(random)];
    if (one === undefined || other === undefined) return;
    session.send({ type: "Block", block: joinBlock({ header: one.header, body: other.body }) });
  },
  "hostile line": ({ session, random, lineSizeBytesMax }) => {
    const create = HOSTILE_LINES[random.pick(HOSTILE_LINE_NAMES)];
    if (create !== undefined) session.sendBytes(create(random, lineSizeBytesMax));
  },
  "false head": ({ session, random }) => {
    session.send({ type: "PeerInfo", kind: "status", head: falseHead(random), endpoints: [] });
  },
  "stale head": ({ session, random, spy }) => {
    session.send({ type: "PeerInfo", kind: "status", head: { ...spy.head(), totalWork: 1n }, endpoints: [] });
    session.send({ type: "PeerInfo", kind: "status", head: { ...spy.head(), hash: someHash(random) }, endpoints: [] });
  },
  "endpoints of nobody": ({ session, random, spy }) => {
    const endpoints = Array.from({ length: 32 }, () => `10.7.${random.int(0, 255)}.${random.int(1, 254)}:6000`);
    session.send({ type: "PeerInfo", kind: "status", head: spy.head(), endpoints });
  },
  "garbage signature": ({ session, random, spy }) => {
    const transactions = spy.transactions(random).map((transaction) => garbled(transaction, random));
    if (transactions.length > 0) session.send({ type: "Transactions", transactions });
  },
  "garbage transactions": ({ session, random }) => {
    session.send({ type: "Transactions", transactions: [random.bytes(146), random.bytes(3)] });
  },
  "transactions again": ({ session, random, spy }) => {
    const transactions = spy.transactions(random);
    if (transactions.length > 0) repeat(3, () => ({ type: "Transactions", transactions }), session);
  },
  "unasked answers": ({ session, random, spy }) => {
    const block = spy.anyBlock(random);
    const blocks = block === undefined ? [] : [joinBlock(block)];
    session.send({ type: "SyncResponse", kind: "blocks", requestId: random.int(0, 99), blocks });
    session.send({ type: "SyncResponse", kind: "headers", requestId: random.int(0, 99), headers: [] });
    session.send({ type: "GetBlockResponse", hash: someHash(random), block: blocks[0] });
    session.send({ type: "Pong", nonce: random.uint32() });
  },
  "endless requests": ({ session, random, spy }) => {
    const locator = [spy.genesisHash];
    const create = (requestId: number): Message =>
      random.pick<Message>([
        { type: "SyncRequest", kind: "headers", requestId, locator, countMax: 512 },
        { type: "SyncRequest", kind: "blocks", requestId, hashes: [spy.genesisHash, someHash(random)] },
        { type: "GetBlock", hash: spy.head().hash },
        { type: "Ping", nonce: requestId },
      ]);
    repeat(FLOOD_COUNT, create, session);
  },
  "flood of orphans": ({ session, random, spy }) => {
    const forgery = spy.forgeryOptions(random);
    if (forgery === undefined) return;
    for (let index = 0; index < 4; index++) sendBlock(session, forge("unknown parent", forgery));
  },
  "greeting again": ({ session, random }) => {
    const message = random.pick(session.opening);
    session.send(message);
  },
  "a vote": ({ session, random }) => session.send({ type: "Vote", vote: random.bytes(40) }),
};

export const ATTACK_NAMES = Object.keys(ATTACKS);

/** What it says to a request: the truth, half of it, lies, or nothing. */
export function answer(request: Message, options: AttackOptions): void {
  const { session, random, spy } = options;
  const mood = random.pick(["truth", "lies", "empty", "silence", "repeats"] as const);
  if (mood === "silence") return;
  const block = mood === "empty" ? undefined : spy.anyBlock(random);
  if (request.type === "GetBlock") {
    const found = mood === "truth" ? (spy.block(request.hash) ?? block) : block;
    const bytes = found === undefined ? undefined : joinBlock(found);
    session.send({ type: "GetBlockResponse", hash: request.hash, block: bytes });
  } else if (request.type === "SyncRequest" && request.kind === "blocks") {
    const found = mood === "truth" ? request.hashes.map((hash) => spy.block(hash)) : [block];
    const blocks = found.flatMap((stored) => (stored === undefined ? [] : [joinBlock(stored)]));
    session.send({ type: "SyncResponse", kind: "blocks", requestId: request.requestId, blocks: blocks.slice(0, 20) });
  } else if (request.type === "SyncRequest") {
    const honest = block === undefined ? [] : [block.header];
    const headers = mood === "lies" ? forgedHeaders(options) : mood === "repeats" ? spy.firstHeaders(random) : honest;
    session.send({ type: "SyncResponse", kind: "headers", requestId: request.requestId, headers });
  } else if (request.type === "Ping" && mood === "truth") {
    session.send({ type: "Pong", nonce: request.nonce });
  }
}

/** Headers that are linked and have no work, or work and no parents. */
function forgedHeaders({ random, spy }: AttackOptions): Bytes[] {
  const forgery = spy.forgeryOptions(random);
  const forged =
    forgery === undefined ? undefined : forge(random.pick(["no work", "easy target", "unknown parent"]), forgery);
  return forged === undefined ? [] : [encodeHeader(forged.header)];
}
