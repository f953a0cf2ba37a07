// One node of a simulation: the real replica over simulated ports, and how it is put together, starts, dies and comes back.
// After every event of its own, its chain is observed (checkers/nodeChain.ts).

import type { ConsensusEngine } from "../../src/core/consensus/index.ts";
import type { Message, NetworkSettings, NodeIdentity } from "../../src/core/network/index.ts";
import { Replica, type SubmitRefusal } from "../../src/core/node/index.ts";
import type { Logger, Store, TransportEvent } from "../../src/core/ports/index.ts";
import type { Genesis, SigningDomain, VerifiedTransaction } from "../../src/core/protocol/index.ts";
import { createTestMachine } from "../support/machine.ts";
import { keyHolder } from "./accounts.ts";
import type { ReferenceLedger } from "./checkers/ledger.ts";
import { NodeChain } from "./checkers/nodeChain.ts";
import { CheckFailure } from "./checkFailure.ts";
import type { Random } from "./random.ts";
import type { Scheduler, Timer } from "./scheduler.ts";
import { SimulatedClock } from "./simulatedClock.ts";
import type { SimulatedNetwork } from "./simulatedNetwork.ts";
import { SimulatedSealer } from "./simulatedSealer.ts";
import { CrashError, SimulatedStore } from "./simulatedStore.ts";
import { SimulatedTransport, type TransportPlace } from "./simulatedTransport.ts";
import { type RecoveryCache, SimulatedVerifier } from "./simulatedVerifier.ts";
import type { Trace } from "./trace.ts";
import type { Wire } from "./wire.ts";

/** A node ticks more often; this is enough for every deadline, and ticks are most of what a quiet cluster costs. */
const TICK_MS = 400;
/** Between two slices of work that the replica has put off. */
const STEP_MS = 1;
/** Key holders from here on are nodes, not senders. */
const NODE_KEY_FIRST = 1000;
const BENEFICIARY_FIRST = 2000;

export const MEMPOOL_LIMITS = { countMax: 600, sizeBytesMax: 600 * 400, perAccountMax: 100 };

/** What all nodes of a simulation share. */
export interface World {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly network: SimulatedNetwork<Message>;
  readonly wire: Wire<Message>;
  readonly lineShare: number;
  readonly genesis: Genesis;
  readonly engine: ConsensusEngine;
  readonly domain: SigningDomain;
  readonly ledger: ReferenceLedger;
  readonly recoveries: RecoveryCache | undefined;
}

export interface NodePlan {
  readonly index: number;
  readonly place: TransportPlace;
  readonly createStore: () => Store;
  readonly isMining: boolean;
  readonly hashRate: number;
  readonly network: NetworkSettings;
}

interface Life {
  readonly store: SimulatedStore;
  readonly transport: SimulatedTransport<Message>;
  readonly sealer: SimulatedSealer;
  readonly timer: Timer;
  replica: Replica | undefined;
  isStepPlanned: boolean;
  /** The event that is worked off is a nonce that was found. */
  isSealing: boolean;
}

export class SimulatedNode {
  readonly index: number;
  readonly name: string;
  readonly address: string;
  readonly clock: SimulatedClock;
  readonly chain: NodeChain;
  readonly identity: NodeIdentity;
  /** Milliseconds by which each event reaches the replica late. */
  delayMs = 0;
  /** Heights of the blocks that it has made in this life. */
  readonly ownHeights: number[] = [];
  private readonly world: World;
  private readonly plan: NodePlan;
  private readonly random: Random;
  private store: Store;
  private life: Life | undefined;
  private hashRate: number;
  private lives = 0;
  private lastEventMs = 0;
  private plannedCrash: { readonly writes: number; readonly onDied: () => void } | undefined;

  constructor(world: World, plan: NodePlan) {
    this.world = world;
    this.plan = plan;
    this.index = plan.index;
    this.name = plan.place.name;
    this.address = plan.place.address;
    this.random = world.random.fork(this.name);
    this.store = plan.createStore();
    this.hashRate = plan.hashRate;
    this.clock = new SimulatedClock({ scheduler: world.scheduler, startMs: world.genesis.timestampMs + 1000 });
    this.chain = new NodeChain({ name: this.name, ledger: world.ledger });
    const { address: nodeKey, secretKey } = keyHolder(NODE_KEY_FIRST + plan.index);
    this.identity = { nodeKey, secretKey };
  }

