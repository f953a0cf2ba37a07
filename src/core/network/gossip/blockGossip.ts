// Takes in new blocks that peers send unasked, checks them cheapest first, imports them and sends them on
// (docs/spec/gossip.md, "Blocks"). A block that has to wait, for its parent, its time or its signatures, waits in a bounded
// pool; the rest goes on meanwhile.

import type { Clock } from "../../ports/index.ts";
import { assert, type Bytes, defined, type Hash } from "../../primitives/index.ts";
import { decodeBlock, type Header, hashHeader, type VerifiedTransaction } from "../../protocol/index.ts";
import type { ChainAccess, TransactionPool } from "../chainAccess.ts";
import type { Offence, PeerLinks } from "../peer.ts";
import type { VerificationJobs } from "../verificationJobs.ts";
import { BlockRecovery } from "./blockRecovery.ts";
import { EventWindow } from "./eventWindow.ts";
import { type GossipedBlock, HeldBlocks } from "./heldBlocks.ts";
import { KnownSet } from "./knownSet.ts";
import { wireIdOf } from "./wireId.ts";

/** Blocks that one peer is known to have: more than are ever under way between two nodes. */
const KNOWN_PER_PEER_MAX = 1024;
/** Header hashes that are invalid for good. One costs its sender a ban, so few come. */
const INVALID_MAX = 4096;
/** Whole encodings that are wrong although their header may be right. */
const BAD_ENCODINGS_MAX = 1024;
/** Blocks whose parent is missing: what peers send while this node catches up, and the branches of a partition. */
export const ORPHANS_MAX = 64;
export const ORPHANS_PER_PEER_MAX = 16;
/** Four of the largest blocks that any chain may have. */
const ORPHANS_SIZE_BYTES_MAX = 16 * 1024 * 1024;
/** Blocks whose time has not come; an honest miner's clock is seldom ahead by more than a block or two. */
export const EARLY_MAX = 16;
export const EARLY_PER_PEER_MAX = 4;
const EARLY_SIZE_BYTES_MAX = 8 * 1024 * 1024;
/** A block further ahead than this is not held: its miner's clock is wrong, and it comes again by synchronization. */
export const EARLY_AHEAD_MS_MAX = 120_000;
/** What a peer may send in a window of blocks that lead nowhere, and of early ones, before it costs points. */
export const UNKNOWN_PARENTS_MAX = 32;
export const EARLY_TOLERATED_MAX = 64;
export const TOLERANCE_WINDOW_MS = 60_000;

interface BlockPeer {
  readonly connectionId: number;
  /** By header hash: what it has sent or been sent. Used to send nothing twice, and for nothing else. */
  readonly known: KnownSet;
  readonly unknownParents: EventWindow;
  readonly earlyBlocks: EventWindow;
}

/** What is to be done next; a list instead of a call, so that a long chain of orphans is no deep stack. */
type Work =
  /** `from` sent it just now; undefined for one that was held, whose seal and body are checked. */
  | { readonly step: "check"; readonly item: GossipedBlock; readonly from: BlockPeer | undefined }
  | { readonly step: "import"; readonly item: GossipedBlock; readonly transactions: readonly VerifiedTransaction[] };

const NO_OVERLAY = () => undefined;

export class BlockGossip {
  private readonly chain: ChainAccess;
  private readonly links: PeerLinks;
  private readonly clock: Clock;
  private readonly onUnknownParent: (connectionId: number, header: Header) => void;
  private readonly peers = new Map<number, BlockPeer>();
  private readonly invalidHashes = new KnownSet({ countMax: INVALID_MAX });
  private readonly badEncodings = new KnownSet({ countMax: BAD_ENCODINGS_MAX });
  private readonly orphans = new HeldBlocks({
    countMax: ORPHANS_MAX,
    sizeBytesMax: ORPHANS_SIZE_BYTES_MAX,
    perPeerMax: ORPHANS_PER_PEER_MAX,
  });
  private readonly early = new HeldBlocks({
    countMax: EARLY_MAX,
    sizeBytesMax: EARLY_SIZE_BYTES_MAX,
    perPeerMax: EARLY_PER_PEER_MAX,
  });
  private readonly recovery: BlockRecovery;
  private readonly work: Work[] = [];
  private isWorking = false;

  /** @param options.onUnknownParent is told of a block whose ancestors have to be fetched */
  constructor(options: {
    chain: ChainAccess;
    pool: TransactionPool;
    links: PeerLinks;
    jobs: VerificationJobs;
    clock: Clock;
    onUnknownParent: (connectionId: number, header: Header) => void;
  }) {
    this.chain = options.chain;
    this.links = options.links;
    this.clock = options.clock;
    this.onUnknownParent = options.onUnknownParent;
    this.recovery = new BlockRecovery({
      pool: options.pool,
      jobs: options.jobs,
      listener: {
        recovered: (item, transactions) => {
          this.work.push({ step: "import", item, transactions });
          this.run();
        },
        invalid: (item, reason) => this.reject(item, { isHashInvalid: true, offence: "invalid_block", reason }),
      },
    });
  }

