// The ten messages between nodes as the core sees them (docs/spec/network.md). Bytes are canonical encodings.

import type { Address, Bytes, Hash, Height, Signature } from "../../primitives/index.ts";

/** Where a node's chain stands. */
export interface PeerHead {
  readonly height: Height;
  readonly hash: Hash;
  readonly totalWork: bigint;
}

export interface Ping {
  readonly type: "Ping";
  /** Repeated by the answer. */
  readonly nonce: number;
}

export interface Pong {
  readonly type: "Pong";
  readonly nonce: number;
}

/** The first message of both ends of a connection. */
export interface PeerHello {
  readonly type: "PeerInfo";
  readonly kind: "hello";
  readonly protocolVersion: number;
  readonly genesisHash: Hash;
  /** The engine's name. */
  readonly consensus: string;
  /** The address of the node's key. */
  readonly nodeKey: Address;
  /** 32 random bytes that the other end signs. */
  readonly challenge: Hash;
  /** `host:port` under which others reach this node; undefined when it takes no connections. */
  readonly listenEndpoint: string | undefined;
  readonly head: PeerHead;
}

/** The second message of both ends: the node key's signature over both challenges. */
export interface PeerProof {
  readonly type: "PeerInfo";
  readonly kind: "proof";
  readonly signature: Signature;
}

/** Every later `PeerInfo`: a new head, and endpoints of further nodes. */
export interface PeerStatus {
  readonly type: "PeerInfo";
  readonly kind: "status";
  readonly head: PeerHead;
  readonly endpoints: readonly string[];
}

/** Why this node leaves: the last message of a connection. */
export interface PeerRefusal {
  readonly type: "PeerInfo";
  readonly kind: "refusal";
  readonly code: string;
  readonly message: string;
}

export type PeerInfo = PeerHello | PeerProof | PeerStatus | PeerRefusal;

/** A new block, unasked. */
export interface BlockMessage {
  readonly type: "Block";
  readonly block: Bytes;
}

export interface GetBlock {
  readonly type: "GetBlock";
  readonly hash: Hash;
}

export interface GetBlockResponse {
  readonly type: "GetBlockResponse";
  readonly hash: Hash;
  /** Undefined when the node does not have it. */
  readonly block: Bytes | undefined;
}

/** Headers of the canonical chain after the first hash of the locator that is on it. */
export interface HeadersRequest {
  readonly type: "SyncRequest";
  readonly kind: "headers";
  readonly requestId: number;
  /** Newest first; ends in block 0. */
  readonly locator: readonly Hash[];
  readonly countMax: number;
}

/** Blocks by hash. The answer holds those of the first hashes, as many as fit. */
export interface BlocksRequest {
  readonly type: "SyncRequest";
  readonly kind: "blocks";
  readonly requestId: number;
  readonly hashes: readonly Hash[];
}

export type SyncRequest = HeadersRequest | BlocksRequest;

export interface HeadersResponse {
  readonly type: "SyncResponse";
  readonly kind: "headers";
  readonly requestId: number;
  /** In ascending height; each the parent of the next. Empty where the asker has all. */
  readonly headers: readonly Bytes[];
}

export interface BlocksResponse {
  readonly type: "SyncResponse";
  readonly kind: "blocks";
  readonly requestId: number;
  /** In the order asked for; ends early at a block that the node does not have, or where the answer is full. */
  readonly blocks: readonly Bytes[];
}

export type SyncResponse = HeadersResponse | BlocksResponse;

export interface TransactionsMessage {
  readonly type: "Transactions";
  readonly transactions: readonly Bytes[];
}

/** A vote of proof of stake. */
export interface VoteMessage {
  readonly type: "Vote";
  readonly vote: Bytes;
}

export type Message =
  | Ping
  | Pong
  | PeerInfo
  | BlockMessage
  | GetBlock
  | GetBlockResponse
  | SyncRequest
  | SyncResponse
  | TransactionsMessage
  | VoteMessage;

export type MessageType = Message["type"];