  get isAlive(): boolean {
    return this.life !== undefined;
  }

  /** Times that it was started. */
  get lifeCount(): number {
    return this.lives;
  }

  /** The store that outlives the process; for checks. */
  get durable(): Store {
    return this.store;
  }

  get replica(): Replica | undefined {
    return this.life?.replica;
  }

  get currentHashRate(): number {
    return this.hashRate;
  }

  setHashRate(hashRate: number): void {
    this.hashRate = hashRate;
    if (this.life !== undefined) this.life.sealer.hashRate = hashRate;
  }

  start(): void {
    if (this.life !== undefined) return;
    this.lives++;
    this.ownHeights.length = 0;
    this.world.trace.milestone(this.name, this.lives === 1 ? "started" : "restarted");
    const life = this.createLife();
    this.life = life;
    if (this.plannedCrash !== undefined) life.store.planCrash(this.plannedCrash.writes);
    this.attempt(life, () => {
      life.replica = this.createReplica(life);
    });
  }

  get isMining(): boolean {
    return this.plan.isMining;
  }

  /** A dead node starts with an empty store the next time. */
  loseDisk(): void {
    if (this.life !== undefined) throw new RangeError(`${this.name} lives`);
    this.world.trace.milestone(this.name, "lost its disk");
    this.store = this.plan.createStore();
    this.chain.reset();
  }

  /** Somebody stops the process, which takes its leave and saves what it knows. */
  stop(): void {
    const { life } = this;
    if (life?.replica === undefined) return;
    const { replica } = life;
    this.world.trace.milestone(this.name, "was stopped");
    this.attempt(life, () => replica.stop());
    life.store.close();
    this.end();
  }

  /** The process dies between two events. */
  crash(): void {
    if (this.life === undefined) return;
    this.world.trace.milestone(this.name, "was killed");
    this.end();
  }

  /** The process dies in one of its next writes, of this life or a later one. */
  planCrash(writes: number, onDied: () => void): void {
    this.plannedCrash = { writes, onDied };
    this.life?.store.planCrash(writes);
  }

  cancelCrash(): void {
    this.plannedCrash = undefined;
    this.life?.store.planCrash(undefined);
  }

  submit(transactions: readonly VerifiedTransaction[], done: (refusals: (SubmitRefusal | undefined)[]) => void): void {
    this.post("submit", String(transactions.length), (replica) => done(replica.submit(transactions)));
  }

  private end(): void {
    const { life } = this;
    if (life === undefined) return;
    life.store.kill();
    life.timer.cancel();
    life.sealer.cancel();
    this.world.network.detach(life.transport);
    this.life = undefined;
  }

  private createLife(): Life {
    const { world, plan } = this;
    const life: Life = {
      store: new SimulatedStore({
        durable: this.store,
        random: this.random.fork(`store ${this.lives}`),
        onCrash: () => world.trace.milestone(this.name, "died in a write"),
      }),
      transport: new SimulatedTransport<Message>({
        network: world.network,
        random: this.random.fork(`transport ${this.lives}`),
        place: plan.place,
        wire: world.wire,
        lineShare: world.lineShare,
        onEvent: (event) => this.post(event.kind, describe(event), (replica) => replica.onTransport(event)),
      }),
      sealer: new SimulatedSealer({
        scheduler: world.scheduler,
        hashRate: this.hashRate,
        place: this.index,
        onSealed: (result) => this.post("sealed", "", (replica) => replica.onSealed(result)),
      }),
      timer: world.scheduler.every(TICK_MS, () => this.post("tick", "", (replica) => replica.tick())),
      replica: undefined,
      isStepPlanned: false,
      isSealing: false,
    };
    return life;
  }

