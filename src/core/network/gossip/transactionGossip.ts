// Spreads transactions between nodes: the intake decides what comes in, the relay sends on what the mempool has taken
// (docs/spec/gossip.md, "Transactions"). Push only: no node asks another for a transaction.

import type { Clock } from "../../ports/index.ts";
import type { Bytes } from "../../primitives/index.ts";
import type { VerifiedTransaction } from "../../protocol/index.ts";
import type { ChainAccess, TransactionPool } from "../chainAccess.ts";
import type { PeerLinks } from "../peer.ts";
import type { VerificationJobs } from "../verificationJobs.ts";
import { TransactionIntake } from "./transactionIntake.ts";
import { TransactionRelay } from "./transactionRelay.ts";

export interface TransactionGossipCounts {
  /** Received, and their signatures not recovered yet. */
  readonly waiting: number;
  /** Verified, and too far ahead of their sender's nonce. */
  readonly early: number;
}

export class TransactionGossip {
  private readonly intake: TransactionIntake;
  private readonly relay: TransactionRelay;

  /** @param options.blockSizeBytesMax of the chain, which bounds what a line may have */
  constructor(options: {
    chain: ChainAccess;
    pool: TransactionPool;
    links: PeerLinks;
    jobs: VerificationJobs;
    clock: Clock;
    blockSizeBytesMax: number;
  }) {
    this.relay = new TransactionRelay(options);
    this.intake = new TransactionIntake({
      ...options,
      onSent: (connectionId, wireId) => this.relay.markKnown(connectionId, wireId),
    });
  }

  onPeerReady(connectionId: number): void {
    this.intake.onPeerReady(connectionId);
    this.relay.onPeerReady(connectionId);
  }

  onPeerGone(connectionId: number): void {
    this.intake.onPeerGone(connectionId);
    this.relay.onPeerGone(connectionId);
  }

  /** A peer has sent a `Transactions` message. */
  onTransactions(connectionId: number, transactions: readonly Bytes[]): void {
    this.intake.onTransactions(connectionId, transactions);
    this.relay.flushIfDue();
  }

  /** The mempool has taken these in, whoever sent them. */
  onAdmitted(transactions: readonly VerifiedTransaction[]): void {
    this.relay.onAdmitted(transactions);
  }

  tick(): void {
    this.intake.tick();
    this.relay.tick();
  }

  counts(): TransactionGossipCounts {
    return { waiting: this.intake.waitingCount, early: this.intake.earlyCount };
  }

  /** Transactions that wait for a peer's congestion to end. */
  backlogCount(connectionId: number): number {
    return this.relay.backlogCount(connectionId);
  }
}
