// One message of each form, with ordinary values: what the golden lines, the specification's examples and the fuzzer's
// seeds are made of.

import type { Message, PeerHead } from "../../src/core/network/wire/message.ts";
import { type Hash, type Height, hexToBytes, type Signature } from "../../src/core/primitives/index.ts";
import { EMPTY_BODY, encodeBlock, encodeHeader, encodeTransaction } from "../../src/core/protocol/index.ts";
import { HEADER, hashOfText, ORDINARY_TRANSACTIONS, RECEIVER } from "../vectors/samples.ts";

const SIGNATURE = `0x${"11".repeat(32)}${"22".repeat(32)}01` as Signature;
const HEAD: PeerHead = { height: 42 as Height, hash: hashOfText("a head"), totalWork: 11_008n };

const BLOCK = encodeBlock({ header: HEADER, body: EMPTY_BODY });
const TRANSACTIONS = [ORDINARY_TRANSACTIONS.transfer, ORDINARY_TRANSACTIONS.call].map((transaction) =>
  encodeTransaction({ transaction, signature: SIGNATURE }),
);

const BLOCK_HASH: Hash = hashOfText("a block");

/** By a name of what it is. */
export const WIRE_SAMPLES = {
  ping: { type: "Ping", nonce: 7 },
  pong: { type: "Pong", nonce: 7 },
  hello: {
    type: "PeerInfo",
    kind: "hello",
    protocolVersion: 1,
    genesisHash: hashOfText("a genesis"),
    consensus: "pow",
    nodeKey: RECEIVER,
    challenge: hashOfText("a challenge"),
    listenEndpoint: "node-1.example:9000",
    head: HEAD,
  },
  helloWithoutEndpoint: {
    type: "PeerInfo",
    kind: "hello",
    protocolVersion: 1,
    genesisHash: hashOfText("a genesis"),
    consensus: "pow",
    nodeKey: RECEIVER,
    challenge: hashOfText("another challenge"),
    listenEndpoint: undefined,
    head: { height: 0 as Height, hash: hashOfText("a genesis"), totalWork: 0n },
  },
  proof: { type: "PeerInfo", kind: "proof", signature: SIGNATURE },
  status: {
    type: "PeerInfo",
    kind: "status",
    head: { ...HEAD, totalWork: 2n ** 256n - 1n },
    endpoints: ["node-2.example:9000", "192.0.2.7:9001", "[2001:db8::7]:9000"],
  },
  refusal: {
    type: "PeerInfo",
    kind: "refusal",
    code: "too_many_peers",
    message: "this node has 64 inbound connections and takes no more",
  },
  block: { type: "Block", block: BLOCK },
  getBlock: { type: "GetBlock", hash: BLOCK_HASH },
  getBlockResponse: { type: "GetBlockResponse", hash: BLOCK_HASH, block: BLOCK },
  getBlockResponseWithout: { type: "GetBlockResponse", hash: BLOCK_HASH, block: undefined },
  headersRequest: {
    type: "SyncRequest",
    kind: "headers",
    requestId: 3,
    locator: [HEAD.hash, hashOfText("a genesis")],
    countMax: 512,
  },
  blocksRequest: { type: "SyncRequest", kind: "blocks", requestId: 4, hashes: [BLOCK_HASH] },
  headersResponse: { type: "SyncResponse", kind: "headers", requestId: 3, headers: [encodeHeader(HEADER)] },
  blocksResponse: { type: "SyncResponse", kind: "blocks", requestId: 4, blocks: [BLOCK] },
  transactions: { type: "Transactions", transactions: TRANSACTIONS },
  vote: { type: "Vote", vote: hexToBytes(`0x${"5a".repeat(96)}`) },
} as const satisfies Readonly<Record<string, Message>>;
