// Values that the golden vectors and the tests share: one chain, one key, and transactions of every kind with ordinary,
// least and greatest fields.

import { secretKeyToAddress, sha256 } from "../../src/core/crypto/index.ts";
import type {
  Address,
  Amount,
  Gas,
  GasPrice,
  Hash,
  Height,
  Nonce,
  TimestampMs,
} from "../../src/core/primitives/index.ts";
import { bytesToHash, hexToBytes, UINT_MAX } from "../../src/core/primitives/index.ts";
import {
  createSigningDomain,
  DEFAULT_PARAMETERS,
  type Genesis,
  type Header,
  type Receipt,
  type Transaction,
} from "../../src/core/protocol/index.ts";

/** The first account of the mnemonic "test test test test test test test test test test test junk". */
export const SECRET_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const SENDER: Address = secretKeyToAddress(hexToBytes(SECRET_KEY));
export const RECEIVER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8" as Address;

export function hashOfText(text: string): Hash {
  return bytesToHash(sha256(new TextEncoder().encode(text)));
}

export const DOMAIN = createSigningDomain(hashOfText("the genesis hash of the vectors"));

const base = {
  from: SENDER,
  nonce: 7 as Nonce,
  gasLimit: 100_000 as Gas,
  gasPrice: 1_000 as GasPrice,
  expiry: 0 as Height,
};
const zero = { from: SENDER, nonce: 0 as Nonce, gasLimit: 0 as Gas, gasPrice: 0 as GasPrice, expiry: 0 as Height };
const most = {
  from: SENDER,
  // The greatest nonce that a transaction may carry; the account's becomes one more.
  nonce: (UINT_MAX - 1) as Nonce,
  gasLimit: UINT_MAX as Gas,
  gasPrice: UINT_MAX as GasPrice,
  expiry: UINT_MAX as Height,
};

// The preamble of WebAssembly 1.0 and nothing else, which is the smallest module.
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

export const ORDINARY_TRANSACTIONS = {
  transfer: { ...base, type: "transfer", to: RECEIVER, amount: 1_000_000 as Amount },
  deploy: {
    ...base,
    type: "deploy",
    amount: 25 as Amount,
    code: EMPTY_MODULE,
    args: '{"supply":1000}',
    gasLimit: 5_000_000 as Gas,
  },
  call: {
    ...base,
    type: "call",
    to: RECEIVER,
    amount: 0 as Amount,
    function: "transfer",
    args: '{"to":"Zoë 🚀","amount":5}',
    gasLimit: 5_000_000 as Gas,
  },
  stake: { ...base, type: "stake", amount: 32_000 as Amount },
  unstake: { ...base, type: "unstake", amount: 16_000 as Amount, expiry: 1_000 as Height },
} satisfies { [Type in Transaction["type"]]: Extract<Transaction, { type: Type }> };

/** Transactions at the bounds of their fields. Not all of them pass the static checks; all of them encode. */
export const BOUNDARY_TRANSACTIONS: readonly Transaction[] = [
  { ...zero, type: "transfer", to: SENDER, amount: 0 as Amount },
  { ...most, type: "transfer", to: RECEIVER, amount: UINT_MAX as Amount },
  { ...base, type: "transfer", to: RECEIVER, amount: (2 ** 32) as Amount, nonce: (2 ** 32 - 1) as Nonce },
  { ...zero, type: "deploy", amount: 0 as Amount, code: EMPTY_MODULE, args: "" },
  {
    ...most,
    type: "deploy",
    amount: UINT_MAX as Amount,
    code: Uint8Array.from({ length: 300 }, (_, i) => i),
    args: "[]",
  },
  { ...zero, type: "call", to: RECEIVER, amount: 0 as Amount, function: "a", args: "" },
  {
    ...most,
    type: "call",
    to: RECEIVER,
    amount: UINT_MAX as Amount,
    function: "\ufeff\u0000é\u0301",
    args: '"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}"',
  },
  { ...most, type: "stake", amount: UINT_MAX as Amount },
  { ...zero, type: "unstake", amount: 1 as Amount },
];

export const HEADER: Header = {
  parentHash: hashOfText("parent"),
  height: 42 as Height,
  timestampMs: 1_767_225_600_123 as TimestampMs,
  stateRoot: hashOfText("state"),
  transactionsRoot: hashOfText("transactions"),
  transactionCount: 3,
  receiptsRoot: hashOfText("receipts"),
  votesRoot: hashOfText("votes"),
  evidenceRoot: hashOfText("evidence"),
  proposer: SENDER,
  gasUsed: 300_000 as Gas,
  seal: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
};

export const RECEIPT: Receipt = {
  outcome: "success",
  reason: "none",
  gasUsed: 123_456 as Gas,
  gasRefunded: 15_000 as Gas,
  fee: 124 as Amount,
  returnData: new TextEncoder().encode('{"ok":true}'),
  events: [
    { address: RECEIVER, topics: [hashOfText("Transfer"), hashOfText("to")], data: Uint8Array.of(1, 2, 3) },
    { address: RECEIVER, topics: [], data: new Uint8Array(0) },
  ],
  logs: [{ address: RECEIVER, data: new TextEncoder().encode("a line") }],
};

export const GENESIS: Genesis = {
  chainName: "vectors",
  timestampMs: 1_767_225_600_000 as TimestampMs,
  entropy: hashOfText("entropy"),
  development: true,
  consensus: { engine: "pow", difficulty: 2, retarget: false },
  parameters: DEFAULT_PARAMETERS,
  accounts: [
    { address: RECEIVER, balance: 1_000 as Amount },
    { address: SENDER, balance: 1_000_000 as Amount },
  ],
  allowList: [SENDER],
};
