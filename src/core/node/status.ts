// What a replica reports of itself and of its mempool, as plain data that crosses threads.

import type { AdmissionCode, WaitsFor } from "../mempool/index.ts";
import type { Ban, PeerView, SyncProgress } from "../network/index.ts";
import type { Address, Amount, GasPrice, Hash, Height, Nonce, Refusal } from "../primitives/index.ts";
import type { TransactionType } from "../protocol/index.ts";
import type { ModuleCode } from "../vm/index.ts";

export interface NodeStatus {
  /** True once the replica serves and, where it mines, may mine. */
  readonly ready: boolean;
  /** One sentence: why the node isn't ready. */
  readonly reason: string | undefined;
  readonly mining: boolean;
  readonly mempoolCount: number;
  readonly mempoolSizeBytes: number;
  /** Connected nodes. */
  readonly peerCount: number;
  /** How far the node is behind others. */
  readonly sync: SyncProgress;
}

/** A connected node with what its connection has carried. */
export interface ConnectedPeer extends PeerView {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface PeersReport {
  readonly nodeKey: Address;
  readonly listenEndpoint: string | undefined;
  readonly peers: readonly ConnectedPeer[];
  readonly bans: readonly Ban[];
}

/** Why a transaction did not get into the mempool; docs/spec/errors.md says more of each. */
export type SubmitCode = AdmissionCode | ModuleCode | "invalid_signature" | "not_yet_enabled" | "node_busy";

export type SubmitRefusal = Refusal<SubmitCode>;

export interface MempoolEntryView {
  readonly hash: Hash;
  readonly type: TransactionType;
  readonly from: Address;
  readonly nonce: Nonce;
  readonly amount: Amount;
  readonly gasPrice: GasPrice;
  /** False while a transaction with a lower nonce is missing. */
  readonly ready: boolean;
  /** Set while not ready: the nonce that is missing. */
  readonly missingNonce: Nonce | undefined;
}

/** What a waiting transaction waits for, by a code and in words. */
export interface WaitReason {
  /** `block`: the next block may take it. */
  readonly code: WaitsFor["kind"];
  readonly message: string;
}

export interface SenderMempoolView {
  readonly address: Address;
  /** At the head. */
  readonly balance: Amount;
  readonly accountNonce: Nonce;
  /** The first nonce that no waiting transaction has. */
  readonly nextNonce: Nonce;
  /** By nonce; the mempool's bound for one account bounds it. */
  readonly transactions: readonly (MempoolEntryView & { readonly waitsFor: WaitReason })[];
}

export interface MempoolView {
  readonly count: number;
  readonly sizeBytes: number;
  readonly countMax: number;
  readonly sizeBytesMax: number;
  /** The height at which this was read. */
  readonly height: Height;
  /** At most as many as were asked for, in the order in which a block would take them, those that wait last. */
  readonly transactions: readonly MempoolEntryView[];
}
