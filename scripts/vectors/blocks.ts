// Golden vectors of headers, bodies, receipts, genesis and lists: encodings, hashes, and encodings that are refused.

import { createGenesisBlock } from "../../src/core/chain/index.ts";
import { createEngine } from "../../src/core/node/index.ts";
import {
  type Amount,
  assert,
  bytesToHex,
  EMPTY_BYTES,
  type Gas,
  type Height,
  type TimestampMs,
  UINT_MAX,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "../../src/core/primitives/index.ts";
import {
  type BlockBody,
  blockSizeBytes,
  decodeBody,
  decodeHeader,
  decodeReceipt,
  EMPTY_BODY,
  encodeBody,
  encodeGenesis,
  encodeHeader,
  encodeReceipt,
  encodeReceipts,
  type Genesis,
  type Header,
  hashGenesis,
  hashHeader,
  hashList,
  outcomeOf,
  REASONS,
  type Receipt,
  splitReceipts,
} from "../../src/core/protocol/index.ts";
import { GENESIS, HEADER, RECEIPT } from "../../test/vectors/samples.ts";
import { refusedBy } from "./refused.ts";

const HEADERS: readonly Header[] = [
  HEADER,
  {
    parentHash: ZERO_HASH,
    height: 0 as Height,
    timestampMs: 0 as TimestampMs,
    stateRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    transactionCount: 0,
    receiptsRoot: ZERO_HASH,
    votesRoot: ZERO_HASH,
    evidenceRoot: ZERO_HASH,
    proposer: ZERO_ADDRESS,
    gasUsed: 0 as Gas,
    seal: EMPTY_BYTES,
  },
  {
    ...HEADER,
    height: UINT_MAX as Height,
    timestampMs: UINT_MAX as TimestampMs,
    transactionCount: 32_768,
    gasUsed: UINT_MAX as Gas,
    seal: new Uint8Array(256).fill(0xff),
  },
];

export function headerVectors() {
  const encoded = encodeHeader(HEADER).toHex();
  // The bytes before the count of transactions: version, parent, height, time and two roots.
  const countAt = (1 + 32 + 8 + 8 + 32 + 32) * 2;
  return {
    about: "docs/spec/encoding.md, Header",
    headers: HEADERS.map((header) => ({
      fields: { ...header, seal: bytesToHex(header.seal) },
      encoded: bytesToHex(encodeHeader(header)),
      hash: hashHeader(header),
    })),
    refused: refusedBy(decodeHeader, [
      ["version 0", `00${encoded.slice(2)}`],
      ["version 2", `02${encoded.slice(2)}`],
      ["one byte short", encoded.slice(0, -2)],
      ["one byte more", `${encoded}00`],
      ["a height of 2^53", `${encoded.slice(0, 66)}0020000000000000${encoded.slice(82)}`],
      ["32769 transactions", `${encoded.slice(0, countAt)}00008001${encoded.slice(countAt + 8)}`],
      ["a seal of 257 bytes", `${encoded.slice(0, -16)}00000101${"00".repeat(257)}`],
    ]),
  };
}

const BODIES: readonly BlockBody[] = [
  EMPTY_BODY,
  {
    transactions: [Uint8Array.of(1, 2, 3), EMPTY_BYTES],
    votes: [Uint8Array.of(4)],
    evidence: [Uint8Array.of(5, 6)],
    proposerSignature: new Uint8Array(65).fill(7),
  },
];

export function bodyVectors() {
  const hexes = (items: readonly Uint8Array[]) => items.map(bytesToHex);
  return {
    about: "docs/spec/encoding.md, Body; the items are any bytes here, since a body does not look into them",
    bodies: BODIES.map((body) => ({
      transactions: hexes(body.transactions),
      votes: hexes(body.votes),
      evidence: hexes(body.evidence),
      proposerSignature: bytesToHex(body.proposerSignature),
      encoded: bytesToHex(encodeBody(body)),
      transactionsRoot: hashList(body.transactions),
      blockSizeBytes: blockSizeBytes({ header: HEADER, body }),
    })),
    refused: refusedBy(decodeBody, [
      ["no bytes", ""],
      ["one byte short", "00".repeat(15)],
      ["one byte more", "00".repeat(17)],
      ["65 pieces of evidence", `000000000000000000000041${"00".repeat(300)}`],
      ["a vote of 1025 bytes", `000000000000000100000401${"00".repeat(1025)}${"00".repeat(8)}`],
      ["a proposer's signature of 66 bytes", `${"00".repeat(12)}00000042${"00".repeat(66)}`],
      ["a count that the input does not hold", `00000002${"00".repeat(4)}`],
    ]),
  };
}

const RECEIPTS: readonly Receipt[] = [
  RECEIPT,
  ...REASONS.map((reason) => ({
    outcome: outcomeOf(reason),
    reason,
    gasUsed: 100_000 as Gas,
    gasRefunded: 0 as Gas,
    fee: 0 as Amount,
    returnData: EMPTY_BYTES,
    events: [],
    logs: [],
  })),
  {
    outcome: "trap",
    reason: "trap",
    gasUsed: UINT_MAX as Gas,
    gasRefunded: UINT_MAX as Gas,
    fee: UINT_MAX as Amount,
    returnData: EMPTY_BYTES,
    events: [],
    logs: [],
  },
];

export function receiptVectors() {
  const encoded = encodeReceipt(RECEIPT).toHex();
  const empty = "00".repeat(30);
  const all = RECEIPTS.map(encodeReceipt);
  const stored = encodeReceipts(all);
  return {
    about: "docs/spec/encoding.md, Receipt",
    receipts: RECEIPTS.map((receipt) => ({
      outcome: receipt.outcome,
      reason: receipt.reason,
      gasUsed: receipt.gasUsed,
      gasRefunded: receipt.gasRefunded,
      fee: receipt.fee,
      returnData: bytesToHex(receipt.returnData),
      events: receipt.events.map((event) => ({ ...event, data: bytesToHex(event.data) })),
      logs: receipt.logs.map((log) => ({ ...log, data: bytesToHex(log.data) })),
      encoded: bytesToHex(encodeReceipt(receipt)),
    })),
    receiptsRoot: hashList(all),
    storedList: bytesToHex(stored),
    refused: refusedBy(decodeReceipt, [
      ["outcome 4", `04${encoded.slice(2)}`],
      ["reason 16", `0310${encoded.slice(4)}`],
      ["success with the reason of a trap", `0003${encoded.slice(4)}`],
      ["one byte short", encoded.slice(0, -2)],
      ["one byte more", `${encoded}00`],
      ["a gas of 2^53", `00000020000000000000${encoded.slice(20)}`],
      ["five topics", `${empty}00000001${"00".repeat(20)}00000005${"00".repeat(5 * 32 + 4)}`],
    ]),
    refusedStoredLists: refusedBy(splitReceipts, [["one byte short", stored.toHex().slice(0, -2)]]),
  };
}

const GENESES: readonly Genesis[] = [
  GENESIS,
  {
    ...GENESIS,
    chainName: "Kette Nº 1 🔗",
    development: false,
    consensus: { engine: "pow", difficulty: 63, retarget: true },
    accounts: [],
    allowList: [],
  },
];

function blockZeroVector(genesis: Genesis) {
  const { hash, commit } = createGenesisBlock({ genesis, engine: createEngine(genesis) });
  const header = decodeHeader(commit.block.header);
  assert(header.ok, "the header of block 0 decodes");
  return { stateRoot: header.value.stateRoot, header: bytesToHex(commit.block.header), hash };
}

export function genesisVectors() {
  return {
    about: "docs/spec/encoding.md, Genesis; the hash is what block 0 names as its parent",
    geneses: GENESES.map((fields) => ({
      fields,
      encoded: bytesToHex(encodeGenesis(fields)),
      hash: hashGenesis(fields),
      block0: blockZeroVector(fields),
    })),
  };
}

export function listVectors() {
  const items = Array.from({ length: 17 }, (_, index) => new Uint8Array(index).fill(index));
  return {
    about: "docs/spec/encoding.md, Lists: the root over the first so many of the items",
    items: items.map(bytesToHex),
    roots: Array.from({ length: items.length + 1 }, (_, count) => hashList(items.slice(0, count))),
  };
}
