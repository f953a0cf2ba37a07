// The shapes of responses as schemas, for the OpenAPI document. A schema with an `$id` becomes a component of that name.
// Nothing is checked against them at run time; a test holds responses to them.

import { type TProperties, Type } from "@sinclair/typebox";
import { peersFields, sync } from "./networkSchemas.ts";
import { receipt } from "./receiptSchemas.ts";
import {
  address,
  closed,
  component,
  EXAMPLE_HASH,
  EXAMPLE_RECEIVER,
  EXAMPLE_SIGNATURE,
  hash,
  hex,
  names,
  nullable,
  statusOk,
  uint,
} from "./schemaParts.ts";

const headFields = {
  height: uint("Distance from block 0.", 42),
  hash: hash("SHA-256 of the encoded header."),
  parentHash: hash("Hash of the block below."),
  timestampMs: uint("Milliseconds since the Unix epoch.", 1_767_225_600_000),
  stateRoot: hash("Root of the state tree after the block."),
  transactionsRoot: hash("Over the transactions, signatures included."),
  transactionCount: uint("Transactions in the block.", 1),
  receiptsRoot: hash("Over the receipts."),
  votesRoot: hash("Over the votes for the parent, where the consensus engine has them."),
  evidenceRoot: hash("Over the evidence of faults, where the consensus engine has it."),
  proposer: address("Who receives the fees and the reward."),
  gasUsed: uint("Gas of all transactions.", 100_000),
  seal: hex("What the consensus engine adds: under proof of work the target and the nonce.", "0x00ff"),
  totalWork: Type.String({
    pattern: "^(0|[1-9][0-9]*)$",
    description: "Work of the chain up to this block, in decimal digits since it passes 2^53.",
    examples: ["10752"],
  }),
  sealDetails: Type.Record(Type.String(), Type.String(), {
    description: "What the seal says, by names of the consensus engine: under proof of work target and nonce.",
    examples: [{ target: EXAMPLE_HASH, nonce: "10" }],
  }),
};

const head = component("Head", headFields, "The header of the chain's last block.");

const transactionType = names(["transfer", "deploy", "call", "stake", "unstake"], "The type of transaction.");

export const transactionFields = {
  type: transactionType,
  from: address("The sender."),
  to: Type.Optional(address("The receiver or contract: transfer, call.", EXAMPLE_RECEIVER)),
  amount: Type.Optional(uint("Base units of the token.", 100)),
  nonce: uint("How many transactions the sender has sent before this one.", 0),
  gasLimit: uint("The most gas that the sender pays for; a transfer takes 100000.", 100_000),
  gasPrice: uint("Micro-units of the token for one gas.", 0),
  expiry: uint("The last height at which the transaction is valid; 0 for no end.", 0),
  code: Type.Optional(hex("The WASM module: deploy.", "0x0061736d01000000")),
  function: Type.Optional(Type.String({ description: "The exported function: call.", examples: ["transfer"] })),
  args: Type.Optional(Type.String({ description: "The arguments' JSON text: deploy, call.", examples: ["{}"] })),
  signature: Type.String({
    pattern: "^0x[0-9a-fA-F]{130}$",
    description: "r, s and v of the EIP-712 signature; S is low, and v is 0, 1, 27 or 28 (0 or 1 in answers).",
    examples: [EXAMPLE_SIGNATURE],
  }),
  hash: hash("The EIP-712 digest that is signed."),
};

const positionFields = {
  blockHeight: uint("Height of the block that includes it.", 42),
  blockHash: hash("Hash of the block that includes it."),
  index: uint("Position in the block.", 0),
  receipt,
};

const transaction = component(
  "Transaction",
  {
    ...transactionFields,
    state: names(["pending", "included", "finalized"], "Pending is in the mempool; finalized is never taken back."),
    blockHeight: Type.Optional(positionFields.blockHeight),
    blockHash: Type.Optional(positionFields.blockHash),
    index: Type.Optional(positionFields.index),
    receipt: Type.Optional(positionFields.receipt),
  },
  "A transaction and, once a block includes it, where it stands and what it came to.",
);

const transactionProof = component(
  "TransactionProof",
  {
    blockHeight: positionFields.blockHeight,
    blockHash: positionFields.blockHash,
    transactionsRoot: hash("The root in that block's header that the proof leads to."),
    index: positionFields.index,
    count: uint("Transactions in the block.", 1),
    encoded: hex("The transaction's canonical encoding, signature included.", "0x01"),
    siblings: Type.Array(hash("A hash beside the way from the transaction to the root."), {
      description: "The transaction's own neighbour first (RFC 6962, section 2.1.1).",
    }),
  },
  "That a block holds a transaction, by hashes alone.",
);

