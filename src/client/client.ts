// The client of a node's REST API. Every call answers with a result; none throws for what a node or network does.

import type { Address, Amount, Hash, Height } from "../core/primitives/index.ts";
import { type ContractClient, createContractClient, type WaitOptions, waiting } from "./contracts.ts";
import type { ClientResult } from "./errors.ts";
import { type Fetch, type HttpOptions, type HttpRequest, requestJson } from "./http.ts";
import type {
  AccountJson,
  AccountProofJson,
  BlockJson,
  BlockTransactionsJson,
  ChainInfoJson,
  HeadJson,
  IncludedTransactionJson,
  MempoolJson,
  PeersJson,
  SenderMempoolJson,
  SubmitResultJson,
  SubmittedJson,
  TransactionProofJson,
  TransactionViewJson,
} from "./json/index.ts";
import { responses } from "./responses.ts";

const REQUEST_TIMEOUT_MS_DEFAULT = 10_000;
const WAIT_TIMEOUT_MS_DEFAULT = 60_000;
const INTERVAL_MS_DEFAULT = 250;
const INTERVAL_MS_MIN = 50;
const INTERVAL_MS_MAX = 10_000;

export type HeightId = number | "latest" | "safe" | "finalized" | "earliest";
export type BlockId = HeightId | Hash;

export interface Client extends ContractClient {
  head(): Promise<ClientResult<HeadJson>>;
  info(): Promise<ClientResult<ChainInfoJson>>;
  block(id: BlockId): Promise<ClientResult<BlockJson>>;
  /** The block's transactions with their receipts, from `offset` on. */
  blockTransactions(
    id: BlockId,
    options?: { readonly offset?: number; readonly countMax?: number },
  ): Promise<ClientResult<BlockTransactionsJson>>;
  transaction(hash: Hash): Promise<ClientResult<TransactionViewJson>>;
  balance(address: Address): Promise<ClientResult<Amount>>;
  account(address: Address): Promise<ClientResult<AccountJson>>;
  /**
   * See `verifyAccountProof`.
   * @param options.height one of the last 128; the head's when it is left out
   */
  accountProof(address: Address, options?: { readonly height?: HeightId }): Promise<ClientResult<AccountProofJson>>;
  /** See `verifyTransactionProof`. */
  transactionProof(hash: Hash): Promise<ClientResult<TransactionProofJson>>;
  mempool(options?: { readonly countMax?: number }): Promise<ClientResult<MempoolJson>>;
  /** What waits of one sender, and what each transaction waits for. */
  mempoolOf(address: Address): Promise<ClientResult<SenderMempoolJson>>;
  /** The nodes that this one is connected to, and the addresses that it takes no connection from. */
  peers(): Promise<ClientResult<PeersJson>>;
  /** Sends up to a thousand transactions; one's refusal does not concern the others. */
  submitMany(transactions: readonly object[]): Promise<ClientResult<readonly SubmitResultJson[]>>;
  /**
   * Sends a signed transaction (`signTransaction`), or an unsigned one to a node whose wallet is on.
   * @param options.waitMs how long the node waits before it answers; it does not wait when absent
   */
  submit(transaction: object, options?: WaitOptions): Promise<ClientResult<SubmittedJson>>;
  /** Asks again until a block includes the transaction. A transaction that the node doesn't know yet is waited for. */
  waitForInclusion(
    hash: Hash,
    options?: { readonly timeoutMs?: number; readonly intervalMs?: number },
  ): Promise<ClientResult<IncludedTransactionJson>>;
}

export interface ClientOptions {
  /** Of the node's REST API, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly fetch?: Fetch;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

async function poll(options: {
  readTransaction: () => Promise<ClientResult<TransactionViewJson>>;
  timeoutMs: number;
  intervalMs: number;
}): Promise<ClientResult<IncludedTransactionJson>> {
  const { timeoutMs } = options;
  const intervalMs = Math.min(Math.max(options.intervalMs, INTERVAL_MS_MIN), INTERVAL_MS_MAX);
  const startMs = performance.now();
  for (;;) {
    const answer = await options.readTransaction();
    if (answer.ok && answer.value.state !== "pending") return { ok: true, value: answer.value };
    if (!answer.ok && answer.error.code !== "transaction_not_found") return answer;
    const leftMs = startMs + timeoutMs - performance.now();
    if (leftMs <= 0) {
      const message = `no block included the transaction within ${timeoutMs} ms`;
      return { ok: false, error: { kind: "timeout", code: "wait_timeout", message, timeoutMs } };
    }
    await sleep(Math.min(intervalMs, leftMs));
  }
}

export function createClient(options: ClientOptions): Client {
  const http: HttpOptions = {
    baseUrl: options.url.replace(/\/+$/, ""),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS_DEFAULT,
  };
  const ask = <Body, Value>(request: HttpRequest<Body>, pick: (body: Body) => Value): Promise<ClientResult<Value>> =>
    requestJson(http, request).then((answer) => (answer.ok ? { ok: true, value: pick(answer.value) } : answer));
  const transaction = (hash: Hash) => ask({ path: `/tx/${hash}`, shape: responses.transaction }, (body) => body.tx);
  const block = (id: BlockId | Height) => ask({ path: `/block/${id}`, shape: responses.block }, (body) => body.block);

  return {
    ...createContractClient({ ask, block }),
    head: () => ask({ path: "/chain/head", shape: responses.head }, (body) => body.head),
    info: () => ask({ path: "/chain/info", shape: responses.info }, (body) => body.chain),
    block,
    blockTransactions: (id, { offset, countMax } = {}) => {
      const limit = countMax === undefined ? "" : `&limit=${countMax}`;
      const request = {
        path: `/block/${id}/transactions?offset=${offset ?? 0}${limit}`,
        shape: responses.blockTransactions,
      };
      return ask(request, (body) => body);
    },
    transaction,
    balance: (address) => ask({ path: `/balance/${address}`, shape: responses.balance }, (body) => body.balance),
    account: (address) => ask({ path: `/account/${address}`, shape: responses.account }, (body) => body.account),
    accountProof: (address, { height } = {}) =>
      ask(
        {
          path: `/proof/account/${address}${height === undefined ? "" : `?height=${height}`}`,
          shape: responses.accountProof,
        },
        (body) => body.proof,
      ),
    transactionProof: (hash) =>
      ask({ path: `/proof/tx/${hash}`, shape: responses.transactionProof }, (body) => body.proof),
    mempoolOf: (address) =>
      ask({ path: `/mempool/${address}`, shape: responses.senderMempool }, (body) => body.mempool),
    peers: () => ask({ path: "/peers", shape: responses.peers }, (body) => body),
    submitMany: (transactions) =>
      ask({ path: "/submit-txs", shape: responses.submittedMany, body: { txs: transactions } }, (body) => body.results),
    mempool: ({ countMax } = {}) =>
      ask(
        { path: countMax === undefined ? "/mempool" : `/mempool?limit=${countMax}`, shape: responses.mempool },
        (body) => body.mempool,
      ),
    submit: (body, wait) => {
      const { query, extraTimeoutMs } = waiting(wait);
      return ask({ path: `/submit-tx${query}`, shape: responses.submitted, body, extraTimeoutMs }, (answer) => answer);
    },
    waitForInclusion: (hash, { timeoutMs, intervalMs } = {}) =>
      poll({
        readTransaction: () => transaction(hash),
        timeoutMs: timeoutMs ?? WAIT_TIMEOUT_MS_DEFAULT,
        intervalMs: intervalMs ?? INTERVAL_MS_DEFAULT,
      }),
  };
}