  get orphanCount(): number {
    return this.orphans.count;
  }

  get orphanSizeBytes(): number {
    return this.orphans.sizeBytes;
  }

  get earlyCount(): number {
    return this.early.count;
  }

  /** Whether a block with this header is about to be imported, so that nobody fetches it. */
  isPending(hash: Hash): boolean {
    return this.recovery.hasHash(hash) || this.work.some(({ item }) => item.hash === hash);
  }

  onPeerReady(connectionId: number): void {
    assert(!this.peers.has(connectionId), "a peer becomes ready once");
    this.peers.set(connectionId, {
      connectionId,
      known: new KnownSet({ countMax: KNOWN_PER_PEER_MAX }),
      unknownParents: new EventWindow({ countMax: UNKNOWN_PARENTS_MAX, windowMs: TOLERANCE_WINDOW_MS }),
      earlyBlocks: new EventWindow({ countMax: EARLY_TOLERATED_MAX, windowMs: TOLERANCE_WINDOW_MS }),
    });
  }

  onPeerGone(connectionId: number): void {
    this.peers.delete(connectionId);
    this.orphans.onPeerGone(connectionId);
    this.early.onPeerGone(connectionId);
    this.recovery.onPeerGone(connectionId);
  }

  /** A peer has sent a `Block` message. */
  onBlock(connectionId: number, encoded: Bytes): void {
    const peer = this.peers.get(connectionId);
    if (peer === undefined) return;
    const wireId = wireIdOf(encoded);
    const present = this.recovery.get(wireId) ?? this.orphans.get(wireId) ?? this.early.get(wireId);
    if (present !== undefined) {
      peer.known.add(present.hash);
      present.senders.add(connectionId);
      return;
    }
    if (this.badEncodings.has(wireId)) {
      this.punish(connectionId, "invalid_block", "this block's body is known to be wrong");
      return;
    }
    const decoded = decodeBlock(encoded);
    if (!decoded.ok) {
      this.punish(connectionId, "malformed_message", `a block does not decode: ${decoded.reason}`);
      return;
    }
    const block = decoded.value;
    const hash = hashHeader(block.header);
    peer.known.add(hash);
    if (this.chain.header(hash) !== undefined) return;
    const item: GossipedBlock = { wireId, hash, block, encoded, senders: new Set([connectionId]) };
    if (this.invalidHashes.has(hash) || this.invalidHashes.has(block.header.parentHash)) {
      this.reject(item, {
        isHashInvalid: true,
        offence: "invalid_block",
        reason: `block ${hash} is known to be invalid`,
      });
      return;
    }
    this.work.push({ step: "check", item, from: peer });
    this.run();
  }

  /** This node has made a block; the chain has it already. */
  onOwnBlock(block: { hash: Hash; encoded: Bytes }): void {
    this.relay(block.hash, block.encoded);
    this.releaseChildren(block.hash);
    this.run();
  }

  tick(): void {
    this.releaseEarly();
    this.releaseOrphans();
    this.recovery.retry();
    this.run();
  }

  private punish(connectionId: number, offence: Offence, reason: string): void {
    if (this.peers.has(connectionId)) this.links.punish(connectionId, offence, reason);
  }

  private run(): void {
    if (this.isWorking) return;
    this.isWorking = true;
    for (let work = this.work[0]; work !== undefined; work = this.work[0]) {
      if (work.step === "check") this.check(work.item, work.from);
      else this.import(work.item, work.transactions);
      // It stays in the list meanwhile, so that `isPending` knows of it.
      this.work.shift();
    }
    this.isWorking = false;
  }

  private check(item: GossipedBlock, from: BlockPeer | undefined): void {
    const verdict = this.chain.checkHeader(item.block.header, NO_OVERLAY);
    if (verdict.kind === "invalid") {
      this.reject(item, {
        isHashInvalid: true,
        offence: "invalid_header",
        reason: `${verdict.code}: ${verdict.message}`,
      });
      return;
    }
    // Before it is held: room in the pools costs the work of a seal.
    const fault = from === undefined ? undefined : this.chain.checkBody(item.block);
    if (fault !== undefined) {
      const { isHashInvalid, code, message } = fault;
      this.reject(item, { isHashInvalid, offence: "invalid_block", reason: `${code}: ${message}` });
      return;
    }
    if (verdict.kind === "valid") this.recovery.begin(item);
    else if (verdict.kind === "early") this.holdEarly(item, from);
    else this.holdOrphan(item, from);
  }

