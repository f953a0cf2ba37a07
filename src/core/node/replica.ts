// One node's core: events come in (submissions, seals, time), and what it decides goes out through the ports and the
// listener. It is synchronous from end to end, so an event is finished before the next one is looked at.

import { Chain, type ImportedBlock } from "../chain/index.ts";
import type { ConsensusEngine } from "../consensus/index.ts";
import { Mempool, type MempoolLimits, type WaitsFor } from "../mempool/index.ts";
import type { Clock, Logger, Sealer, SealResult, Store } from "../ports/index.ts";
import type { Address, Bytes, Hash, Nonce, TimestampMs } from "../primitives/index.ts";
import { type Genesis, kindOf, type Transaction, type VerifiedTransaction } from "../protocol/index.ts";
import type { State } from "../state/index.ts";
import { checkEnabled } from "./admission.ts";
import { Miner, type MiningSettings } from "./miner.ts";
import type { MempoolEntryView, MempoolView, NodeStatus, SenderMempoolView, SubmitRefusal } from "./status.ts";

export interface ReplicaSettings {
  readonly mining: MiningSettings;
  readonly mempool: MempoolLimits;
  /** Pages of the state tree, of about 0.7 kB, that stay decoded in memory. */
  readonly cachedPagesMax: number;
}

/** What happened, told once it is durable. */
export interface ReplicaListener {
  committed(block: ImportedBlock): void;
  /** The node has become ready, or is not any more. */
  statusChanged(status: NodeStatus): void;
}

export class Replica {
  readonly chain: Chain;
  private readonly mempool: Mempool;
  private readonly miner: Miner;
  private readonly clock: Clock;
  private readonly chainLogger: Logger;
  private readonly mempoolLogger: Logger;
  private readonly minerLogger: Logger;
  private readonly listener: ReplicaListener;
  private lastObstacle: string | undefined;

  constructor(options: {
    store: Store;
    genesis: Genesis;
    engine: ConsensusEngine;
    clock: Clock;
    sealer: Sealer;
    logger: Logger;
    listener: ReplicaListener;
    settings: ReplicaSettings;
  }) {
    const { store, genesis, engine, clock, sealer, settings } = options;
    this.clock = clock;
    this.chainLogger = options.logger.module("chain");
    this.mempoolLogger = options.logger.module("mempool");
    this.minerLogger = options.logger.module("miner");
    this.listener = options.listener;
    this.chain = new Chain({ store, genesis, engine, cachedPagesMax: settings.cachedPagesMax });
    this.mempool = new Mempool({
      limits: settings.mempool,
      parameters: genesis.parameters,
      allowList: genesis.allowList,
    });
    this.miner = new Miner({
      chain: this.chain,
      engine,
      mempool: this.mempool,
      sealer,
      clock,
      logger: options.logger,
      settings: settings.mining,
    });
  }

  /** Time has passed. The host calls this several times a second. */
  tick(): void {
    const obstacle = this.miner.obstacle();
    const isNews = (obstacle === undefined) !== (this.lastObstacle === undefined);
    this.lastObstacle = obstacle;
    if (isNews) {
      if (obstacle !== undefined) this.minerLogger.log("warn", "clock behind the head", { reason: obstacle });
      this.listener.statusChanged(this.status());
    }
    this.miner.tick();
  }

  /** When the host should tick the next time, where its own rhythm may come later; undefined leaves it to that. */
  nextTickMs(): TimestampMs | undefined {
    return this.miner.nextTickMs();
  }

  /** Puts transactions into the mempool; for each, in order, why it was refused, or undefined. */
  submit(transactions: readonly VerifiedTransaction[]): (SubmitRefusal | undefined)[] {
    const state = this.chain.state();
    const refusals = transactions.map((transaction) => this.admit(transaction, state));
    if (refusals.includes(undefined)) this.miner.onMempoolChanged();
    return refusals;
  }

