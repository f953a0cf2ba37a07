// What goes wrong in a simulation. Each fault begins at a time that the seed chooses and undoes itself; `heal` undoes all
// that is left, so that the promises of a healthy cluster can be asked for.

import type { Message } from "../../src/core/network/index.ts";
import type { Link } from "./links.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimulatedNetwork } from "./simulatedNetwork.ts";
import type { SimulatedNode } from "./simulatedNode.ts";
import type { Trace } from "./trace.ts";

export interface FaultOptions {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly network: SimulatedNetwork<Message>;
  readonly nodes: readonly SimulatedNode[];
  /** A node has died, and what only its memory held is lost. */
  readonly onCrash: (node: SimulatedNode) => void;
}

export const FAULT_KINDS = [
  "crash",
  "crash in a write",
  "lost disk",
  "partition",
  "one-way partition",
  "swizzle clogs",
  "hostile middle",
  "slow links",
  "thin link",
  "resets",
  "clock skew",
  "clock jump",
  "slow node",
  "hash rate",
  "no names",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** How long a fault lasts. */
const DURATION_MS = { min: 3_000, max: 40_000 };
const SLOW_EVENT_MS_MAX = 1_500;
/** Within what nodes tolerate of each other's clocks, with room for the time that a block is on its way. */
const CLOCK_SKEW_MS_MAX = 6_000;
const CLOCK_JUMP_MS_MAX = 60_000;

export class Faults {
  private readonly options: FaultOptions;
  private readonly random: Random;
  private readonly hashRates = new Map<SimulatedNode, number>();
  private isHealed = false;
  private readonly kinds = new Set<FaultKind>();

  constructor(options: FaultOptions) {
    this.options = options;
    this.random = options.random;
  }

  /** Plans `count` faults of random kinds within a stretch of time. */
  plan(options: { count: number; fromMs: number; toMs: number; kinds?: readonly FaultKind[] }): void {
    const kinds = options.kinds ?? FAULT_KINDS;
    for (let index = 0; index < options.count; index++) {
      const kind = this.random.pick(kinds);
      const random = this.random.fork(index);
      this.options.scheduler.at(this.random.int(options.fromMs, options.toMs), () => {
        if (!this.isHealed) this.inject(kind, random);
      });
    }
  }

  inject(kind: FaultKind, random: Random = this.random): void {
    this.kinds.add(kind);
    INJECTORS[kind]({ ...this.options, random, faults: this });
  }

  /** Whether a fault of this kind has happened. */
  has(kind: FaultKind): boolean {
    return this.kinds.has(kind);
  }

  milestone(kind: FaultKind, detail: string): void {
    this.options.trace.milestone("fault", kind, detail);
  }

  /** Undoes a fault after a while, unless everything is healed before. */
  later(random: Random, undo: () => void): void {
    this.options.scheduler.after(random.int(DURATION_MS.min, DURATION_MS.max), () => {
      if (!this.isHealed) undo();
    });
  }

  /** A node that has died comes back after a while. */
  died(node: SimulatedNode, random: Random): void {
    this.options.onCrash(node);
    this.later(random, () => node.start());
  }

  changeHashRate(node: SimulatedNode, factor: number): void {
    const original = this.hashRates.get(node) ?? node.currentHashRate;
    this.hashRates.set(node, original);
    node.setHashRate(original * factor);
  }

  /** The network works, the nodes run at their speed, and the clocks agree. */
  heal(): void {
    const { network, nodes, trace } = this.options;
    this.isHealed = true;
    trace.milestone("faults", "are healed");
    network.links.heal();
    network.unresolvable.clear();
    for (const node of nodes) {
      node.delayMs = 0;
      node.clock.offsetMs = 0;
      node.cancelCrash();
      const hashRate = this.hashRates.get(node);
      if (hashRate !== undefined) node.setHashRate(hashRate);
      node.start();
    }
  }
}

type Injector = (options: FaultOptions & { readonly faults: Faults }) => void;

/** Both sides of a cut: some nodes, at least one of each side. */
function cut(nodes: readonly SimulatedNode[], random: Random): { left: SimulatedNode[]; right: SimulatedNode[] } {
  const shuffled = random.shuffle(nodes);
  const at = random.int(1, Math.max(1, nodes.length - 1));
  return { left: shuffled.slice(0, at), right: shuffled.slice(at) };
}

/** Every ordered pair of nodes. */
function directions(nodes: readonly SimulatedNode[]): [from: string, to: string][] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to): [string, string] => [from.name, to.name]));
}

function names(nodes: readonly SimulatedNode[]): string {
  return nodes.map((node) => node.name).join(" ");
}

/** Changes links for a while; `change` and `undo` name only what the fault is about, so that faults overlap. */
function changeLinks(
  options: Parameters<Injector>[0],
  links: readonly (readonly [string, string])[],
  change: { set: Partial<Link>; undo: Partial<Link> },
): void {
  for (const [from, to] of links) options.network.links.set(from, to, change.set);
  options.faults.later(options.random, () => {
    for (const [from, to] of links) options.network.links.set(from, to, change.undo);
  });
}

/** A share of the links clogs, one after the other, and they open again in another order. */
function swizzle({ nodes, network, random, scheduler, faults }: Parameters<Injector>[0]): void {
  const all = directions(nodes);
  const chosen = random.sample(all, random.int(1, all.length));
  faults.milestone("swizzle clogs", `${chosen.length} of ${all.length} ways`);
  let delayMs = 0;
  for (const [from, to] of chosen) {
    delayMs += random.int(0, 1_500);
    scheduler.after(delayMs, () => network.links.set(from, to, { isClogged: true }));
  }
  for (const [from, to] of random.shuffle(chosen)) {
    delayMs += random.int(0, 1_500);
    scheduler.after(delayMs, () => network.links.set(from, to, { isClogged: false }));
  }
}

