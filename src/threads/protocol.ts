// What the threads of a node say to each other. Plain data only: it is cloned on its way.

import type { Message, NetworkSettings, NetworkView, NodeIdentity } from "../core/network/index.ts";
import type {
  AccountProofView,
  ContractDescription,
  Estimate,
  EstimateCode,
  MempoolView,
  MiningSettings,
  NodeStatus,
  PastProofCode,
  Reorganization,
  SenderMempoolView,
  StorageProofView,
  SubmitRefusal,
  ViewCode,
  ViewRequest,
  ViewResult,
} from "../core/node/index.ts";
import type { TransportEvent, VerificationJob, VerificationResult } from "../core/ports/index.ts";
import type { Address, Bytes, Gas, Hash, Height, Nonce, Refusal, Result } from "../core/primitives/index.ts";
import type { Genesis, Transaction } from "../core/protocol/index.ts";
import type { LoggerOptions } from "../io/logging/index.ts";

/** Everything that a replica's thread starts from. */
export interface ReplicaThreadOptions {
  readonly genesis: Genesis;
  readonly databasePath: string;
  readonly cacheSizeMb: number;
  readonly compression: boolean;
  /** Blocks that the node takes back at most. */
  readonly reorgDepthMax: number;
  readonly mining: MiningSettings & { readonly threads: number; readonly hashRateLimit: number };
  readonly mempool: { readonly countMax: number; readonly sizeBytesMax: number; readonly perAccountMax: number };
  /** Undefined for a node that stays alone. */
  readonly network: { readonly identity: NodeIdentity; readonly settings: NetworkSettings } | undefined;
  readonly logging: Pick<LoggerOptions, "format" | "levels">;
}

/** A transaction whose signature another thread has verified. */
export interface VerifiedItem {
  readonly hash: Hash;
  readonly encoded: Bytes;
}

/** Asked by the main thread, answered by the replica's. */
export type ReplicaProtocol = {
  start: { payload: ReplicaThreadOptions; answer: StartAnswer };
  submit: { payload: readonly VerifiedItem[]; answer: readonly (SubmitRefusal | undefined)[] };
  pending: { payload: Hash; answer: Bytes | undefined };
  nextNonce: { payload: Address; answer: Nonce };
  waiting: { payload: undefined; answer: readonly Bytes[] };
  sender: { payload: Address; answer: SenderMempoolView };
  mempool: { payload: { readonly countMax: number }; answer: MempoolView };
  transport: { payload: readonly TransportEvent<Message>[]; answer: undefined };
  verified: { payload: VerificationResult; answer: undefined };
  network: { payload: undefined; answer: NetworkView | undefined };
  stop: { payload: undefined; answer: undefined };
};

export type StartFailureCode =
  | "datadir_locked"
  | "database_corrupt"
  | "database_newer"
  | "datadir_unusable"
  | "disk_full"
  | "genesis_mismatch"
  | "network_unavailable"
  | "fault";

export type StartAnswer =
  | { readonly ok: true; readonly status: NodeStatus }
  | { readonly ok: false; readonly code: StartFailureCode; readonly message: string };

/** What the network wants done with the sockets; the calls of the Transport port. */
export type TransportCommand =
  | { readonly kind: "connect"; readonly connectionId: number; readonly endpoint: string }
  | { readonly kind: "send"; readonly connectionIds: readonly number[]; readonly message: Message }
  | { readonly kind: "close"; readonly connectionId: number }
  | { readonly kind: "refuse"; readonly addresses: readonly string[] };

/** Told by the replica's thread unasked. */
export type ReplicaNotice =
  | {
      readonly kind: "committed";
      readonly height: Height;
      readonly hash: Hash;
      readonly transactionHashes: readonly Hash[];
      readonly status: NodeStatus;
    }
  /** Comes before the `committed` of each block in whose favour it was. */
  | { readonly kind: "reorganized"; readonly reorganization: Reorganization }
  | { readonly kind: "status"; readonly status: NodeStatus }
  | { readonly kind: "transport"; readonly commands: readonly TransportCommand[] }
  | { readonly kind: "verify"; readonly job: VerificationJob }
  /** The mempool has taken these in from other nodes, or back from blocks that are not canonical any more. */
  | { readonly kind: "admitted"; readonly encoded: readonly Bytes[] }
  | { readonly kind: "failed"; readonly code: StartFailureCode; readonly message: string };

/** Asked by the main thread, answered by the one of past proofs. */
export type PastProofProtocol = {
  open: { payload: { readonly databasePath: string }; answer: undefined };
  prove: {
    payload: { readonly address: Address; readonly height: Height };
    answer: Result<AccountProofView, PastProofCode>;
  };
  proveStorage: {
    payload: { readonly address: Address; readonly key: Bytes; readonly height: Height };
    answer: Result<StorageProofView, PastProofCode>;
  };
  close: { payload: undefined; answer: undefined };
};

/** Asked by the main thread, answered by the one of views. */
export type ViewProtocol = {
  open: { payload: { readonly databasePath: string; readonly genesis: Genesis }; answer: undefined };
  view: { payload: ViewRequest; answer: Result<ViewResult, ViewCode> };
  estimate: {
    payload: { readonly transaction: Transaction; readonly gasLimit: Gas | undefined };
    answer: Result<Estimate, EstimateCode>;
  };
  describe: { payload: Address; answer: ContractDescription | undefined };
  close: { payload: undefined; answer: undefined };
};

/** Asked by the main thread, answered by a signature thread. */
export type SignatureProtocol = {
  verify: {
    payload: { readonly genesisHash: Hash; readonly encoded: readonly Bytes[] };
    answer: readonly SignatureVerdict[];
  };
};

export type SignatureVerdict =
  | { readonly ok: true; readonly hash: Hash }
  | { readonly ok: false; readonly refusal: Refusal<"invalid_signature"> };
