// Blocks that break one rule each and keep all others, above all the work: a hostile miner can afford it at the low
// difficulty of a simulation. Each is made on the head of a chain that the forger looks at.

import type { Template } from "../../../src/core/chain/index.ts";
import type { Ancestry, ConsensusEngine } from "../../../src/core/consensus/index.ts";
import { searchNonce } from "../../../src/core/consensus/pow/index.ts";
import {
  type Bytes,
  type Gas,
  type Hash,
  type Height,
  type TimestampMs,
  Writer,
} from "../../../src/core/primitives/index.ts";
import { type Block, type Header, hashList } from "../../../src/core/protocol/index.ts";
import type { Random } from "../random.ts";

/** Enough for a target some hundred times as hard as the first one. */
const TRIES_MAX = 60_000;
const EASIEST_TARGET = `0x0${"f".repeat(63)}`;
const DAY_MS = 86_400_000;
/** Ahead of a clock: a little more than nodes take, as much as the clocks of some are off, and hopeless. */
const EARLY_MS = [20_000, 60_000, 300_000, DAY_MS];

export interface ForgeryOptions {
  /** A valid block that lacks its seal, with a few transactions where there are any. */
  readonly template: Template;
  readonly parent: Header;
  /** The headers that end in the parent. */
  readonly ancestry: Ancestry;
  readonly engine: ConsensusEngine;
  readonly random: Random;
  /** A transfer that is signed and can't be paid. */
  readonly unpayable: Bytes;
  readonly blockSizeBytesMax: number;
}

/** The block with the change that makes it invalid, still to be sealed. */
type Forge = (options: ForgeryOptions) => { readonly block: Block; readonly isSealed?: boolean };

function withHeader(template: Template, change: Partial<Header>): Block {
  return { header: { ...template.header, ...change }, body: template.body };
}

/** The template with other transactions, to which the header commits. */
function withTransactions(template: Template, transactions: readonly Bytes[]): Block {
  const header = {
    ...template.header,
    transactionsRoot: hashList(transactions),
    transactionCount: transactions.length,
    gasUsed: (100_000 * transactions.length) as Gas,
  };
  return { header, body: { ...template.body, transactions } };
}

function someHash(random: Random): Hash {
  return `0x${random.bytes(32).toHex()}` as Hash;
}

function sealWith(target: string): Bytes {
  return new Writer(40).hex(target).u64(0).finish();
}

const FORGERIES: Readonly<Record<string, Forge>> = {
  "wrong state root": ({ template, random }) => ({ block: withHeader(template, { stateRoot: someHash(random) }) }),
  "wrong receipts root": ({ template, random }) => ({
    block: withHeader(template, { receiptsRoot: someHash(random) }),
  }),
  "wrong gas": ({ template }) => ({ block: withHeader(template, { gasUsed: (template.header.gasUsed + 1) as Gas }) }),
  "easy target": ({ template }) => ({ block: withHeader(template, { seal: sealWith(EASIEST_TARGET) }) }),
  "hard target": ({ template, random }) => ({
    block: withHeader(template, { seal: sealWith(`0x0000${random.bytes(30).toHex()}`) }),
    isSealed: true,
  }),
  "no work": ({ template }) => ({ block: { header: template.header, body: template.body }, isSealed: true }),
  "old timestamp": ({ template, parent }) => ({ block: withHeader(template, { timestampMs: parent.timestampMs }) }),
  "late timestamp": ({ template }) => ({
    block: withHeader(template, { timestampMs: (template.header.timestampMs + DAY_MS) as TimestampMs }),
  }),
  // A target is eased for a block that comes late, so a time far ahead makes the work cheap, and the target is right.
  "early with an eased target": ({ template, engine, ancestry, random }) => {
    const timestampMs = (template.header.timestampMs + random.pick(EARLY_MS)) as TimestampMs;
    return { block: withHeader(template, { timestampMs, seal: engine.prepareSeal({ timestampMs, ancestry }) }) };
  },
  "wrong height": ({ template }) => ({
    block: withHeader(template, { height: (template.header.height + 1) as Height }),
  }),
  "unknown parent": ({ template, random }) => ({ block: withHeader(template, { parentHash: someHash(random) }) }),
  "another body": ({ template, unpayable }) => ({
    block: { header: template.header, body: { ...template.body, transactions: [unpayable] } },
  }),
  // All else in it is right, state root and receipts too, where the template has a transaction.
  "garbage signature": ({ template, unpayable, random }) => {
    const { transactions } = template.body;
    const garble = (encoded: Bytes) => {
      const garbled = encoded.slice();
      garbled.set(random.bytes(32), garbled.length - 65);
      return garbled;
    };
    if (transactions.length === 0) return { block: withTransactions(template, [garble(unpayable)]) };
    const index = random.int(0, transactions.length - 1);
    const garbled = withTransactions(
      template,
      transactions.map((encoded, at) => (at === index ? garble(encoded) : encoded)),
    );
    return { block: { ...garbled, header: { ...garbled.header, gasUsed: template.header.gasUsed } } };
  },
  "unpayable transfer": ({ template, unpayable }) => ({ block: withTransactions(template, [unpayable]) }),
  "transaction twice": ({ template, unpayable }) => {
    const [first = unpayable] = template.body.transactions;
    return { block: withTransactions(template, [first, first]) };
  },
  "no transaction": ({ template }) => ({ block: withTransactions(template, [Uint8Array.of(9, 9, 9)]) }),
  "votes in the body": ({ template }) => {
    const votes = [Uint8Array.of(1)];
    const header = { ...template.header, votesRoot: hashList(votes) };
    return { block: { header, body: { ...template.body, votes } } };
  },
  "a proposer's signature": ({ template }) => ({
    block: { header: template.header, body: { ...template.body, proposerSignature: Uint8Array.of(1) } },
  }),
  "too large": ({ template, unpayable, blockSizeBytesMax }) => {
    const count = Math.min(Math.ceil(blockSizeBytesMax / (unpayable.length + 4)), 2_000);
    return {
      block: withTransactions(
        template,
        Array.from({ length: count }, () => unpayable),
      ),
    };
  },
};

export const FORGERY_NAMES = Object.keys(FORGERIES);

/** Those that only the body shows, or the time: their headers pass for good ones in a sync. */
export const HIDDEN_FORGERY_NAMES = [
  "wrong state root",
  "wrong receipts root",
  "wrong gas",
  "early with an eased target",
  "another body",
  "garbage signature",
  "unpayable transfer",
  "transaction twice",
  "no transaction",
  "votes in the body",
  "a proposer's signature",
];

/** Hidden forgeries that no honest node gives on in good faith, since they show without execution. */
export const UNDENIABLE_FORGERY_NAMES = ["another body", "garbage signature", "no transaction", "votes in the body"];

/** The block with a nonce that satisfies its own target; undefined where none is found soon. */
export function sealForged(engine: ConsensusEngine, block: Block, random: Random): Block | undefined {
  const job = engine.sealJob({ jobId: 0, header: block.header });
  const nonce = searchNonce({ ...job, start: random.uint32(), count: TRIES_MAX });
  return nonce === undefined ? undefined : { header: engine.applySeal(block.header, nonce), body: block.body };
}

/** A forged block of one kind, sealed where its kind has work; undefined where no nonce is found soon. */
export function forge(name: string, options: ForgeryOptions): Block | undefined {
  const create = FORGERIES[name];
  if (create === undefined) throw new RangeError(`there is no forgery ${name}`);
  const { block, isSealed } = create(options);
  return isSealed === true ? block : sealForged(options.engine, block, options.random);
}
