// Promises of a cluster as a whole, once everything is healed: heads that agree, and transfers that are all included.

import type { Hash } from "../../../src/core/primitives/index.ts";
import { check } from "../checkFailure.ts";
import type { SimulatedNode } from "../simulatedNode.ts";
import type { Workload } from "../workload.ts";

/** The height up to which all canonical chains are the same. */
function commonHeight(nodes: readonly SimulatedNode[]): number {
  const lowest = Math.min(...nodes.map(({ chain }) => chain.height));
  for (let height = lowest; height >= 0; height--) {
    const hash = nodes[0]?.chain.hashAt(height);
    if (nodes.every(({ chain }) => chain.hashAt(height) === hash)) return height;
  }
  return -1;
}

/** How far the highest head is above what all share. */
export function divergence(nodes: readonly SimulatedNode[]): number {
  return Math.max(...nodes.map(({ chain }) => chain.height)) - commonHeight(nodes);
}

export function describeHeads(nodes: readonly SimulatedNode[]): string {
  return nodes
    .map(
      ({ name, chain, isAlive }) =>
        `${name}${isAlive ? "" : " (dead)"} ${chain.height} ${chain.hashAt(chain.height)?.slice(0, 10)}`,
    )
    .join(", ");
}

/** Whether every node's chain holds all that clients were told would be included. */
export function isAllIncluded(nodes: readonly SimulatedNode[], workload: Workload): boolean {
  return nodes.every((node) => workload.missing(node).length === 0);
}

export function checkIncluded(nodes: readonly SimulatedNode[], workload: Workload): void {
  for (const node of nodes) {
    const missing = workload.missing(node);
    check(missing.length === 0, "included in the end", () => {
      const shown = missing.slice(0, 5).join("; ");
      return `${node.name} lacks ${missing.length} of ${workload.slotCount} transfers: ${shown}`;
    });
  }
}

export function checkSameHead(nodes: readonly SimulatedNode[]): void {
  const heads = new Set(nodes.map(({ chain }) => chain.hashAt(chain.height)));
  check(heads.size === 1, "same head", () => `nobody mines any more, and the heads are ${describeHeads(nodes)}`);
}

/** Two nodes with the same head have stored the same receipts, block by block. */
export function checkSameReceipts(node: SimulatedNode, other: SimulatedNode): void {
  for (let height = 0; height <= node.chain.height; height++) {
    const hash = node.chain.hashAt(height) as Hash;
    const [one, two] = [node, other].map(({ durable }) => durable.block(hash)?.receipts.toHex());
    const isEqual = one !== undefined && one === two;
    check(
      isEqual,
      "same receipts",
      () => `${node.name} and ${other.name} differ in the receipts of block ${height} ${hash}`,
    );
  }
}
