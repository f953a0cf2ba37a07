// The shapes of the API's JSON: what the server writes and the client reads (docs/spec/api.md).

import type {
  Address,
  Amount,
  Gas,
  GasPrice,
  Hash,
  Height,
  Hex,
  Nonce,
  Signature,
  TimestampMs,
} from "../../core/primitives/index.ts";
import type { Outcome, Reason, TransactionType } from "../../core/protocol/index.ts";

export interface HeaderJson {
  readonly height: Height;
  readonly hash: Hash;
  readonly parentHash: Hash;
  readonly timestampMs: TimestampMs;
  readonly stateRoot: Hash;
  readonly transactionsRoot: Hash;
  readonly transactionCount: number;
  readonly receiptsRoot: Hash;
  readonly votesRoot: Hash;
  readonly evidenceRoot: Hash;
  readonly proposer: Address;
  readonly gasUsed: Gas;
  readonly seal: Hex;
}

export interface HeadJson extends HeaderJson {
  /** Decimal digits, since work passes 2^53. */
  readonly totalWork: string;
  /** What `seal` says, by names of the consensus engine: under proof of work `target` and `nonce`. */
  readonly sealDetails: Readonly<Record<string, string>>;
}

export interface BlockJson extends HeadJson {
  /** False for a block beside the canonical chain, which only its hash leads to. */
  readonly canonical: boolean;
  readonly sizeBytes: number;
  /** Hashes, in the order of the block. */
  readonly transactions: readonly Hash[];
}

/** A stretch of a block's transactions. */
export interface BlockTransactionsJson {
  readonly transactions: readonly BlockTransactionJson[];
  /** Offset of the first one that is not in `transactions`; null at the end. */
  readonly next: number | null;
}

/** Which of the optional fields are there depends on `type`. */
export interface TransactionJson {
  readonly type: TransactionType;
  readonly from: Address;
  readonly to?: Address;
  readonly amount?: Amount;
  readonly nonce: Nonce;
  readonly gasLimit: Gas;
  readonly gasPrice: GasPrice;
  readonly expiry: Height;
  readonly code?: Hex;
  readonly function?: string;
  /** The JSON text that is signed. */
  readonly args?: string;
  readonly signature: Signature;
  readonly hash: Hash;
}

export interface ReceiptJson {
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly gasUsed: Gas;
  readonly gasRefunded: Gas;
  readonly fee: Amount;
  readonly returnData: Hex;
  /** What `returnData` says where it is JSON; null where it is none. */
  readonly result: unknown;
  /** Why it failed, in sentences; null when it has succeeded. */
  readonly error: string | null;
  readonly events: readonly { readonly address: Address; readonly topics: readonly Hash[]; readonly data: Hex }[];
  readonly logs: readonly LogJson[];
}

export interface LogJson {
  readonly address: Address;
  readonly data: Hex;
  /** What `data` says where it is text that can be shown. */
  readonly text: string | null;
}

export interface PendingTransactionJson extends TransactionJson {
  readonly state: "pending";
}

/** A transaction as a block holds it; a block that is asked for by hash need not be of the canonical chain. */
export interface BlockTransactionJson extends TransactionJson {
  readonly blockHeight: Height;
  readonly blockHash: Hash;
  readonly index: number;
  /** Null in a block that is not canonical. */
  readonly receipt: ReceiptJson | null;
}

export interface IncludedTransactionJson extends BlockTransactionJson {
  readonly receipt: ReceiptJson;
  readonly state: "included" | "finalized";
}

export type TransactionViewJson = PendingTransactionJson | IncludedTransactionJson;

export interface AccountJson {
  readonly address: Address;
  readonly balance: Amount;
  readonly nonce: Nonce;
  readonly stake: Amount;
  readonly codeHash: Hash | null;
}

export interface AccountProofJson {
  readonly blockHeight: Height;
  readonly blockHash: Hash;
  readonly stateRoot: Hash;
  readonly account: AccountJson;
  readonly siblings: readonly Hash[];
  readonly leaf: { readonly path: Hash; readonly valueHash: Hash } | null;
}

export interface MempoolEntryJson {
  readonly hash: Hash;
  readonly type: TransactionType;
  readonly from: Address;
  readonly nonce: Nonce;
  readonly amount: Amount;
  readonly gasPrice: GasPrice;
  readonly ready: boolean;
  readonly missingNonce: Nonce | null;
}

export interface MempoolJson {
  readonly count: number;
  readonly sizeBytes: number;
  readonly countMax: number;
  readonly sizeBytesMax: number;
  readonly height: Height;
  readonly transactions: readonly MempoolEntryJson[];
}

