// What a hostile peer does to a node that takes it for another node. Each attack breaks a rule of the protocol or leans on
// one of its bounds; the simulation's checks say whether it got anywhere.

import type { Message, PeerHead } from "../../../src/core/network/index.ts";
import type { Bytes, Hash, Height } from "../../../src/core/primitives/index.ts";
import { type Block, encodeBlock, encodeHeader, joinBlock } from "../../../src/core/protocol/index.ts";
import type { Random } from "../random.ts";
import { createFalseChain, type FalseChain } from "./falseChain.ts";
import { FORGERY_NAMES, forge, HIDDEN_FORGERY_NAMES } from "./forgeries.ts";
import { HOSTILE_LINE_NAMES, HOSTILE_LINES } from "./lines.ts";
import type { HostileSession } from "./session.ts";
import type { Spy } from "./spy.ts";

/** What a hostile peer leads those that sync to, as long as it has it. */
export interface Lure {
  chain: FalseChain | undefined;
}

export interface AttackOptions {
  readonly session: HostileSession;
  readonly random: Random;
  readonly spy: Spy;
  readonly lineSizeBytesMax: number;
  readonly lure: Lure;
}

type Attack = (options: AttackOptions) => void;

const FLOOD_COUNT = 40;
const BLOCKS_ANSWERED_MAX = 20;
/** Who has a false chain mostly answers as if it were an honest one. */
const TRUTH_SHARE = 0.85;

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

/** Announces a false chain whose first block is a forgery of this name, and has it for those that ask. */
export function lureWith(name: string, { session, random, spy, lure }: AttackOptions): void {
  const forgery = spy.forgeryOptions(random);
  lure.chain = forgery && createFalseChain(name, forgery);
  if (lure.chain === undefined) return;
  session.send({ type: "PeerInfo", kind: "status", head: lure.chain.head, endpoints: [] });
}

export const ATTACKS: Readonly<Record<string, Attack>> = {
  "forged block": ({ session, random, spy }) => {
    const forgery = spy.forgeryOptions(random);
    if (forgery !== undefined) sendBlock(session, forge(random.pick(FORGERY_NAMES), forgery));
  },
  "false chain": (options) => lureWith(options.random.pick(HIDDEN_FORGERY_NAMES), options),
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

const MOODS = ["truth", "lies", "empty", "silence", "repeats", "other bodies"] as const;

type Mood = (typeof MOODS)[number];

/** What it says to a request: the truth, half of it, lies, or nothing; of a false chain what an honest node would say. */
export function answer(request: Message, options: AttackOptions): void {
  const { random, lure } = options;
  const isLuring = lure.chain !== undefined && random.chance(TRUTH_SHARE);
  answerIn(isLuring ? "truth" : random.pick(MOODS), request, options);
}

/** As an honest node would that had the false chain. */
export function answerTruly(request: Message, options: AttackOptions): void {
  answerIn("truth", request, options);
}

function answerIn(mood: Mood, request: Message, options: AttackOptions): void {
  const { session, random, spy, lure } = options;
  if (mood === "silence") return;
  const block = mood === "empty" ? undefined : spy.anyBlock(random);
  const stored = (hash: Hash) => {
    const found = spy.block(hash);
    if (found === undefined) return undefined;
    return joinBlock(mood === "other bodies" && block !== undefined ? { ...found, body: block.body } : found);
  };
  if (request.type === "GetBlock") {
    const other = block === undefined ? undefined : joinBlock(block);
    const found = mood === "truth" || mood === "other bodies" ? stored(request.hash) : other;
    session.send({ type: "GetBlockResponse", hash: request.hash, block: lure.chain?.block(request.hash) ?? found });
  } else if (request.type === "SyncRequest" && request.kind === "blocks") {
    const isAsAsked = mood === "truth" || mood === "other bodies";
    const other = block === undefined ? [] : [joinBlock(block)];
    const asked = isAsAsked ? request.hashes.map((hash) => lure.chain?.block(hash) ?? stored(hash)) : other;
    const blocks = asked.filter((found) => found !== undefined).slice(0, BLOCKS_ANSWERED_MAX);
    session.send({ type: "SyncResponse", kind: "blocks", requestId: request.requestId, blocks });
  } else if (request.type === "SyncRequest") {
    const headers = answerHeaders(request.locator, mood, options);
    session.send({ type: "SyncResponse", kind: "headers", requestId: request.requestId, headers });
  } else if (request.type === "Ping" && mood === "truth") {
    session.send({ type: "Pong", nonce: request.nonce });
  }
}

function answerHeaders(locator: readonly Hash[], mood: Mood, options: AttackOptions): Bytes[] {
  const { random, spy, lure } = options;
  if (mood === "truth" || mood === "other bodies") return spy.headersAfter(locator, random, lure.chain);
  if (mood === "lies") return forgedHeaders(options);
  if (mood === "repeats") return spy.firstHeaders(random);
  const block = mood === "empty" ? undefined : spy.anyBlock(random);
  return block === undefined ? [] : [block.header];
}

/** Headers that are linked and have no work, or work and no parents. */
function forgedHeaders({ random, spy }: AttackOptions): Bytes[] {
  const forgery = spy.forgeryOptions(random);
  const forged =
    forgery === undefined ? undefined : forge(random.pick(["no work", "easy target", "unknown parent"]), forgery);
  return forged === undefined ? [] : [encodeHeader(forged.header)];
}
