// What nodes keep of each other stays within its bounds, and no honest node is kept out for what it did.

import type { NetworkView } from "../../../src/core/network/index.ts";
import { check } from "../checkFailure.ts";
import { MEMPOOL_LIMITS, type SimulatedNode } from "../simulatedNode.ts";

/** docs/spec/network.md, "Bounds", and the settings of a simulation's nodes. */
const BOUNDS = { inbound: 64, handshaking: 96, dialling: 32, bans: 1_024, known: 4_096 };
const OUTBOUND_BESIDE_BOOTSTRAP = 8;

function checkView(name: string, view: NetworkView, bootstrapCount: number): void {
  const { counts, bans } = view;
  const values = { ...counts, bans: bans.length };
  const bounds = { ...BOUNDS, outbound: OUTBOUND_BESIDE_BOOTSTRAP + bootstrapCount };
  for (const [what, bound] of Object.entries(bounds)) {
    const value = values[what as keyof typeof values];
    check(value <= bound, "bounds", () => `${name}: ${what} is ${value}, at most ${bound}`);
  }
}

/** Bounds of the mempool and of connections, of every node that is alive. */
export function checkBounds(nodes: readonly SimulatedNode[]): void {
  for (const { name, replica } of nodes) {
    if (replica === undefined) continue;
    const { mempoolCount, mempoolSizeBytes } = replica.status();
    const isWithin = mempoolCount <= MEMPOOL_LIMITS.countMax && mempoolSizeBytes <= MEMPOOL_LIMITS.sizeBytesMax;
    check(isWithin, "bounds", () => `${name}: ${mempoolCount} transactions of ${mempoolSizeBytes} bytes wait`);
    const view = replica.networkView();
    if (view !== undefined) checkView(name, view, nodes.length - 1);
  }
}

/** No honest node has banned another: nothing but a hostile middle makes them break rules. */
export function checkNoHonestBans(nodes: readonly SimulatedNode[]): void {
  const honest = new Map(nodes.map(({ name, address }) => [address, name]));
  for (const { name, replica } of nodes) {
    for (const { address, reason } of replica?.networkView()?.bans ?? []) {
      check(!honest.has(address), "honest peers", () => `${name} has banned ${honest.get(address)}: ${reason}`);
    }
  }
}
