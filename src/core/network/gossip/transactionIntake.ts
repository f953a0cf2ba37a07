// Takes in transactions that peers send: looked at cheaply first, then recovered in jobs, then put into the mempool
// (docs/spec/gossip.md, "Intake"). What is remembered is keyed by the wire id, so a garbage signature never stands in the
// way of the right one.

import type { Clock } from "../../ports/index.ts";
import { assert, type Bytes, type Hash, type TimestampMs } from "../../primitives/index.ts";
import {
  assumeVerified,
  decodeTransaction,
  type SignedTransaction,
  type VerifiedTransaction,
} from "../../protocol/index.ts";
import type { ChainAccess, TransactionPool } from "../chainAccess.ts";
import { TRANSACTIONS_PER_MESSAGE_MAX } from "../limits.ts";
import type { Offence, PeerLinks } from "../peer.ts";
import type { VerificationJobs } from "../verificationJobs.ts";
import { EventWindow } from "./eventWindow.ts";
import { KnownSet } from "./knownSet.ts";
import { wireIdOf } from "./wireId.ts";

/** Of one peer, before their signatures are recovered: a quarter of a second of one core's work. */
export const WAITING_PER_PEER_MAX = 4096;
export const WAITING_SIZE_BYTES_PER_PEER_MAX = 2 * 1024 * 1024;
/** Of all peers together: a second of one core's work. */
export const WAITING_MAX = 16_384;
const WAITING_SIZE_BYTES_MAX = 16 * 1024 * 1024;
/** A job takes one core some 60 ms. */
const JOB_TRANSACTIONS_MAX = TRANSACTIONS_PER_MESSAGE_MAX;
/** One is under way and one is ready behind it, so the verifier never waits for gossip. */
export const JOBS_MAX = 2;
/** A peer may send this much beyond its bounds in a window; a faster machine than this one does so honestly for a while. */
export const EXCESS_MAX = 4 * WAITING_PER_PEER_MAX;
const EXCESS_WINDOW_MS = 10_000;
/** Wire ids that are invalid for good. */
const INVALID_MAX = 8192;
/** Wire ids that do not fit now, which all peers may send within moments of each other. */
const UNFIT_MAX = 8192;
/** The mempool changes without a new head, too. */
export const UNFIT_MS = 2000;
/** Verified ones too far ahead of their sender's nonce, in case those before them come by another way. */
export const EARLY_MAX = 1024;
export const EARLY_SIZE_BYTES_MAX = 1024 * 1024;
export const EARLY_MS = 10_000;
const EARLY_RETRY_MS = 500;
/** Peers that are remembered as having sent one transaction that waits; there are fewer connections by default. */
const SENDERS_MAX = 128;

interface IntakePeer {
  readonly connectionId: number;
  readonly excess: EventWindow;
  waitingCount: number;
  waitingSizeBytes: number;
}

/** A transaction whose signature is not recovered yet. */
interface Waiting {
  readonly wireId: Hash;
  readonly signed: SignedTransaction;
  readonly encoded: Bytes;
  /** Who sent it first: it counts against that peer's bounds. */
  readonly owner: IntakePeer;
  readonly senders: number[];
}

interface Job {
  readonly items: readonly Waiting[];
  /** Undefined while it is under way. */
  hashes: readonly (Hash | undefined)[] | undefined;
}

interface Early {
  readonly transaction: VerifiedTransaction;
  readonly sinceMs: TimestampMs;
}

export class TransactionIntake {
  private readonly chain: ChainAccess;
  private readonly pool: TransactionPool;
  private readonly links: PeerLinks;
  private readonly jobs: VerificationJobs;
  private readonly clock: Clock;
  private readonly onSent: (connectionId: number, wireId: Hash) => void;
  private readonly peers = new Map<number, IntakePeer>();
  /** By wire id, all that is not settled, in jobs too. */
  private readonly waiting = new Map<Hash, Waiting>();
  private waitingSizeBytes = 0;
  /** Those of `waiting` in no job yet, in the order in which they came. */
  private readonly queue = new Set<Waiting>();
  /** In the order in which they were started, which is the order in which they are settled. */
  private readonly started: Job[] = [];
  private readonly invalid = new KnownSet({ countMax: INVALID_MAX });
  private readonly unfit = new KnownSet({ countMax: UNFIT_MAX });
  private unfitHead: Hash | undefined;
  private unfitSinceMs = 0 as TimestampMs;
  private readonly early = new Map<Hash, Early>();
  private earlySizeBytes = 0;
  private earlyTriedMs = 0 as TimestampMs;