const blockTransaction = component(
  "BlockTransaction",
  { ...transactionFields, ...positionFields, receipt: nullable(receipt) },
  "A transaction of a block, with its receipt; null in a block beside the canonical chain, where it came to nothing.",
);

const block = component(
  "Block",
  {
    ...headFields,
    canonical: Type.Boolean({
      description:
        "Whether it is a block of the canonical chain; false for one beside it, which only its hash leads to.",
      examples: [true],
    }),
    sizeBytes: uint("Size of the encoded block.", 512),
    transactions: Type.Array(hash("A transaction."), { description: "Hashes, in the order of the block." }),
  },
  "A block: every field of its header, and the hashes of its transactions.",
);

const accountFields = {
  address: address("The account."),
  balance: uint("Base units of the token.", 1000),
  nonce: uint("Transactions that the account has sent: the nonce of its next one.", 0),
  stake: uint("Base units that are staked.", 0),
  codeHash: nullable(hash("SHA-256 of the contract's module; null for an account without code.")),
};

const account = component("Account", accountFields, "An account; one that does not exist is all zero.");

export const proofFields = {
  blockHeight: uint("Height of the block whose state root the proof leads to.", 42),
  blockHash: hash("Hash of that block."),
  stateRoot: hash("Its state root."),
  siblings: Type.Array(hash("A hash beside the way from the root to what is proven."), {
    description: "The root's child first.",
  }),
  leaf: nullable(
    Type.Object(
      { path: hash("SHA-256 of the state key."), valueHash: hash("SHA-256 of the encoded value.") },
      { ...closed, description: "The leaf found there; null where the subtree is empty." },
    ),
  ),
};

const accountProof = component(
  "AccountProof",
  { ...proofFields, account },
  "A proof of an account's state, or of its absence, against a state root.",
);

const mempoolEntryFields = {
  hash: transactionFields.hash,
  type: transactionType,
  from: transactionFields.from,
  nonce: transactionFields.nonce,
  amount: uint("Base units of the token.", 100),
  gasPrice: transactionFields.gasPrice,
  ready: Type.Boolean({
    description: "False while a transaction with a lower nonce is missing.",
    examples: [true],
  }),
  missingNonce: nullable(uint("The nonce that is missing; null when the transaction is ready.", 0)),
};

const mempool = component(
  "Mempool",
  {
    count: uint("Transactions held.", 1),
    sizeBytes: uint("Their encoded size.", 180),
    countMax: uint("The most it holds.", 20_000),
    sizeBytesMax: uint("The most bytes it holds.", 16_777_216),
    height: uint("The height at which this was read.", 42),
    transactions: Type.Array(Type.Object(mempoolEntryFields, closed), {
      description: "In the order in which a block would take them, those that wait last.",
    }),
  },
  "The transactions that wait for a block.",
);

const senderMempool = component(
  "SenderMempool",
  {
    address: address("The sender."),
    balance: uint("Its balance at the head.", 1000),
    accountNonce: uint("The nonce that its account takes next.", 0),
    nextNonce: uint("The first nonce that no waiting transaction has.", 1),
    transactions: Type.Array(
      Type.Object(
        {
          ...mempoolEntryFields,
          waitsFor: Type.Object(
            {
              code: names(["block", "nonce_gap", "predecessor", "balance"], "block: the next block may take it."),
              message: Type.String({ examples: ["the next block may take it"] }),
            },
            closed,
          ),
        },
        closed,
      ),
      { description: "By nonce." },
    ),
  },
  "What waits of one sender, and what each transaction waits for.",
);

const typedDataField = Type.Object(
  { name: Type.String({ examples: ["amount"] }), type: Type.String({ examples: ["uint64"] }) },
  closed,
);

