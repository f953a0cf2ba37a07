// What a hostile peer knows: all that the honest nodes have. It looks into their stores and builds on their chains, which
// makes it worse than any real one.

import type { Ancestry } from "../../../src/core/consensus/index.ts";
import type { PeerHead } from "../../../src/core/network/index.ts";
import type { Replica } from "../../../src/core/node/index.ts";
import type { StoredBlock } from "../../../src/core/ports/index.ts";
import type { Bytes, Hash, Height } from "../../../src/core/primitives/index.ts";
import {
  assumeVerified,
  type Block,
  decodeHeader,
  decodeTransaction,
  type Header,
  transactionHash,
  type VerifiedTransaction,
} from "../../../src/core/protocol/index.ts";
import { keyHolder } from "../accounts.ts";
import type { Cluster } from "../cluster.ts";
import type { Random } from "../random.ts";
import type { SimulatedNode } from "../simulatedNode.ts";
import { BROKEN_DEPLOYMENT, contractTransactionOf, transferOf } from "../workload.ts";
import type { FalseChain } from "./falseChain.ts";
import { type ForgeryOptions, sealForged } from "./forgeries.ts";

/** The account that owns nothing and signs what can't be paid. */
const POOR_KEY = 3000;
/** The account that deploys what no node takes in, where gas is free. */
const CARELESS_KEY = 3001;
const CARELESS_SHARE = 0.3;
const TRANSACTIONS_MAX = 5;
const HEADERS_MAX = 100;

/** The headers of a node's chain that end in its head. */
function ancestryOf(node: SimulatedNode, head: Header): Ancestry {
  return {
    header: (distance) => {
      const hash = node.durable.hashAt((head.height - distance) as Height);
      const stored = hash === undefined ? undefined : node.durable.header(hash);
      const decoded = stored === undefined ? undefined : decodeHeader(stored.header);
      return decoded?.ok === true ? decoded.value : undefined;
    },
  };
}

export class Spy {
  readonly genesisHash: Hash;
  private readonly cluster: Cluster;
  private readonly beneficiary: number;
  private readonly unpayable: Bytes;

  constructor(options: { cluster: Cluster; beneficiary: number }) {
    this.cluster = options.cluster;
    this.beneficiary = options.beneficiary;
    this.genesisHash = options.cluster.world.domain.genesisHash;
    const poor = keyHolder(POOR_KEY);
    const transfer = transferOf(poor, { to: poor.address, nonce: 0, gasPrice: 10, amount: 1 });
    this.unpayable = options.cluster.workload.sign(transfer, poor).encoded;
  }

  private anyNode(random: Random): SimulatedNode | undefined {
    const alive = this.cluster.nodes.filter((node) => node.replica !== undefined);
    return alive.length === 0 ? undefined : random.pick(alive);
  }

  /** The best head of all nodes. */
  head(): PeerHead {
    const best = this.cluster.nodes
      .filter((node) => node.chain.height >= 0)
      .map(({ chain }) => chain.head)
      .toSorted((left, right) => (left.totalWork < right.totalWork ? 1 : -1))[0];
    if (best === undefined) return { height: 0 as Height, hash: this.genesisHash, totalWork: 1n };
    const { header, totalWork } = best;
    return { height: header.height as Height, hash: header.hash as Hash, totalWork };
  }

  block(hash: Hash): StoredBlock | undefined {
    for (const node of this.cluster.nodes) {
      const block = node.durable.block(hash);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  /** Some block of some canonical chain. */
  anyBlock(random: Random): StoredBlock | undefined {
    const node = this.anyNode(random);
    const hash = node?.chain.hashAt(random.int(1, Math.max(1, node.chain.height)));
    return hash === undefined ? undefined : this.block(hash as Hash);
  }

  /** As an honest node answers, and past the parent of `falseChain` with what that has. */
  headersAfter(locator: readonly Hash[], random: Random, falseChain?: FalseChain): Bytes[] {
    const node = this.anyNode(random);
    for (const hash of locator) {
      const ahead = falseChain?.headersAfter(hash);
      if (ahead !== undefined) return ahead;
      const start = node?.chain.heightOf(hash);
      if (node === undefined || start === undefined) continue;
      const headers: Bytes[] = [];
      for (let height = start + 1; height <= node.chain.height; height++) {
        const next = node.chain.hashAt(height) as Hash;
        const header = node.durable.header(next)?.header;
        if (header === undefined) break;
        headers.push(header);
        const rest = falseChain?.headersAfter(next);
        if (rest !== undefined) return [...headers, ...rest].slice(0, HEADERS_MAX);
      }
      return headers.slice(0, HEADERS_MAX);
    }
    return [];
  }

  /** The headers that some canonical chain begins with, which lead nobody further. */
  firstHeaders(random: Random): Bytes[] {
    const node = this.anyNode(random);
    const hashes = Array.from({ length: node?.chain.height ?? 0 }, (_, index) => node?.chain.hashAt(index + 1));
    return hashes.slice(0, HEADERS_MAX).flatMap((hash) => {
      const block = hash === undefined ? undefined : this.block(hash as Hash);
      return block === undefined ? [] : [block.header];
    });
  }

  /** Transactions that wait at some node. */
  transactions(random: Random): Bytes[] {
    return (this.anyNode(random)?.replica?.waiting() ?? []).slice(0, TRANSACTIONS_MAX);
  }

  forgeryOptions(random: Random): (ForgeryOptions & { readonly parentWork: bigint }) | undefined {
    const { engine, genesis, domain } = this.cluster.world;
    const node = this.anyNode(random);
    if (node?.replica === undefined) return undefined;
    const { chain } = node.replica;
    const left = this.transactions(random).flatMap((encoded): VerifiedTransaction[] => {
      const decoded = decodeTransaction(encoded);
      if (!decoded.ok) return [];
      return [
        assumeVerified({ signed: decoded.value, hash: transactionHash(decoded.value.transaction, domain), encoded }),
      ];
    });
    if (genesis.parameters.gasPriceMin === 0 && random.chance(CARELESS_SHARE))
      left.unshift(this.brokenDeployment(chain));
    const template = chain.buildTemplate({
      source: { next: () => left.shift(), skipSender: () => undefined },
      proposer: keyHolder(this.beneficiary).address,
      nowMs: node.clock.nowMs(),
    });
    return {
      template,
      parent: chain.head.header,
      parentWork: chain.head.totalWork,
      ancestry: ancestryOf(node, chain.head.header),
      engine,
      random,
      unpayable: this.unpayable,
      blockSizeBytesMax: genesis.parameters.blockSizeBytesMax,
    };
  }

  /** A module that is refused, in a transaction that is valid in a block all the same. */
  private brokenDeployment(chain: Replica["chain"]): VerifiedTransaction {
    const careless = keyHolder(CARELESS_KEY);
    const { nonce } = chain.account(careless.address);
    const deployment = contractTransactionOf(careless, { nonce, gasPrice: 0 }, BROKEN_DEPLOYMENT);
    return this.cluster.workload.sign(deployment, careless);
  }

  /** A block without fault, for whoever shall have it first. */
  validBlock(random: Random): Block | undefined {
    const forgery = this.forgeryOptions(random);
    if (forgery === undefined) return undefined;
    const { header, body } = forgery.template;
    return sealForged(forgery.engine, { header, body }, random);
  }
}
