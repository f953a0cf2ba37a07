// Finds the verified transactions of blocks whose header and body are right: those that wait in the mempool with the same
// bytes are taken from there, the signatures of the others are recovered in a job.

import { assert, type Bytes, defined, type Hash } from "../../primitives/index.ts";
import {
  assumeVerified,
  decodeTransaction,
  type SignedTransaction,
  type VerifiedTransaction,
} from "../../protocol/index.ts";
import type { TransactionPool } from "../chainAccess.ts";
import type { VerificationJobs } from "../verificationJobs.ts";
import type { GossipedBlock } from "./heldBlocks.ts";

/** Blocks whose signatures are being recovered; each has the work of a valid header behind it. */
export const UNDER_WAY_MAX = 16;
export const UNDER_WAY_PER_PEER_MAX = 4;

interface Missing {
  readonly index: number;
  readonly signed: SignedTransaction;
  readonly encoded: Bytes;
}

interface UnderWay {
  readonly item: GossipedBlock;
  readonly transactions: (VerifiedTransaction | undefined)[];
  readonly missing: readonly Missing[];
  isStarted: boolean;
}

export interface RecoveryListener {
  /** In the order of the body. May come within the call that began it. */
  recovered(item: GossipedBlock, transactions: readonly VerifiedTransaction[]): void;
  /** A transaction is not one or is not its sender's. The header commits to it, so the hash is invalid. */
  invalid(item: GossipedBlock, reason: string): void;
}

export class BlockRecovery {
  private readonly pool: TransactionPool;
  private readonly jobs: VerificationJobs;
  private readonly listener: RecoveryListener;
  /** By wire id, oldest first. */
  private readonly underWay = new Map<Hash, UnderWay>();

  constructor(options: { pool: TransactionPool; jobs: VerificationJobs; listener: RecoveryListener }) {
    this.pool = options.pool;
    this.jobs = options.jobs;
    this.listener = options.listener;
  }

  get count(): number {
    return this.underWay.size;
  }

  get(wireId: Hash): GossipedBlock | undefined {
    return this.underWay.get(wireId)?.item;
  }

  hasHash(hash: Hash): boolean {
    for (const { item } of this.underWay.values()) {
      if (item.hash === hash) return true;
    }
    return false;
  }

  onPeerGone(connectionId: number): void {
    for (const { item } of this.underWay.values()) item.senders.delete(connectionId);
  }

  /** Drops the block when too many are under way: it comes again by synchronization. */
  begin(item: GossipedBlock): void {
    assert(!this.underWay.has(item.wireId), "a block is recovered once at a time");
    const transactions: (VerifiedTransaction | undefined)[] = [];
    const missing: Missing[] = [];
    for (const [index, encoded] of item.block.body.transactions.entries()) {
      const known = this.pool.verified(encoded);
      transactions.push(known);
      if (known !== undefined) continue;
      const decoded = decodeTransaction(encoded);
      if (!decoded.ok) {
        this.listener.invalid(item, `transaction ${index} does not decode: ${decoded.reason}`);
        return;
      }
      missing.push({ index, signed: decoded.value, encoded });
    }
    const underWay: UnderWay = { item, transactions, missing, isStarted: false };
    if (missing.length === 0) {
      this.finish(underWay);
    } else if (this.hasRoom(item)) {
      this.underWay.set(item.wireId, underWay);
      this.start(underWay);
    }
  }

  /** Starts what found too many jobs under way. */
  retry(): void {
    for (const underWay of [...this.underWay.values()]) this.start(underWay);
  }

  private hasRoom({ senders }: GossipedBlock): boolean {
    const ofSenders = [...this.underWay.values()].filter(({ item }) => !item.senders.isDisjointFrom(senders));
    return this.underWay.size < UNDER_WAY_MAX && ofSenders.length < UNDER_WAY_PER_PEER_MAX;
  }

  private start(underWay: UnderWay): void {
    if (underWay.isStarted) return;
    const encoded = underWay.missing.map((transaction) => transaction.encoded);
    // Set first: a verifier may answer within the call.
    underWay.isStarted = true;
    underWay.isStarted = this.jobs.verify(encoded, (hashes) => this.onRecovered(underWay, hashes));
  }

  private onRecovered(underWay: UnderWay, hashes: readonly (Hash | undefined)[]): void {
    const { item, transactions, missing } = underWay;
    this.underWay.delete(item.wireId);
    const wrong = hashes.indexOf(undefined);
    if (wrong >= 0) {
      this.listener.invalid(item, `transaction ${missing[wrong]?.index} has not its sender's signature`);
    } else {
      for (const [position, { index, signed, encoded }] of missing.entries()) {
        const hash = defined(hashes[position], "every signature was recovered");
        transactions[index] = assumeVerified({ signed, hash, encoded });
      }
      this.finish(underWay);
    }
    this.retry();
  }

  private finish({ item, transactions }: UnderWay): void {
    const verified = transactions.map((transaction) => defined(transaction, "every transaction is verified"));
    this.listener.recovered(item, verified);
  }
}