  private admit(transaction: VerifiedTransaction, state: State): SubmitRefusal | undefined {
    const { from, nonce } = transaction.transaction;
    const refusal =
      checkEnabled(transaction.transaction) ??
      this.mempool.add({
        transaction,
        account: state.account(from),
        height: this.chain.head.header.height,
      });
    const event = refusal === undefined ? "transaction admitted" : "transaction refused";
    this.mempoolLogger.log("debug", event, { hash: transaction.hash, from, nonce, code: refusal?.code });
    return refusal;
  }

  /** A sealer has found a nonce. */
  onSealed(result: SealResult): void {
    const sealed = this.miner.takeSealed(result);
    if (sealed === undefined) return;
    const imported = this.chain.commitTemplate(sealed.template, sealed.header, this.clock.nowMs());
    if (imported.ok) {
      this.onCommitted(imported.block);
    } else {
      this.minerLogger.log("warn", "own block refused", {
        code: imported.refusal.code,
        reason: imported.refusal.message,
      });
      this.miner.onHeadChanged();
    }
  }

  private onCommitted(block: ImportedBlock): void {
    const { hash, header, transactions } = block;
    this.mempool.applyBlock({ transactions, height: header.height });
    this.chainLogger.log("info", "block committed", {
      height: header.height,
      hash,
      transactions: transactions.length,
      gasUsed: header.gasUsed,
    });
    this.listener.committed(block);
    this.miner.onHeadChanged();
  }

  pendingTransaction(hash: Hash): VerifiedTransaction | undefined {
    return this.mempool.get(hash);
  }

  /** The encodings of all that waits, those of one sender by rising nonce as far as they are ready. */
  waiting(): Bytes[] {
    return this.mempool.list(this.mempool.count).map(({ transaction }) => transaction.encoded);
  }

  nextNonce(address: Address): Nonce {
    return this.mempool.nextNonce(address, this.chain.state().account(address).nonce);
  }

  mempoolView(options: { countMax: number }): MempoolView {
    const { countMax, sizeBytesMax } = this.mempool.limits;
    return {
      count: this.mempool.count,
      sizeBytes: this.mempool.sizeBytes,
      countMax,
      sizeBytesMax,
      height: this.chain.head.header.height,
      transactions: this.mempool
        .list(options.countMax)
        .map(({ transaction, missingNonce }) => viewEntry(transaction, missingNonce)),
    };
  }

  /** What waits of one sender, and what each waits for. */
  senderView(address: Address): SenderMempoolView {
    const account = this.chain.state().account(address);
    return {
      address,
      balance: account.balance,
      accountNonce: account.nonce,
      nextNonce: this.mempool.nextNonce(address, account.nonce),
      transactions: this.mempool.ofSender(address, account).map(({ transaction, waitsFor }) => ({
        ...viewEntry(transaction, waitsFor.kind === "nonce_gap" ? waitsFor.nonce : undefined),
        waitsFor: { code: waitsFor.kind, message: explainWait(waitsFor) },
      })),
    };
  }

  status(): NodeStatus {
    const reason = this.miner.obstacle();
    return {
      ready: reason === undefined,
      reason,
      mining: this.miner.enabled,
      mempoolCount: this.mempool.count,
      mempoolSizeBytes: this.mempool.sizeBytes,
    };
  }
}

function explainWait(waitsFor: WaitsFor): string {
  switch (waitsFor.kind) {
    case "block":
      return "the next block may take it";
    case "nonce_gap":
      return `the transaction with nonce ${waitsFor.nonce} is missing`;
    case "predecessor":
      return `the transaction with nonce ${waitsFor.nonce} has to be included first, and the balance does not cover it`;
    case "balance":
      return `it takes up to ${waitsFor.cost}, and the transactions before it leave ${waitsFor.left}`;
  }
}

function viewEntry(verified: VerifiedTransaction, missingNonce: Nonce | undefined): MempoolEntryView {
  const transaction: Transaction = verified.transaction;
  return {
    hash: verified.hash,
    type: transaction.type,
    from: transaction.from,
    nonce: transaction.nonce,
    amount: kindOf(transaction).outgoing(transaction),
    gasPrice: transaction.gasPrice,
    ready: missingNonce === undefined,
    missingNonce,
  };
}
