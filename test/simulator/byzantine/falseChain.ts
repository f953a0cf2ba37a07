// A short chain on an honest head whose headers keep every rule that headers alone can be held to, and whose first block
// is invalid or early all the same. Its maker announces it as a head and serves it to those that sync.

import type { Ancestry } from "../../../src/core/consensus/index.ts";
import type { PeerHead } from "../../../src/core/network/index.ts";
import type { Bytes, Gas, Hash, Height, TimestampMs } from "../../../src/core/primitives/index.ts";
import {
  type Block,
  EMPTY_BODY,
  encodeBlock,
  encodeHeader,
  type Header,
  hashHeader,
  hashList,
} from "../../../src/core/protocol/index.ts";
import { type ForgeryOptions, forge, sealForged } from "./forgeries.ts";

/** Blocks on top of the first, so that honest miners do not overtake the announced work at once. */
const CHILDREN_MAX = 3;

export class FalseChain {
  readonly head: PeerHead;
  private readonly blocks: readonly { readonly hash: Hash; readonly header: Bytes; readonly encoded: Bytes }[];
  private readonly parentHash: Hash;

  constructor(blocks: readonly Block[], totalWork: bigint) {
    this.blocks = blocks.map((block) => {
      const { header } = block;
      return { hash: hashHeader(header), header: encodeHeader(header), encoded: encodeBlock(block) };
    });
    const [first] = blocks;
    const last = this.blocks.at(-1);
    if (first === undefined || last === undefined) throw new RangeError("a false chain has blocks");
    this.parentHash = first.header.parentHash;
    this.head = { height: (first.header.height + blocks.length - 1) as Height, hash: last.hash, totalWork };
  }

  block(hash: Hash): Bytes | undefined {
    return this.blocks.find((block) => block.hash === hash)?.encoded;
  }

  /** What follows the given header of this chain or of the honest one below it; undefined where neither leads here. */
  headersAfter(hash: Hash): Bytes[] | undefined {
    if (hash === this.parentHash) return this.blocks.map(({ header }) => header);
    const index = this.blocks.findIndex((block) => block.hash === hash);
    return index === -1 ? undefined : this.blocks.slice(index + 1).map(({ header }) => header);
  }
}

/** A child without transactions, whose roots nobody comes to check. */
function childOf(parent: Header, { random }: ForgeryOptions): Header {
  return {
    ...parent,
    height: (parent.height + 1) as Height,
    parentHash: hashHeader(parent),
    timestampMs: (parent.timestampMs + random.int(1, 1_000)) as TimestampMs,
    transactionsRoot: hashList([]),
    receiptsRoot: hashList([]),
    transactionCount: 0,
    gasUsed: 0 as Gas,
    stateRoot: `0x${random.bytes(32).toHex()}` as Hash,
    votesRoot: hashList([]),
  };
}

/** Undefined where no nonce is found soon. */
export function createFalseChain(
  name: string,
  options: ForgeryOptions & { readonly parentWork: bigint },
): FalseChain | undefined {
  const { engine, random } = options;
  const first = forge(name, options);
  if (first === undefined) return undefined;
  const blocks = [first];
  const ancestry: Ancestry = {
    header: (distance) => blocks.at(-1 - distance)?.header ?? options.ancestry.header(distance - blocks.length),
  };
  for (let count = random.int(0, CHILDREN_MAX); count > 0; count--) {
    const header = childOf((blocks.at(-1) as Block).header, options);
    const seal = engine.prepareSeal({ timestampMs: header.timestampMs, ancestry });
    const child = sealForged(engine, { header: { ...header, seal }, body: EMPTY_BODY }, random);
    if (child === undefined) break;
    blocks.push(child);
  }
  const totalWork = blocks.reduce((sum, { header }) => sum + engine.workOf(header), options.parentWork);
  return new FalseChain(blocks, totalWork);
}
