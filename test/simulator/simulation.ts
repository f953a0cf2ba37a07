// One seed from beginning to end: a cluster under load and faults, then healed, until it has kept its promises or broken
// one. The same seed always does the same, to the last event.

import { HostilePeer } from "./byzantine/hostilePeer.ts";
import {
  checkIncluded,
  checkSameHead,
  checkSameReceipts,
  describeHeads,
  divergence,
  isAllIncluded,
} from "./checkers/cluster.ts";
import { checkBounds, checkNoHonestBans } from "./checkers/network.ts";
import { checkReplay } from "./checkers/replay.ts";
import { CheckFailure, check } from "./checkFailure.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { checkBansKept, checkRejoining, checkTie, type Poll } from "./epilogue.ts";
import { Faults } from "./faults.ts";
import { createPlan } from "./plan.ts";
import { Random } from "./random.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly nodeCount: number;
  /** Virtual minutes of load and faults; what comes after healing is not counted. */
  readonly minutes: number;
}

export interface SimulationFigures {
  readonly blocks: number;
  readonly transactions: number;
  /** Deployments and calls in the blocks, by reason. */
  readonly contracts: Readonly<Record<string, number>>;
  readonly events: number;
  readonly virtualMs: number;
  readonly lives: number;
}

export type SimulationResult = {
  readonly seed: number;
  readonly traceHash: string;
  readonly figures: SimulationFigures;
} & (
  | { readonly ok: true }
  | { readonly ok: false; readonly check: string; readonly message: string; readonly timeline: readonly string[] }
);

/** Every tenth seed recovers every signature at every node, and sends every message as a line. */
const THOROUGH_EVERY = 10;
/** In the other seeds, one message in this many travels as a line. */
const LINE_SHARE = 1 / 20;
/** No new faults and transfers in the last part of the time. */
const BUSY_SHARE = 0.85;
const POLL_MS = 1_000;
/** After healing, heads are at most this far apart... */
const DIVERGENCE_BLOCKS_MAX = 3;
/** ...once this has passed: reconnecting backs off for up to a minute, and a chain that was cut off is fetched. */
const CONVERGENCE_MS_MAX = 180_000;
/** A difficulty that eight times the hash rate has raised takes a while to come down again. */
const INCLUSION_MS_MAX = 1_800_000;
/** From a provocation to a ban, with the handshake before it, and false chains that honest blocks overtake. */
const BAN_MS_MAX = 120_000;
const NETWORK_CHECK_MS = 5_000;
/** Without new blocks, all that is known has come everywhere after this, also what a clock a minute ahead has stamped. */
const QUIET_MS = 120_000;

function isThorough(seed: number): boolean {
  return seed % THOROUGH_EVERY === 0;
}

class Simulation {
  readonly cluster: Cluster;
  private readonly options: SimulationOptions;
  private readonly faults: Faults;
  private readonly hostile: readonly HostilePeer[];

  constructor(options: SimulationOptions) {
    this.options = options;
    const { seed, nodeCount, minutes } = options;
    const random = new Random(seed);
    const plan = createPlan(random.fork("plan"), { nodeCount, minutes });
    this.cluster = createCluster({
      seed,
      plan,
      lineShare: isThorough(seed) ? 1 : LINE_SHARE,
      isThorough: isThorough(seed),
    });
    const { world, nodes, workload } = this.cluster;
    const { scheduler, trace, network } = world;
    this.faults = new Faults({
      random: random.fork("faults"),
      scheduler,
      trace,
      network,
      nodes,
      onCrash: () => workload.onCrash(),
    });
    const busyMs = minutes * 60_000 * BUSY_SHARE;
    this.faults.plan({ count: plan.faultCount, fromMs: 2_000, toMs: busyMs });
    scheduler.at(busyMs, () => workload.close());
    scheduler.every(NETWORK_CHECK_MS, () => this.checkNetwork());
    this.hostile = Array.from(
      { length: plan.hostileCount },
      (_, index) => new HostilePeer({ cluster: this.cluster, random: random.fork(`hostile ${index}`), index }),
    );
  }