  private holdEarly(item: GossipedBlock, from: BlockPeer | undefined): void {
    const nowMs = this.clock.nowMs();
    if (item.block.header.timestampMs - nowMs <= EARLY_AHEAD_MS_MAX) this.early.add(item);
    if (from?.earlyBlocks.add(nowMs) === true)
      this.punish(from.connectionId, "flood", "too many blocks before their time");
  }

  private holdOrphan(item: GossipedBlock, from: BlockPeer | undefined): void {
    const { header } = item.block;
    const isOfUse = header.height >= this.chain.reorgHeightMin();
    if (isOfUse) this.orphans.add(item);
    // A parent that waits here itself will come, or its own parent is being asked for.
    const { parentHash } = header;
    if (this.orphans.hasHash(parentHash) || this.early.hasHash(parentHash) || this.isPending(parentHash)) return;
    if (from === undefined) return;
    if (isOfUse) this.onUnknownParent(from.connectionId, header);
    if (from.unknownParents.add(this.clock.nowMs())) {
      this.punish(from.connectionId, "unknown_parents", "too many blocks whose parents are not known");
    }
  }

  private import(item: GossipedBlock, transactions: readonly VerifiedTransaction[]): void {
    const { hash, block, encoded } = item;
    // Synchronization may have brought it while its signatures were recovered.
    const isKnown = this.chain.header(hash) !== undefined;
    const verdict = isKnown
      ? ({ kind: "known" } as const)
      : defined(this.chain.importBlocks([{ block, transactions }])[0], "a block that was imported has a verdict");
    if (verdict.kind === "invalid") {
      const { isHashInvalid, code, message } = verdict;
      this.reject(item, { isHashInvalid, offence: "invalid_block", reason: `${code}: ${message}` });
    } else if (verdict.kind === "early") {
      this.holdEarly(item, undefined);
    } else if (verdict.kind === "unknown_parent") {
      this.holdOrphan(item, undefined);
    } else if (verdict.kind !== "too_deep") {
      const [first] = item.senders;
      if (verdict.kind === "adopted") {
        if (first !== undefined) this.links.noteUseful(first);
        // One that is kept beside the chain has not been executed: whoever stands on its parent would find out what it is
        // worth, and blame this node for it.
        this.relay(hash, encoded);
      }
      this.releaseChildren(hash);
    }
  }

  private relay(hash: Hash, encoded: Bytes): void {
    const lacking: number[] = [];
    for (const peer of this.peers.values()) {
      if (peer.known.has(hash)) continue;
      peer.known.add(hash);
      lacking.push(peer.connectionId);
    }
    if (lacking.length > 0) this.links.broadcast(lacking, { type: "Block", block: encoded });
  }

  /** Remembers what is wrong and punishes whoever sent it; blocks on an invalid one are invalid with it. */
  private reject(item: GossipedBlock, fault: { isHashInvalid: boolean; offence: Offence; reason: string }): void {
    if (!fault.isHashInvalid) this.badEncodings.add(item.wireId);
    const rejected = [item];
    for (let next = rejected.shift(); next !== undefined; next = rejected.shift()) {
      if (fault.isHashInvalid) {
        this.invalidHashes.add(next.hash);
        for (const held of [this.orphans, this.early]) {
          for (const child of held.childrenOf(next.hash)) {
            held.remove(child.wireId);
            rejected.push(child);
          }
        }
      }
      const { offence, reason } =
        next === item ? fault : { offence: "invalid_block" as const, reason: "an ancestor is invalid" };
      for (const connectionId of [...next.senders]) this.punish(connectionId, offence, reason);
    }
  }

  private releaseChildren(hash: Hash): void {
    for (const item of this.orphans.childrenOf(hash)) this.release(this.orphans, item);
  }

  private release(pool: HeldBlocks, item: GossipedBlock): void {
    pool.remove(item.wireId);
    this.work.push({ step: "check", item, from: undefined });
  }

  private releaseEarly(): void {
    const byTime = this.early
      .list()
      .toSorted((left, right) => left.block.header.timestampMs - right.block.header.timestampMs);
    for (const item of byTime) {
      if (this.chain.checkHeader(item.block.header, NO_OVERLAY).kind === "early") return;
      this.release(this.early, item);
    }
  }

  /** Parents come by synchronization too. An orphan too far below the head to replace anything has no use any more. */
  private releaseOrphans(): void {
    const heightMin = this.chain.reorgHeightMin();
    for (const item of this.orphans.list()) {
      const { height, parentHash } = item.block.header;
      if (height < heightMin) this.orphans.remove(item.wireId);
      else if (this.chain.header(parentHash) !== undefined) this.release(this.orphans, item);
    }
  }
}
