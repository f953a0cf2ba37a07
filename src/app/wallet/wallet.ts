// The node's wallet: fills in, signs and submits requests that carry no signature. It exists for development chains, whose
// keys everybody knows, and holds its keys in memory alone.

import { completeTransaction, type TransactionRequest } from "../../client/json/index.ts";
import { secretKeyToAddress } from "../../core/crypto/index.ts";
import type { EstimateCode, SubmitCode } from "../../core/node/index.ts";
import {
  type Address,
  accept,
  assert,
  type Bytes,
  defined,
  type Gas,
  type Hash,
  type Height,
  type Result,
  refuse,
} from "../../core/primitives/index.ts";
import {
  checkTransaction,
  kindOf,
  signTransaction,
  type Transaction,
  type TransactionType,
} from "../../core/protocol/index.ts";
import type { NodeHandle } from "../node.ts";
import { createSerialQueue } from "./serialQueue.ts";

export type WalletCode = SubmitCode | EstimateCode | "missing_field" | "wallet_unknown_account";

/** A transaction that the mempool has taken. */
export interface SentTransaction {
  readonly hash: Hash;
  readonly transaction: Transaction;
}

export interface Wallet {
  /** At least one; the first is the sender of requests that name none. */
  readonly addresses: readonly Address[];
  send(node: NodeHandle, request: TransactionRequest): Promise<Result<SentTransaction, WalletCode>>;
}

/** Requests of one account that wait for those before them. */
const REQUESTS_PER_ACCOUNT_MAX = 1024;

/** What these take depends on the contract that they run. */
const ESTIMATED_TYPES: readonly TransactionType[] = ["deploy", "call"];

/** The gas limit of a request that gives none. */
async function chooseGasLimit(node: NodeHandle, transaction: Transaction): Promise<Result<Gas, WalletCode>> {
  const intrinsic = kindOf(transaction).intrinsicGas(transaction);
  const refusal = checkTransaction({ ...transaction, gasLimit: intrinsic });
  if (refusal !== undefined) return { ok: false, refusal };
  if (!ESTIMATED_TYPES.includes(transaction.type)) return accept(intrinsic);
  try {
    const estimate = await node.estimate({ transaction, gasLimit: undefined });
    return estimate.ok ? accept(estimate.value.gasLimit) : estimate;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "node_busy") throw error;
    return refuse("node_busy", (error as Error).message);
  }
}

async function fillSignSubmit(options: {
  node: NodeHandle;
  request: TransactionRequest;
  from: Address;
  secretKey: Bytes;
}): Promise<Result<SentTransaction, WalletCode>> {
  const { node, request, from, secretKey } = options;
  const { genesis, domain } = node.queries;
  const nonce = request.nonce ?? (await node.nextNonce(from));
  const completed = completeTransaction({
    ...request,
    from,
    nonce,
    gasLimit: request.gasLimit ?? (0 as Gas),
    gasPrice: request.gasPrice ?? genesis.parameters.gasPriceMin,
    expiry: request.expiry ?? (0 as Height),
  });
  if (!completed.ok) return completed;
  const gasLimit =
    request.gasLimit === undefined ? await chooseGasLimit(node, completed.value) : accept(request.gasLimit);
  if (!gasLimit.ok) return gasLimit;
  const transaction = { ...completed.value, gasLimit: gasLimit.value };
  // What is signed is hashed, so text that has no bytes must not come that far.
  const refusal = checkTransaction(transaction);
  if (refusal !== undefined) return { ok: false, refusal };
  const submitted = await node.submit(signTransaction({ transaction, secretKey, domain }));
  return submitted.ok ? accept({ hash: submitted.value.hash, transaction }) : submitted;
}

/** @param options.secretKeys of 32 bytes each, at least one, each of another account */
export function createWallet(options: { secretKeys: readonly Bytes[] }): Wallet {
  const keys = new Map(options.secretKeys.map((secretKey) => [secretKeyToAddress(secretKey), secretKey]));
  assert(keys.size > 0 && keys.size === options.secretKeys.length, "a wallet has keys, and none twice");
  const addresses = [...keys.keys()];
  const queue = createSerialQueue<Address>({ taskCountMaxPerKey: REQUESTS_PER_ACCOUNT_MAX });

  return {
    addresses,
    send(node, request) {
      const from = request.from ?? defined(addresses[0], "a wallet has an account");
      const secretKey = keys.get(from);
      if (secretKey === undefined) {
        const message = `the node's wallet holds no key of ${from}; it holds those of ${addresses.join(", ")}`;
        return Promise.resolve(refuse("wallet_unknown_account", message, { from }));
      }
      // The nonce of a request is known only when those before it are in the mempool or refused.
      const answer = queue.run(from, () => fillSignSubmit({ node, request, from, secretKey }));
      if (answer !== undefined) return answer;
      const message = `${REQUESTS_PER_ACCOUNT_MAX} unsigned requests of ${from} are waiting already`;
      return Promise.resolve(refuse("node_busy", message, { from, countMax: REQUESTS_PER_ACCOUNT_MAX }));
    },
  };
}