  run(): void {
    const { world, nodes } = this.cluster;
    for (const node of nodes) world.scheduler.at(world.random.int(0, 500), () => node.start());
    for (const peer of this.hostile) peer.start();
    world.scheduler.runUntil(this.options.minutes * 60_000);
    this.faults.heal();
    this.awaitConvergence();
    this.awaitInclusion();
    const poll: Poll = ({ timeMs, stepMs, isDone }) => this.poll(timeMs, isDone, stepMs);
    checkRejoining(this.cluster, poll);
    this.awaitBans();
    if (nodes[0] !== undefined) checkBansKept(nodes[0]);
    this.quieten();
    checkSameHead(nodes);
    checkTie(this.cluster, poll);
    this.checkEnd();
  }

  private awaitConvergence(): void {
    const { nodes } = this.cluster;
    this.poll(CONVERGENCE_MS_MAX, () => divergence(nodes) <= DIVERGENCE_BLOCKS_MAX);
    check(
      divergence(nodes) <= DIVERGENCE_BLOCKS_MAX,
      "convergence",
      () => `${CONVERGENCE_MS_MAX / 1000} s after healing the heads are ${describeHeads(nodes)}`,
    );
  }

  private awaitInclusion(): void {
    const { nodes, workload } = this.cluster;
    // A client whose transfer no node took in tries again, whatever the reason was.
    if (workload.hasRefused || nodes.some((node) => node.lifeCount > 1)) workload.resubmit();
    this.poll(INCLUSION_MS_MAX, () => isAllIncluded(nodes, workload));
    checkIncluded(nodes, workload);
  }

  /** Who breaks a rule that no honest node can break is shut out. */
  private awaitBans(): void {
    const { nodes } = this.cluster;
    const [provoked] = nodes;
    if (provoked !== undefined) for (const peer of this.hostile) peer.provoke(provoked);
    this.poll(BAN_MS_MAX, () => this.hostile.every((peer) => peer.isShutOut));
    const open = this.hostile.find((peer) => !peer.isShutOut);
    check(open === undefined, "shut out", () => `${open?.name} at ${open?.address} may still connect`);
  }

  private checkNetwork(): void {
    const { nodes } = this.cluster;
    checkBounds(nodes);
    // A hostile middle makes honest nodes look as if they sent twice, out of turn or not at all.
    if (!this.faults.has("hostile middle")) checkNoHonestBans(nodes);
  }

  private quieten(): void {
    const { world, nodes } = this.cluster;
    for (const node of nodes) node.setHashRate(0);
    for (const peer of this.hostile) peer.stop();
    world.trace.milestone("miners", "stop");
    this.poll(QUIET_MS, () => divergence(nodes) === 0);
  }

  private checkEnd(): void {
    const { world, nodes, workload } = this.cluster;
    checkSameHead(nodes);
    checkIncluded(nodes, workload);
    for (const node of nodes) {
      node.chain.checkState(node.durable);
      node.chain.checkPast(node.durable, world.random.int(Math.max(0, node.chain.height - 50), node.chain.height));
    }
    // All have the same head, so the blocks of one are those of all.
    const [first] = nodes;
    if (first !== undefined) checkReplay({ ...world, name: first.name, store: first.durable });
    for (const node of nodes) checkSameReceipts(node, first ?? node);
  }

  /** Lets virtual time pass until something holds, and at most so long. */
  private poll(timeMs: number, isDone: () => boolean, stepMs = POLL_MS): void {
    const { scheduler } = this.cluster.world;
    const endMs = scheduler.nowMs + timeMs;
    while (!isDone() && scheduler.nowMs < endMs) scheduler.runUntil(Math.min(scheduler.nowMs + stepMs, endMs));
  }

  figures(): SimulationFigures {
    const { world, nodes, workload } = this.cluster;
    return {
      blocks: world.ledger.size,
      transactions: workload.slotCount,
      contracts: Object.fromEntries(world.ledger.contractCounts),
      events: world.scheduler.eventCount,
      virtualMs: world.scheduler.nowMs,
      lives: nodes.reduce((sum, node) => sum + node.lifeCount, 0),
    };
  }
}

export function runSimulation(options: SimulationOptions): SimulationResult {
  const simulation = new Simulation(options);
  const { trace } = simulation.cluster.world;
  try {
    simulation.run();
    return { seed: options.seed, ok: true, traceHash: trace.digest, figures: simulation.figures() };
  } catch (error) {
    // An error of the simulator itself fails the seed too, and names itself.
    const isCheck = error instanceof CheckFailure;
    return {
      seed: options.seed,
      ok: false,
      check: isCheck ? error.check : "simulator",
      message: isCheck ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
      timeline: trace.timeline(),
      traceHash: trace.digest,
      figures: simulation.figures(),
    };
  }
}