const chainInfo = component(
  "ChainInfo",
  {
    name: Type.String({ description: "The chain's name.", examples: ["aureon-dev"] }),
    genesisHash: hash("Hash of block 0, which names the chain."),
    consensus: names(["pow"], "The consensus engine."),
    development: Type.Boolean({ description: "Whether keys that everybody knows may be used.", examples: [true] }),
    parameters: Type.Object(
      {
        blockTimeMs: uint("Intended time between blocks.", 5000),
        blockGasLimit: uint("The most gas of a block.", 625_000_000),
        blockSizeBytesMax: uint("The largest encoded block.", 1_048_576),
        newStateBytesMax: uint("The most bytes that a block adds to the state.", 262_144),
        blockReward: uint("New units for each block's proposer.", 0),
        gasPriceMin: uint("The least gas price, in micro-units.", 0),
        difficulty: uint("Leading zero hex digits that the first target asks for.", 2),
        retarget: Type.Boolean({ description: "Whether the target follows the block times.", examples: [true] }),
      },
      closed,
    ),
    supply: uint("Sum of all balances and stakes.", 10_000_000),
    eip712: Type.Object(
      {
        domain: Type.Object(
          {
            name: Type.String({ description: "The same on every chain.", examples: ["Aureon"] }),
            version: Type.String({ description: "Of the typed data.", examples: ["1"] }),
            salt: hash("The genesis hash."),
          },
          closed,
        ),
        types: Type.Record(Type.String(), Type.Record(Type.String(), Type.Array(typedDataField)), {
          description: "For each struct (Transfer, Deploy, Call, Stake, Unstake) the types that a wallet signs with.",
        }),
      },
      { ...closed, description: "Ready for signTypedData of viem, ethers or a wallet." },
    ),
    wallet: Type.Object(
      {
        enabled: Type.Boolean({ description: "Whether the node signs unsigned requests.", examples: [true] }),
        addresses: Type.Array(address("An account whose key the node holds.")),
      },
      closed,
    ),
    sync,
    version: Type.String({ description: "The node's version.", examples: ["0.1.0"] }),
  },
  "What a wallet or client needs to know of the chain and of this node.",
);

export const errorBody = component(
  "Error",
  {
    status: Type.String({ enum: ["error"], examples: ["error"] }),
    error: Type.Object(
      {
        code: Type.String({
          description: "Stands for the reason; the list is complete.",
          examples: ["invalid_address"],
        }),
        message: Type.String({
          description: "One sentence: what was wrong and what was expected.",
          examples: ["an address is 0x and 40 hex digits"],
        }),
        details: Type.Optional(
          Type.Object(
            {},
            {
              additionalProperties: true,
              description: "The figures of the message, for programs.",
              examples: [{ field: "from" }],
            },
          ),
        ),
      },
      closed,
    ),
  },
  "A refused or failed request.",
);

function answer(properties: TProperties) {
  return Type.Object(properties, closed);
}

/** What each route answers with when it does not refuse. */
export const answers = {
  index: answer({
    name: Type.String({ examples: ["aureon"] }),
    version: Type.String(),
    links: Type.Record(Type.String(), Type.String()),
  }),
  head: answer({ head }),
  info: answer({ chain: chainInfo }),
  block: answer({ block, status: statusOk }),
  blockTransactions: answer({
    transactions: Type.Array(blockTransaction),
    next: Type.Union([uint("Offset of the first one that is not in this answer.", 100), Type.Null()]),
    status: statusOk,
  }),
  transaction: answer({ tx: transaction, status: statusOk }),
  balance: answer({ balance: accountFields.balance, status: statusOk }),
  account: answer({ account, status: statusOk }),
  accountProof: answer({ proof: accountProof, status: statusOk }),
  mempool: answer({ mempool, status: statusOk }),
  senderMempool: answer({ mempool: senderMempool, status: statusOk }),
  submitted: answer({
    hash: transactionFields.hash,
    blockHeight: Type.Optional(uint("Height of the including block, when the request waited for it.", 43)),
    status: statusOk,
  }),
  submittedMany: answer({
    results: Type.Array(
      Type.Object(
        {
          hash: Type.Optional(hash("The transaction's hash; absent where it was refused.")),
          status: names(["ok", "error"], "Whether the mempool has taken the transaction."),
          error: Type.Optional(errorBody.properties.error),
        },
        closed,
      ),
      { description: "One for each transaction, in order." },
    ),
    status: statusOk,
  }),
  transactionProof: answer({ proof: transactionProof, status: statusOk }),
  peers: answer({ ...peersFields, status: statusOk }),
  liveness: answer({ status: statusOk }),
  readiness: answer({ status: statusOk }),
};

export const parameters = {
  blockId: Type.String({
    description: "A height, a block hash, or latest, safe, finalized or earliest.",
    examples: ["latest"],
  }),
  hash: hash("The hash."),
  address: address("The account: in one case, or mixed with a right EIP-55 checksum."),
};
