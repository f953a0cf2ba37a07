// Answers those that catch up: headers after a locator, blocks by hash. Each peer, and all together, have a rate in items
// read and bytes sent; what is beyond waits in a short queue, by turns, and what is beyond that is refused.

import { type Bytes, defined, type Hash, type Height } from "../../primitives/index.ts";
import { encodeHeader } from "../../protocol/index.ts";
import type { ChainAccess, TracedHeader } from "../chainAccess.ts";
import { BLOCKS_PER_REQUEST_MAX, HEADERS_PER_RESPONSE_MAX, LOCATOR_HASHES_MAX } from "../limits.ts";
import type { PeerLinks } from "../peer.ts";
import type { GetBlock, Message, SyncRequest } from "../wire/message.ts";
import type { SyncPeers } from "./syncPeers.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** What a request costs beside what is read for it: looking up a locator, or one block. */
const REQUEST_ITEMS = 16;
/** Headers and blocks read a second for one peer: as fast as a node imports small blocks; 5,000 of both at once. */
const PEER_ITEMS = { perSecond: 8192, burst: 16_384 };
const PEER_BYTES = { perSecond: 8 * 1024 * 1024, burst: 16 * 1024 * 1024 };
/** For all peers together: about a fifth of the time of the replica's thread. */
const ALL_ITEMS = { perSecond: 16_384, burst: 32_768 };
const ALL_BYTES = { perSecond: 32 * 1024 * 1024, burst: 64 * 1024 * 1024 };
/** More than a node of this version has under way at one peer: four for blocks, one for headers, one for an orphan. */
export const QUEUED_REQUESTS_MAX = 8;

type Served = GetBlock | SyncRequest;

interface Client {
  readonly queue: Served[];
  readonly items: TokenBucket;
  readonly bytes: TokenBucket;
}

export interface SyncServerOptions {
  readonly links: PeerLinks;
  readonly chain: ChainAccess;
  readonly peers: SyncPeers;
  readonly blockSizeBytesMax: number;
  readonly nowMs: number;
}

export class SyncServer {
  private readonly options: SyncServerOptions;
  private readonly clients = new Map<number, Client>();
  private readonly items: TokenBucket;
  private readonly bytes: TokenBucket;

  constructor(options: SyncServerOptions) {
    this.options = options;
    this.items = new TokenBucket({ ...ALL_ITEMS, nowMs: options.nowMs });
    this.bytes = new TokenBucket({ ...ALL_BYTES, nowMs: options.nowMs });
  }

  onPeerReady(connectionId: number, nowMs: number): void {
    this.clients.set(connectionId, {
      queue: [],
      items: new TokenBucket({ ...PEER_ITEMS, nowMs }),
      bytes: new TokenBucket({ ...PEER_BYTES, nowMs }),
    });
  }

  onPeerGone(connectionId: number): void {
    this.clients.delete(connectionId);
  }

  onRequest(connectionId: number, request: Served, nowMs: number): void {
    const client = this.clients.get(connectionId);
    if (client === undefined) return;
    if (client.queue.length === 0 && this.mayServe(connectionId, client, nowMs)) {
      this.serve(connectionId, client, request);
    } else if (client.queue.length < QUEUED_REQUESTS_MAX) {
      client.queue.push(request);
    } else {
      const reason = `more than ${QUEUED_REQUESTS_MAX} of its requests wait`;
      this.options.peers.punish(connectionId, "too_many_requests", reason);
    }
  }

  /** Answers what waits, one request of each peer at a time. */
  tick(nowMs: number): void {
    let isDone = false;
    // Ends: each round answers a request, and the queues are bounded.
    while (!isDone) {
      isDone = true;
      for (const [connectionId, client] of this.clients) {
        if (client.queue.length === 0 || !this.mayServe(connectionId, client, nowMs)) continue;
        this.serve(connectionId, client, defined(client.queue.shift(), "a request waits"));
        isDone = false;
      }
      if (isDone) this.takeTurns();
    }
  }

  /** Who was served first is served last the next time. */
  private takeTurns(): void {
    const first = this.clients.entries().next().value;
    if (first === undefined) return;
    this.clients.delete(first[0]);
    this.clients.set(first[0], first[1]);
  }

  private mayServe(connectionId: number, client: Client, nowMs: number): boolean {
    const isCongested = this.options.links.peer(connectionId)?.isCongested ?? true;
    return !isCongested && [client.items, client.bytes, this.items, this.bytes].every((bucket) => bucket.isOpen(nowMs));
  }

  private serve(connectionId: number, client: Client, request: Served): void {
    const { message, itemCount, sizeBytes } = this.answer(connectionId, request);
    for (const bucket of [client.items, this.items]) bucket.spend(REQUEST_ITEMS + itemCount);
    for (const bucket of [client.bytes, this.bytes]) bucket.spend(sizeBytes);
    this.options.links.send(connectionId, message);
  }

  private answer(connectionId: number, request: Served): { message: Message; itemCount: number; sizeBytes: number } {
    const sum = (parts: readonly Bytes[]) => parts.reduce((total, part) => total + part.length, 0);
    if (request.type === "GetBlock") {
      const { hash } = request;
      const block = this.options.chain.block(hash);
      return {
        message: { type: "GetBlockResponse", hash, block },
        itemCount: 1,
        sizeBytes: block?.length ?? 0,
      };
    }
    const { requestId } = request;
    if (request.kind === "headers") {
      const headers = this.headersAfter(connectionId, request.locator, request.countMax);
      const message = { type: "SyncResponse", kind: "headers", requestId, headers } as const;
      return { message, itemCount: headers.length, sizeBytes: sum(headers) };
    }
    const blocks = this.blocks(request.hashes);
    const message = { type: "SyncResponse", kind: "blocks", requestId, blocks } as const;
    return { message, itemCount: blocks.length, sizeBytes: sum(blocks) };
  }

  private headersAfter(connectionId: number, locator: readonly Hash[], countMax: number): Bytes[] {
    const { chain, peers, blockSizeBytesMax } = this.options;
    const start = this.firstCanonical(locator.slice(0, LOCATOR_HASHES_MAX));
    if (start === undefined) {
      peers.punish(connectionId, "malformed_message", "its locator does not end in block 0 of this chain");
      return [];
    }
    const headers: Bytes[] = [];
    let sizeBytes = 0;
    const last = start.header.height + Math.min(countMax, HEADERS_PER_RESPONSE_MAX);
    for (let height = start.header.height + 1; height <= last; height++) {
      const hash = chain.hashAt(height as Height);
      if (hash === undefined) break;
      const encoded = encodeHeader(defined(chain.header(hash), "the canonical chain's headers are kept").header);
      sizeBytes += encoded.length;
      if (headers.length > 0 && sizeBytes > blockSizeBytesMax) break;
      headers.push(encoded);
    }
    return headers;
  }

  private firstCanonical(hashes: readonly Hash[]): TracedHeader | undefined {
    const { chain } = this.options;
    for (const hash of hashes) {
      const block = chain.header(hash);
      if (block !== undefined && chain.hashAt(block.header.height) === hash) return block;
    }
    return undefined;
  }

  private blocks(hashes: readonly Hash[]): Bytes[] {
    const blocks: Bytes[] = [];
    let sizeBytes = 0;
    for (const hash of hashes.slice(0, BLOCKS_PER_REQUEST_MAX)) {
      const block = this.options.chain.block(hash);
      if (block === undefined) break;
      sizeBytes += block.length;
      if (blocks.length > 0 && sizeBytes > this.options.blockSizeBytesMax) break;
      blocks.push(block);
    }
    return blocks;
  }
}