export interface ChainInfoJson {
  readonly name: string;
  readonly genesisHash: Hash;
  readonly consensus: "pow";
  readonly development: boolean;
  readonly parameters: {
    readonly blockTimeMs: number;
    readonly blockGasLimit: Gas;
    readonly blockSizeBytesMax: number;
    readonly newStateBytesMax: number;
    readonly blockReward: Amount;
    readonly gasPriceMin: GasPrice;
    readonly difficulty: number;
    readonly retarget: boolean;
  };
  readonly supply: number;
  readonly eip712: {
    readonly domain: { readonly name: string; readonly version: string; readonly salt: Hash };
    /** For each struct the `types` that a wallet signs with. */
    readonly types: Readonly<
      Record<string, Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>>
    >;
  };
  readonly wallet: { readonly enabled: boolean; readonly addresses: readonly Address[] };
  readonly sync: SyncJson;
  readonly version: string;
}

/** How far a node is behind others. */
export interface SyncJson {
  readonly state: "idle" | "headers" | "blocks";
  readonly height: Height;
  readonly targetHeight: Height;
  readonly blocksPerSecond: number;
  readonly secondsLeft: number | null;
  readonly peerCount: number;
}

export interface PeerJson {
  readonly nodeKey: Address;
  readonly address: string;
  readonly port: number;
  readonly direction: "inbound" | "outbound";
  readonly isBootstrap: boolean;
  readonly listenEndpoint: string | null;
  readonly height: Height;
  readonly headHash: Hash;
  readonly roundTripMs: number | null;
  readonly score: number;
  readonly connectedAtMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface PeersJson {
  readonly enabled: boolean;
  readonly nodeKey: Address | null;
  readonly listenEndpoint: string | null;
  readonly peers: readonly PeerJson[];
  readonly bans: readonly { readonly address: string; readonly untilMs: number; readonly reason: string }[];
}

/** What waits of one sender. */
export interface SenderMempoolJson {
  readonly address: Address;
  readonly balance: Amount;
  readonly accountNonce: Nonce;
  readonly nextNonce: Nonce;
  readonly transactions: readonly (MempoolEntryJson & {
    readonly waitsFor: { readonly code: string; readonly message: string };
  })[];
}

/** That a block holds a transaction; see `verifyTransactionProof`. */
export interface TransactionProofJson {
  readonly blockHash: Hash;
  readonly blockHeight: Height;
  readonly transactionsRoot: Hash;
  readonly index: number;
  readonly count: number;
  /** The transaction's canonical encoding, signature included. */
  readonly encoded: Hex;
  readonly siblings: readonly Hash[];
}

export interface StorageProofJson {
  readonly blockHeight: Height;
  readonly blockHash: Hash;
  readonly stateRoot: Hash;
  readonly address: Address;
  /** The contract's own key. */
  readonly key: Hex;
  /** Null where nothing is kept under the key. */
  readonly value: Hex | null;
  readonly siblings: readonly Hash[];
  readonly leaf: { readonly path: Hash; readonly valueHash: Hash } | null;
}

export interface ContractJson {
  readonly address: Address;
  readonly codeHash: Hash;
  readonly sizeBytes: number;
  readonly balance: Amount;
  readonly nonce: Nonce;
  /** The functions of the module. */
  readonly exports: readonly {
    readonly name: string;
    readonly parameters: readonly ("i32" | "i64")[];
    readonly results: readonly ("i32" | "i64")[];
  }[];
  readonly memoryPages: number;
}

export interface EventJson {
  readonly blockHeight: Height;
  readonly blockHash: Hash;
  readonly transactionHash: Hash;
  readonly transactionIndex: number;
  /** Among all events of the transaction. */
  readonly eventIndex: number;
  readonly topics: readonly Hash[];
  readonly data: Hex;
}

export interface EventsJson {
  readonly events: readonly EventJson[];
  /** The cursor of the next page, which may be there although this one is empty; null at the end. */
  readonly next: string | null;
}

/** What came of running a contract without keeping anything of it. */
export interface ContractViewJson
  extends Pick<ReceiptJson, "outcome" | "reason" | "gasUsed" | "returnData" | "result" | "error" | "logs"> {
  /** The height of the state that it ran on. */
  readonly blockHeight: Height;
}

export interface EstimateJson extends Omit<ReceiptJson, "fee"> {
  readonly blockHeight: Height;
  /** What to give the transaction. */
  readonly gasLimit: Gas;
}

/** Of a call that was waited for, with what it came to. */
export interface CalledJson extends Partial<ReceiptJson> {
  readonly hash: Hash;
  readonly blockHeight?: Height;
}

export interface DeployedJson extends CalledJson {
  /** Where the contract is once the deploy has succeeded. */
  readonly address: Address;
}

/** The answer to one of many transactions. */
export type SubmitResultJson =
  | { readonly status: "ok"; readonly hash: Hash }
  | { readonly status: "error"; readonly error: { readonly code: string; readonly message: string } };

export interface SubmittedJson {
  readonly hash: Hash;
  /** Present when the request waited for inclusion. */
  readonly blockHeight?: Height;
}