  private createReplica(life: Life): Replica {
    const { world, plan } = this;
    const { scheduler, genesis, engine } = world;
    const options = {
      store: life.store,
      genesis,
      engine,
      machine: createTestMachine(),
      clock: this.clock,
      sealer: life.sealer,
      logger: this.logger(),
      listener: {
        committed: ({ hash, header }: { hash: string; header: { height: number } }) => {
          this.world.trace.event(this.name, "committed", `${header.height} ${hash}`);
          if (life.store.isWriting)
            throw new CheckFailure("reported", `${this.name} reports ${hash} before it is durable`);
          if (life.isSealing) this.ownHeights.push(header.height);
          this.chain.checkReported(this.store, { hash, height: header.height });
        },
        reorganized: () => undefined,
        admitted: () => undefined,
        statusChanged: () => undefined,
      },
      settings: {
        mining: {
          enabled: plan.isMining,
          beneficiary: keyHolder(BENEFICIARY_FIRST + this.index).address,
          onDemand: false,
          intervalMsMin: 0,
          intervalMsMax: 0,
        },
        mempool: MEMPOOL_LIMITS,
        cachedPagesMax: 64,
      },
      network: {
        identity: this.identity,
        settings: plan.network,
        transport: life.transport,
        verifier: new SimulatedVerifier({
          scheduler,
          random: this.random.fork(`verifier ${this.lives}`),
          domain: world.domain,
          cache: world.recoveries,
          onVerified: (result) => this.post("verified", "", (replica) => replica.onVerified(result)),
        }),
        rng: this.random.fork(`replica ${this.lives}`),
      },
    };
    return new Replica(options);
  }

  /** A line of the level `error` is a failure: nothing that a peer or a fault does may be one. */
  private logger(): Logger {
    const logger: Logger = {
      log: (level, event, fields) => {
        if (level === "error")
          throw new CheckFailure("error logged", `${this.name}: ${event} ${JSON.stringify(fields)}`);
        if (level === "warn") this.world.trace.milestone(this.name, `warns: ${event}`, JSON.stringify(fields ?? {}));
      },
      module: () => logger,
    };
    return logger;
  }

  /** Runs an event of this life now, or later where the node is slow; in order either way. */
  private post(what: string, detail: string, act: (replica: Replica) => void): void {
    const { life, world } = this;
    if (life === undefined) return;
    const { nowMs } = world.scheduler;
    const run = () => {
      if (this.life !== life || life.replica === undefined) return;
      if (what === "tick") world.trace.routine(this.name, what);
      else world.trace.event(this.name, what, detail);
      const { replica } = life;
      life.isSealing = what === "sealed";
      this.attempt(life, () => act(replica));
    };
    this.lastEventMs = Math.max(this.lastEventMs, nowMs + this.delayMs);
    if (this.lastEventMs <= nowMs) run();
    else world.scheduler.at(this.lastEventMs, run);
  }

  private attempt(life: Life, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof CheckFailure) throw error;
      if (!(error instanceof CrashError)) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        throw new CheckFailure("replica threw", `${this.name}: ${text}`);
      }
      this.end();
      const planned = this.plannedCrash;
      this.plannedCrash = undefined;
      planned?.onDied();
    }
    this.observe();
    if (this.life === life && life.replica?.hasWork() === true && !life.isStepPlanned) {
      life.isStepPlanned = true;
      this.world.scheduler.after(STEP_MS, () => {
        life.isStepPlanned = false;
        if (this.life === life) this.post("step", "", (replica) => replica.step());
      });
    }
  }

  private observe(): void {
    const change = this.chain.observe(this.store, this.clock.latestMs);
    if (change === undefined) return;
    const { header } = this.chain.head;
    const went = change.left.length === 0 ? "" : `, took back ${change.left.length}`;
    this.world.trace.milestone(this.name, "head", `${header.height} ${header.hash.slice(0, 10)}${went}`);
    if (change.left.length > 0) this.chain.checkState(this.store);
  }
}

/** What a trace says of an event. */
function describe(event: TransportEvent<Message>): string {
  const { connectionId } = event;
  if (event.kind === "message") return `${connectionId} ${event.message.type} ${event.sizeBytes}`;
  if (event.kind === "failed" || event.kind === "disconnected") return `${connectionId} ${event.reason}`;
  if (event.kind === "fault") return `${connectionId} ${event.fault}`;
  if (event.kind === "congestion") return `${connectionId} ${event.isCongested}`;
  return `${connectionId} ${event.direction} ${event.address}`;
}
