// Nodes and clients of one simulation, put together from a plan and a seed; what seeds and scenario tests drive.

import { createGenesisBlock } from "../../src/core/chain/index.ts";
import type { Message } from "../../src/core/network/index.ts";
import { DEFAULT_NETWORK_SETTINGS } from "../../src/core/network/index.ts";
import { createEngine } from "../../src/core/node/index.ts";
import type { Store } from "../../src/core/ports/index.ts";
import { createSigningDomain } from "../../src/core/protocol/index.ts";
import { MemoryStore } from "../support/memoryStore.ts";
import { ReferenceLedger } from "./checkers/ledger.ts";
import { isSignedBySender } from "./checkers/signature.ts";
import type { SimulationPlan } from "./plan.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedNetwork } from "./simulatedNetwork.ts";
import { type NodePlan, SimulatedNode, type World } from "./simulatedNode.ts";
import { Trace } from "./trace.ts";
import { createWire } from "./wire.ts";
import { Workload } from "./workload.ts";

const PORT = 6000;

export interface ClusterOptions {
  readonly seed: number | string;
  readonly plan: SimulationPlan;
  /** The share of honest messages that travel as lines. */
  readonly lineShare: number;
  /** Whether signatures are recovered by every node, and once more by the checkers. */
  readonly isThorough: boolean;
  readonly createStore?: () => Store;
}

export interface Cluster {
  readonly world: World;
  readonly nodes: readonly SimulatedNode[];
  readonly workload: Workload;
}

function placeOf(index: number): NodePlan["place"] {
  return { name: `node-${index}`, address: `10.0.${index}.1`, port: PORT };
}

/** Everybody's bootstrap peers are all the others, as in a compose file. */
function nodePlan(options: ClusterOptions, index: number): NodePlan {
  const { plan, createStore } = options;
  const hashRate = plan.hashRates[index] as number;
  const others = plan.hashRates.flatMap((_, other) => (other === index ? [] : [placeOf(other)]));
  const { name, port } = placeOf(index);
  return {
    index,
    place: placeOf(index),
    createStore: createStore ?? (() => new MemoryStore()),
    isMining: hashRate > 0,
    hashRate,
    network: {
      ...DEFAULT_NETWORK_SETTINGS,
      bootstrapPeers: others.map((place) => `${place.name}:${place.port}`),
      listenEndpoint: `${name}:${port}`,
    },
  };
}

/** A cluster whose nodes are not started yet. */
export function createCluster(options: ClusterOptions): Cluster {
  const { plan, lineShare, isThorough } = options;
  const { genesis } = plan;
  const random = new Random(options.seed);
  const scheduler = new Scheduler();
  const trace = new Trace(() => scheduler.nowMs);
  const engine = createEngine(genesis);
  const { hash: genesisHash } = createGenesisBlock({ genesis, engine });
  const domain = createSigningDomain(genesisHash);
  const ledger = new ReferenceLedger({
    genesis,
    isSigned: (encoded, transaction) =>
      workload.isSigned(encoded) && (!isThorough || isSignedBySender(transaction, genesisHash)),
  });
  const world: World = {
    scheduler,
    random: random.fork("nodes"),
    trace,
    network: new SimulatedNetwork<Message>({ scheduler, random: random.fork("network") }),
    wire: createWire({ blockSizeBytesMax: genesis.parameters.blockSizeBytesMax }),
    lineShare,
    genesis,
    engine,
    domain,
    ledger,
    recoveries: isThorough ? undefined : new Map(),
  };
  const nodes = plan.hashRates.map((_, index) => new SimulatedNode(world, nodePlan(options, index)));
  const workload = new Workload({
    random: random.fork("workload"),
    scheduler,
    trace,
    domain,
    nodes,
    senderCount: plan.senderCount,
    burstMs: plan.burstMs,
    burstCountMax: plan.burstCountMax,
    gasPriceMin: genesis.parameters.gasPriceMin,
    contractShare: plan.contractShare,
  });
  return { world, nodes, workload };
}