  /** @param options.onSent is told of every transaction that a peer sends, before it is judged */
  constructor(options: {
    chain: ChainAccess;
    pool: TransactionPool;
    links: PeerLinks;
    jobs: VerificationJobs;
    clock: Clock;
    onSent: (connectionId: number, wireId: Hash) => void;
  }) {
    this.chain = options.chain;
    this.pool = options.pool;
    this.links = options.links;
    this.jobs = options.jobs;
    this.clock = options.clock;
    this.onSent = options.onSent;
  }

  /** Transactions whose signature is not recovered yet. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Verified transactions that wait for those before them. */
  get earlyCount(): number {
    return this.early.size;
  }

  onPeerReady(connectionId: number): void {
    assert(!this.peers.has(connectionId), "a peer becomes ready once");
    const excess = new EventWindow({ countMax: EXCESS_MAX, windowMs: EXCESS_WINDOW_MS });
    this.peers.set(connectionId, { connectionId, excess, waitingCount: 0, waitingSizeBytes: 0 });
  }

  onPeerGone(connectionId: number): void {
    this.peers.delete(connectionId);
  }

  onTransactions(connectionId: number, transactions: readonly Bytes[]): void {
    const peer = this.peers.get(connectionId);
    if (peer === undefined) return;
    this.forgetUnfit();
    let excessCount = 0;
    for (const encoded of transactions) {
      const wireId = wireIdOf(encoded);
      this.onSent(connectionId, wireId);
      if (!this.take(peer, wireId, encoded)) excessCount++;
      // Its offences may just have ended the connection.
      if (this.peers.get(connectionId) !== peer) break;
    }
    if (excessCount > 0 && peer.excess.add(this.clock.nowMs(), excessCount)) {
      this.punish(connectionId, "flood", "far more transactions than can be verified");
    }
    this.startJobs();
  }

  tick(): void {
    this.startJobs();
    this.retryEarly();
  }

  private punish(connectionId: number, offence: Offence, reason: string): void {
    if (this.peers.has(connectionId)) this.links.punish(connectionId, offence, reason);
  }

  private punishSenders({ senders }: Waiting, offence: Offence, reason: string): void {
    for (const connectionId of senders) this.punish(connectionId, offence, reason);
  }

  private forgetUnfit(): void {
    const { hash } = this.chain.head();
    const nowMs = this.clock.nowMs();
    const ageMs = nowMs - this.unfitSinceMs;
    if (hash === this.unfitHead && ageMs >= 0 && ageMs < UNFIT_MS) return;
    this.unfit.clear();
    this.unfitHead = hash;
    this.unfitSinceMs = nowMs;
  }

