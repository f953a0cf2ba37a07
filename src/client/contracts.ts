// The client's requests about contracts. What a contract keeps is believed only with its proof.

import type { Address, Hash, Hex } from "../core/primitives/index.ts";
import { bytesToHex } from "../core/primitives/index.ts";
import type { ClientResult } from "./errors.ts";
import type { HttpRequest } from "./http.ts";
import {
  type BlockJson,
  type CalledJson,
  type ContractJson,
  type ContractViewJson,
  type DeployedJson,
  type EstimateJson,
  type EventsJson,
  hashHeaderJson,
  type StorageProofJson,
} from "./json/index.ts";
import { verifyStorageProof } from "./proof.ts";
import { responses } from "./responses.ts";

type HeightId = number | "latest" | "safe" | "finalized" | "earliest";

/** What deploys and calls may give, signed or not. An unsigned one is for a node whose wallet is on. */
interface ContractTransaction {
  /** Any JSON value, or its text; beside a signature the text that was signed. */
  readonly args?: unknown;
  readonly from?: Address;
  readonly amount?: number;
  readonly nonce?: number;
  readonly gasLimit?: number;
  readonly gasPrice?: number;
  readonly expiry?: number;
  readonly signature?: string;
  readonly hash?: Hash;
}

export interface DeployRequest extends ContractTransaction {
  readonly wasm: Hex | Uint8Array;
}

export interface CallRequest extends ContractTransaction {
  readonly address: Address;
  readonly function: string;
}

export interface WaitOptions {
  /** How long the node waits before it answers; it does not wait when absent. */
  readonly waitMs?: number;
  /** What it waits for: a block that includes the transaction, or that this block is final. */
  readonly until?: "included" | "finalized";
}

export interface ContractClient {
  /** With `waitMs` the answer has what the deploy has come to. */
  deployContract(request: DeployRequest, options?: WaitOptions): Promise<ClientResult<DeployedJson>>;
  callContract(request: CallRequest, options?: WaitOptions): Promise<ClientResult<CalledJson>>;
  /** Runs a function of a contract, and keeps nothing of it. */
  view(
    address: Address,
    request: {
      readonly function: string;
      readonly args?: unknown;
      readonly from?: Address;
      readonly height?: HeightId;
    },
  ): Promise<ClientResult<ContractViewJson>>;
  /** What a transaction, as any of the others take it, would come to on the head's state. */
  estimateGas(transaction: object): Promise<ClientResult<EstimateJson>>;
  contract(address: Address): Promise<ClientResult<ContractJson>>;
  /** The contract's module. */
  contractCode(address: Address): Promise<ClientResult<Hex>>;
  /**
   * What a contract keeps under a key of its own, checked by its proof.
   * @param options.stateRoot of a header that the caller trusts; the header that the node gives when it is left out
   */
  contractStorage(
    address: Address,
    key: Hex,
    options?: { readonly height?: HeightId; readonly stateRoot?: Hash },
  ): Promise<ClientResult<StorageProofJson>>;
  contractEvents(
    address: Address,
    options?: {
      readonly fromHeight?: HeightId;
      readonly toHeight?: HeightId;
      readonly topic?: Hash;
      readonly countMax?: number;
      /** The `next` of the page before. */
      readonly cursor?: string;
    },
  ): Promise<ClientResult<EventsJson>>;
}

export type Ask = <Body, Value>(
  request: HttpRequest<Body>,
  pick: (body: Body) => Value,
) => Promise<ClientResult<Value>>;

export interface Waiting {
  readonly query: string;
  readonly extraTimeoutMs: number;
}

export function waiting({ waitMs, until = "included" }: WaitOptions = {}): Waiting {
  return waitMs === undefined
    ? { query: "", extraTimeoutMs: 0 }
    : { query: `?wait=${until}&timeoutMs=${waitMs}`, extraTimeoutMs: waitMs };
}

function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

function refuted(what: string): ClientResult<never> {
  return { ok: false, error: { kind: "proof", code: "invalid_proof", message: what } };
}

/** The state root of the block that a proof names, from its header, whose hash is computed anew. */
function rootOf(header: BlockJson, { blockHash }: StorageProofJson): Hash | undefined {
  return header.hash === blockHash && hashHeaderJson(header) === blockHash ? header.stateRoot : undefined;
}

export function createContractClient(options: {
  ask: Ask;
  block: (hash: Hash) => Promise<ClientResult<BlockJson>>;
}): ContractClient {
  const { ask, block } = options;
  const whole = <Body>(body: Body) => body;
  return {
    deployContract: ({ wasm, ...request }, wait) => {
      const { query, extraTimeoutMs } = waiting(wait);
      const body = { ...request, wasm: typeof wasm === "string" ? wasm : bytesToHex(Uint8Array.from(wasm)) };
      return ask({ path: `/deploy-contract${query}`, shape: responses.deployed, body, extraTimeoutMs }, whole);
    },
    callContract: (body, wait) => {
      const { query, extraTimeoutMs } = waiting(wait);
      return ask({ path: `/call-contract${query}`, shape: responses.called, body, extraTimeoutMs }, whole);
    },
    view: (address, body) => ask({ path: `/contract/${address}/view`, shape: responses.contractView, body }, whole),
    estimateGas: (body) => ask({ path: "/estimate-gas", shape: responses.estimate, body }, whole),
    contract: (address) => ask({ path: `/contract/${address}`, shape: responses.contract }, (body) => body.contract),
    contractCode: (address) =>
      ask({ path: `/contract/${address}/code`, shape: responses.contractCode }, (body) => body.code),
    contractStorage: async (address, key, { height, stateRoot } = {}) => {
      const path = `/contract/${address}/storage/${key}${queryOf({ height })}`;
      const answer = await ask({ path, shape: responses.contractStorage }, (body) => body.proof);
      if (!answer.ok) return answer;
      const proof = answer.value;
      if (proof.address !== address.toLowerCase() || proof.key !== key.toLowerCase()) {
        return refuted("the proof is of another contract or key than was asked for");
      }
      const header = stateRoot === undefined ? await block(proof.blockHash) : undefined;
      if (header?.ok === false) return header;
      const root = header === undefined ? stateRoot : rootOf(header.value, proof);
      if (root === undefined || verifyStorageProof({ proof, stateRoot: root }) === "invalid") {
        return refuted("the proof does not show the value against the block's state root");
      }
      return answer;
    },
    contractEvents: (address, { fromHeight, toHeight, topic, countMax, cursor } = {}) => {
      const query = queryOf({ fromHeight, toHeight, topic, limit: countMax, cursor });
      return ask({ path: `/contract/${address}/events${query}`, shape: responses.contractEvents }, whole);
    },
  };
}
