// What the network sees of a replica: its chain, its mempool and its notes, each in the network's own terms.

import { type Chain, type ImportItem, type ImportRefusal, type ImportResult, isHashInvalid } from "../chain/index.ts";
import type { AdmissionCode, Mempool } from "../mempool/index.ts";
import type { BlockVerdict, ChainAccess, HeaderVerdict, PoolVerdict, TransactionPool } from "../network/index.ts";
import type { Clock, StoreReader } from "../ports/index.ts";
import { equalBytes, type Refusal } from "../primitives/index.ts";
import { decodeTransaction, type Genesis, joinBlock, type VerifiedTransaction } from "../protocol/index.ts";
import { precheck } from "./precheck.ts";
import type { SubmitCode } from "./status.ts";

type InvalidBlock = Extract<BlockVerdict, { kind: "invalid" }>;

function toInvalid({ code, message }: ImportRefusal): InvalidBlock {
  return { kind: "invalid", code, message, isHashInvalid: isHashInvalid(code) };
}

function toBlockVerdict(result: ImportResult): BlockVerdict {
  if (result.ok) return { kind: result.kind };
  switch (result.refusal.code) {
    case "known_block":
      return { kind: "known" };
    case "unknown_parent":
      return { kind: "unknown_parent" };
    case "timestamp_ahead":
      return { kind: "early" };
    case "reorg_too_deep":
      return { kind: "too_deep" };
    default:
      return toInvalid(result.refusal);
  }
}

function toHeaderVerdict(refusal: ImportRefusal): HeaderVerdict {
  if (refusal.code === "unknown_parent") return { kind: "unknown_parent" };
  if (refusal.code === "timestamp_ahead") return { kind: "early" };
  return { kind: "invalid", code: refusal.code, message: refusal.message };
}

export function createChainAccess(options: {
  chain: Chain;
  store: StoreReader;
  clock: Clock;
  importBlocks: (items: readonly ImportItem[]) => readonly ImportResult[];
}): ChainAccess {
  const { chain, store, clock, importBlocks } = options;
  return {
    head: () => {
      const { hash, header, totalWork } = chain.head;
      return { height: header.height, hash, totalWork };
    },
    hashAt: (height) => store.hashAt(height),
    header: (hash) => chain.header(hash),
    block: (hash) => {
      const stored = store.block(hash);
      return stored === undefined ? undefined : joinBlock(stored);
    },
    isBetter: (tip) => chain.isBetter(tip),
    reorgHeightMin: () => chain.reorgHeightMin(),
    checkHeader: (header, overlay) => {
      const result = chain.verifyHeader({ header, overlay, nowMs: clock.nowMs() });
      return result.ok ? { kind: "valid", header: result.header } : toHeaderVerdict(result.refusal);
    },
    checkBody: (block) => {
      const refusal = chain.checkBody(block);
      return refusal === undefined ? undefined : toInvalid(refusal);
    },
    importBlocks: (items) => importBlocks(items).map(toBlockVerdict),
  };
}

/**
 * What no state of the chain makes right: an honest node has not sent such a transaction on. A module that is invalid is
 * none of these: a block may hold its deploy, which comes back to the mempool when the block is taken back.
 */
const INVALID_CODES: ReadonlySet<SubmitCode> = new Set<AdmissionCode | SubmitCode>([
  "invalid_transaction",
  "gas_limit_too_low",
  "gas_limit_too_high",
  "gas_price_too_low",
  "transaction_too_large",
  "not_yet_enabled",
]);

function toPoolVerdict({ code }: Refusal<SubmitCode>): Exclude<PoolVerdict, { kind: "admitted" }> {
  return { kind: INVALID_CODES.has(code) ? "invalid" : "unfit", code };
}

export function createTransactionPool(options: {
  chain: Chain;
  mempool: Mempool;
  genesis: Genesis;
  admit: (transactions: readonly VerifiedTransaction[]) => readonly (Refusal<SubmitCode> | undefined)[];
}): TransactionPool {
  const { chain, mempool, genesis, admit } = options;
  const source = { genesis, account: chain.account.bind(chain) };
  return {
    precheck: (signed) => {
      const refusal = precheck(signed, source);
      return refusal === undefined ? undefined : toPoolVerdict(refusal);
    },
    admit: (transactions) =>
      admit(transactions).map((refusal) => (refusal === undefined ? { kind: "admitted" } : toPoolVerdict(refusal))),
    has: (hash) => mempool.get(hash) !== undefined,
    verified: (encoded) => {
      const decoded = decodeTransaction(encoded);
      if (!decoded.ok) return undefined;
      const { from, nonce } = decoded.value.transaction;
      const waiting = mempool.find(from, nonce);
      return waiting !== undefined && equalBytes(waiting.encoded, encoded) ? waiting : undefined;
    },
    list: (countMax) => mempool.list(countMax).map(({ transaction }) => transaction),
  };
}