  /** Returns false when the peer has passed its bounds. */
  private take(peer: IntakePeer, wireId: Hash, encoded: Bytes): boolean {
    const { connectionId } = peer;
    const waiting = this.waiting.get(wireId);
    if (waiting !== undefined) {
      const { senders } = waiting;
      if (senders.length < SENDERS_MAX && !senders.includes(connectionId)) senders.push(connectionId);
      return true;
    }
    if (this.unfit.has(wireId) || this.early.has(wireId) || this.pool.verified(encoded) !== undefined) return true;
    if (this.invalid.has(wireId)) {
      this.punish(connectionId, "invalid_transaction", `transaction ${wireId} is known to be invalid`);
      return true;
    }
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) {
      this.punish(connectionId, "invalid_transaction", `a transaction does not decode: ${decoded.reason}`);
      return true;
    }
    const verdict = this.pool.precheck(decoded.value);
    if (verdict?.kind === "invalid") {
      this.invalid.add(wireId);
      this.punish(connectionId, "invalid_transaction", `a transaction is invalid: ${verdict.code}`);
    } else if (verdict?.kind === "unfit") {
      this.unfit.add(wireId);
    } else {
      return this.enqueue({ wireId, signed: decoded.value, encoded, owner: peer, senders: [connectionId] });
    }
    return true;
  }

  /** Returns false when the bounds of its peer are full. Where those of all are, it is dropped and nobody's fault. */
  private enqueue(item: Waiting): boolean {
    const { owner, encoded } = item;
    const sizeBytes = encoded.length;
    if (
      owner.waitingCount >= WAITING_PER_PEER_MAX ||
      owner.waitingSizeBytes + sizeBytes > WAITING_SIZE_BYTES_PER_PEER_MAX
    ) {
      return false;
    }
    if (this.waiting.size >= WAITING_MAX || this.waitingSizeBytes + sizeBytes > WAITING_SIZE_BYTES_MAX) return true;
    owner.waitingCount++;
    owner.waitingSizeBytes += sizeBytes;
    this.waitingSizeBytes += sizeBytes;
    this.waiting.set(item.wireId, item);
    this.queue.add(item);
    return true;
  }

  private startJobs(): void {
    while (this.queue.size > 0 && this.started.length < JOBS_MAX) {
      const items: Waiting[] = [];
      for (const item of this.queue) {
        if (items.length >= JOB_TRANSACTIONS_MAX) break;
        items.push(item);
      }
      const job: Job = { items, hashes: undefined };
      // A verifier may answer within the call.
      this.started.push(job);
      for (const item of items) this.queue.delete(item);
      const isStarted = this.jobs.verify(
        items.map(({ encoded }) => encoded),
        (hashes) => {
          job.hashes = hashes;
          this.settle();
        },
      );
      if (isStarted) continue;
      this.started.pop();
      this.requeue(items);
      return;
    }
  }

  private requeue(items: readonly Waiting[]): void {
    const later = [...this.queue];
    this.queue.clear();
    for (const item of [...items, ...later]) this.queue.add(item);
  }

  /** In the order in which they were started: a sender's transactions must not overtake each other. */
  private settle(): void {
    for (let job = this.started[0]; job?.hashes !== undefined; job = this.started[0]) {
      this.started.shift();
      this.settleJob(job.items, job.hashes);
    }
    this.startJobs();
  }

  private settleJob(items: readonly Waiting[], hashes: readonly (Hash | undefined)[]): void {
    const good: Waiting[] = [];
    const verified: VerifiedTransaction[] = [];
    const bad: Waiting[] = [];
    items.forEach((item, index) => {
      const { signed, encoded } = item;
      this.waiting.delete(item.wireId);
      this.waitingSizeBytes -= encoded.length;
      item.owner.waitingCount--;
      item.owner.waitingSizeBytes -= encoded.length;
      const hash = hashes[index];
      if (hash === undefined) {
        this.invalid.add(item.wireId);
        bad.push(item);
      } else {
        good.push(item);
        verified.push(assumeVerified({ signed, hash, encoded }));
      }
    });
    if (verified.length > 0) this.admit(good, verified);
    for (const item of bad) this.punishSenders(item, "invalid_signature", `transaction ${item.wireId}`);
  }

  private admit(items: readonly Waiting[], verified: readonly VerifiedTransaction[]): void {
    const verdicts = this.pool.admit(verified);
    assert(verdicts.length === verified.length, "the pool has a verdict for each transaction");
    verdicts.forEach((verdict, index) => {
      const item = items[index] as Waiting;
      const [first] = item.senders;
      if (verdict.kind === "admitted") {
        if (first !== undefined) this.links.noteUseful(first);
      } else if (verdict.kind === "invalid") {
        this.invalid.add(item.wireId);
        this.punishSenders(item, "invalid_transaction", `a transaction is invalid: ${verdict.code}`);
      } else if (verdict.kind === "unfit" && verdict.code === "nonce_too_far") {
        this.keepEarly(item.wireId, verified[index] as VerifiedTransaction);
      } else if (verdict.kind === "unfit") {
        this.unfit.add(item.wireId);
      }
    });
  }

  private keepEarly(wireId: Hash, transaction: VerifiedTransaction): void {
    const sizeBytes = transaction.encoded.length;
    if (this.early.size >= EARLY_MAX || this.earlySizeBytes + sizeBytes > EARLY_SIZE_BYTES_MAX) {
      this.unfit.add(wireId);
      return;
    }
    this.early.set(wireId, { transaction, sinceMs: this.clock.nowMs() });
    this.earlySizeBytes += sizeBytes;
  }

  private retryEarly(): void {
    const nowMs = this.clock.nowMs();
    const waitedMs = nowMs - this.earlyTriedMs;
    if (this.early.size === 0 || (waitedMs >= 0 && waitedMs < EARLY_RETRY_MS)) return;
    this.earlyTriedMs = nowMs;
    const tried = [...this.early];
    const verdicts = this.pool.admit(tried.map(([, { transaction }]) => transaction));
    tried.forEach(([wireId, { transaction, sinceMs }], index) => {
      const verdict = verdicts[index];
      const isStillEarly = verdict?.kind === "unfit" && verdict.code === "nonce_too_far";
      const ageMs = nowMs - sinceMs;
      if (isStillEarly && ageMs >= 0 && ageMs < EARLY_MS) return;
      this.early.delete(wireId);
      this.earlySizeBytes -= transaction.encoded.length;
    });
  }
}