const INJECTORS: Readonly<Record<FaultKind, Injector>> = {
  crash: ({ nodes, random, faults }) => {
    const alive = nodes.filter((node) => node.isAlive);
    if (alive.length === 0) return;
    const node = random.pick(alive);
    node.crash();
    faults.died(node, random);
  },
  "crash in a write": ({ nodes, random, faults }) => {
    const node = random.pick(nodes);
    faults.milestone("crash in a write", node.name);
    node.planCrash(random.int(0, 12), () => faults.died(node, random));
  },
  "lost disk": ({ nodes, random, faults }) => {
    // What only one node has is gone with its disk, so the others have to have some of the chain.
    const alive = nodes.filter((node) => node.isAlive);
    if (alive.length < 2) return;
    const node = random.pick(alive);
    node.crash();
    node.loseDisk();
    faults.died(node, random);
  },
  partition: (options) => {
    const { left, right } = cut(options.nodes, options.random);
    options.faults.milestone("partition", `${names(left)} | ${names(right)}`);
    const across = left.flatMap((one) =>
      right.flatMap((other): [string, string][] => [
        [one.name, other.name],
        [other.name, one.name],
      ]),
    );
    changeLinks(options, across, { set: { isBlocked: true }, undo: { isBlocked: false } });
  },
  "one-way partition": (options) => {
    const { left, right } = cut(options.nodes, options.random);
    options.faults.milestone("one-way partition", `${names(left)} > ${names(right)}`);
    const across = left.flatMap((from) => right.map((to): [string, string] => [from.name, to.name]));
    changeLinks(options, across, { set: { isBlocked: true }, undo: { isBlocked: false } });
  },
  "swizzle clogs": swizzle,
  "hostile middle": (options) => {
    const { nodes, random, faults } = options;
    // The ring between neighbours stays honest: who is cut off from everybody by bans can't follow any chain.
    const outside = directions(nodes).filter(([from, to]) => !isOnRing(nodes, from, to));
    if (outside.length === 0) return;
    const [from, to] = random.pick(outside);
    faults.milestone("hostile middle", `${from} > ${to}`);
    const rate = () => (random.chance(0.6) ? random.unit() * 0.3 : 0);
    const set = { dropRate: rate(), duplicateRate: rate(), reorderRate: rate() };
    changeLinks(options, [[from, to]], { set, undo: { dropRate: 0, duplicateRate: 0, reorderRate: 0 } });
  },
  "slow links": (options) => {
    const chosen = options.random.sample(directions(options.nodes), options.random.int(1, 8));
    options.faults.milestone("slow links", `${chosen.length} ways`);
    const latencyMsMax = options.random.int(50, 2_000);
    changeLinks(options, chosen, { set: { latencyMsMax }, undo: { latencyMsMax: 8 } });
  },
  "thin link": (options) => {
    const chosen = options.random.sample(directions(options.nodes), 2);
    options.faults.milestone("thin link", chosen.map(([from, to]) => `${from} > ${to}`).join(" "));
    changeLinks(options, chosen, { set: { bytesPerMs: 1 }, undo: { bytesPerMs: 10_000 } });
  },
  resets: ({ nodes, network, random, faults }) => {
    const [one, other] = random.sample(nodes, 2);
    if (one === undefined || other === undefined) return;
    faults.milestone("resets", `${one.name} ${other.name}`);
    network.reset(one.name, other.name);
  },
  "clock skew": ({ nodes, random, faults }) => {
    const node = random.pick(nodes);
    const offsetMs = random.int(-CLOCK_SKEW_MS_MAX, CLOCK_SKEW_MS_MAX);
    faults.milestone("clock skew", `${node.name} ${offsetMs} ms`);
    node.clock.offsetMs = offsetMs;
  },
  "clock jump": ({ nodes, random, faults }) => {
    const node = random.pick(nodes);
    const jumpMs = random.int(-CLOCK_JUMP_MS_MAX, CLOCK_JUMP_MS_MAX);
    faults.milestone("clock jump", `${node.name} ${jumpMs} ms`);
    node.clock.offsetMs += jumpMs;
    faults.later(random, () => {
      node.clock.offsetMs -= jumpMs;
    });
  },
  "slow node": ({ nodes, random, faults }) => {
    const node = random.pick(nodes);
    node.delayMs = random.int(20, SLOW_EVENT_MS_MAX);
    faults.milestone("slow node", `${node.name} ${node.delayMs} ms`);
    faults.later(random, () => {
      node.delayMs = 0;
    });
  },
  "hash rate": ({ nodes, random, faults }) => {
    const node = random.pick(nodes);
    const factor = random.pick([0, 0.1, 3, 8]);
    faults.milestone("hash rate", `${node.name} times ${factor}`);
    faults.changeHashRate(node, factor);
    faults.later(random, () => faults.changeHashRate(node, 1));
  },
  "no names": ({ nodes, network, random, faults }) => {
    const node = random.pick(nodes);
    faults.milestone("no names", node.name);
    network.unresolvable.add(node.name);
    faults.later(random, () => network.unresolvable.delete(node.name));
  },
};

function isOnRing(nodes: readonly SimulatedNode[], from: string, to: string): boolean {
  const [one, other] = [from, to].map((name) => nodes.findIndex((node) => node.name === name)) as [number, number];
  const apart = Math.abs(one - other);
  return apart === 1 || apart === nodes.length - 1;
}
