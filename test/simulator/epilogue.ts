// What is tried with a cluster once it is healed and has kept its promises: a miner that lost its disk joins again, a node
// that was stopped still knows whom it has banned, and of two heads of equal work all take the same.

import { describeHeads, divergence } from "./checkers/cluster.ts";
import { check } from "./checkFailure.ts";
import type { Cluster } from "./cluster.ts";
import type { SimulatedNode } from "./simulatedNode.ts";

/** Lets virtual time pass until something holds, and at most so long; looks again after each step. */
export type Poll = (options: { timeMs: number; stepMs: number; isDone: () => boolean }) => void;

/** Fifteen seconds for peers that do not answer, and the sync of a few hundred blocks over a slow start. */
const REJOIN_MS_MAX = 120_000;
/** Four blocks a second at the difficulty of block 1: who mines before it is level is sure to find one. */
const REJOIN_HASH_RATE = 1_024;
const STEP_MS = 100;
/** Shorter than what breaks a connection. */
const SPLIT_MS_MAX = 6_000;
const SETTLE_MS_MAX = 120_000;

/** A miner with an empty store follows the others, and makes no block below what they have. */
export function checkRejoining({ nodes, world }: Cluster, poll: Poll): void {
  const node = nodes.findLast(({ isMining }) => isMining);
  const others = nodes.filter((other) => other !== node);
  if (node === undefined || others.length === 0) return;
  node.crash();
  node.loseDisk();
  const goal = Math.min(...others.map(({ chain }) => chain.height));
  const hashRate = node.currentHashRate;
  node.setHashRate(REJOIN_HASH_RATE);
  node.start();
  poll({ timeMs: REJOIN_MS_MAX, stepMs: STEP_MS, isDone: () => node.chain.height >= goal });
  node.setHashRate(hashRate);
  world.trace.milestone(node.name, "rejoined", `at ${node.chain.height} of ${goal}`);
  const early = node.ownHeights.filter((height) => height <= goal);
  check(
    early.length === 0,
    "level before mining",
    () => `${node.name} started empty and made the blocks ${early.join(" ")}, all others have ${goal}`,
  );
  check(node.chain.height >= goal, "rejoined", () => `the heads are ${describeHeads(nodes)} for ${node.name}`);
}

/** The bans of a node that is stopped and started again are in force. */
export function checkBansKept(node: SimulatedNode): void {
  const before = node.replica?.networkView()?.bans ?? [];
  if (before.length === 0) return;
  node.stop();
  node.start();
  const nowMs = node.clock.nowMs();
  const after = new Map((node.replica?.networkView()?.bans ?? []).map((ban) => [ban.address, ban.untilMs]));
  for (const { address, untilMs, reason } of before) {
    const isKept = untilMs <= nowMs || (after.get(address) ?? 0) >= untilMs;
    check(isKept, "bans kept", () => `${node.name} has forgotten the ban of ${address}: ${reason}`);
  }
}

/** Two miners that do not hear of each other make a block each, and then nobody mines: the lower hash is every head. */
export function checkTie(cluster: Cluster, poll: Poll): void {
  const { nodes, world } = cluster;
  const [one, other] = nodes.filter(({ isMining }) => isMining);
  if (one === undefined || other === undefined) return;
  const { links } = world.network;
  const setBlocked = (isBlocked: boolean) => {
    for (const far of nodes.filter((node) => node !== one)) {
      links.set(one.name, far.name, { isBlocked });
      links.set(far.name, one.name, { isBlocked });
    }
  };
  const before = one.chain.height;
  const { head } = one.chain;
  const parentWork = world.ledger.get(head.header.parentHash)?.totalWork ?? 0n;
  setBlocked(true);
  // About one block a second.
  for (const node of [one, other]) node.setHashRate(Number(head.totalWork - parentWork));
  const isDone = () => {
    for (const node of [one, other]) if (node.chain.height > before) node.setHashRate(0);
    return one.chain.height > before && other.chain.height > before;
  };
  poll({ timeMs: SPLIT_MS_MAX, stepMs: STEP_MS, isDone });
  for (const node of [one, other]) node.setHashRate(0);
  const heads = [one, other].map(({ chain }) => chain.head);
  const [left, right] = heads as [(typeof heads)[number], (typeof heads)[number]];
  setBlocked(false);
  world.trace.milestone("tie", left.totalWork === right.totalWork ? "is made" : "is missed");
  poll({ timeMs: SETTLE_MS_MAX, stepMs: 1_000, isDone: () => divergence(nodes) === 0 });
  check(divergence(nodes) === 0, "tie", () => `two heads were made, and the heads stay ${describeHeads(nodes)}`);
  // A nonce that was found before its search was stopped may have come after all.
  if (left.totalWork !== right.totalWork || one.chain.head.totalWork !== left.totalWork) return;
  const [lower] = [left.header.hash, right.header.hash].toSorted();
  check(
    one.chain.head.header.hash === lower,
    "tie",
    () => `of two heads of equal work, ${lower} is the lower, and the heads are ${describeHeads(nodes)}`,
  );
}
