// Whether one more connection that somebody else opens is taken, and which one leaves for it when all places are taken
// (docs/spec/handshake-and-peers.md, "Places"). In small what Bitcoin Core does (src/node/eviction.cpp).
//
// An attacker can open as many connections as he likes, so leaving out newcomers would let whoever came first shut out
// the rest, and taking every newcomer would let the last one. What he cannot easily have is a short way to us, a long
// history with us, or new blocks before others: connections that have these are safe. Of the rest, the largest group
// loses its youngest, and no group grows at the cost of one that is not larger.

import type { NetworkSettings } from "../settings.ts";
import { groupOf, groupOrAddress } from "./netAddress.ts";

export interface InboundConnection {
  readonly connectionId: number;
  readonly address: string;
  readonly openedAtMs: number;
  /** Undefined before the first pong. */
  readonly roundTripMs: number | undefined;
  /** When it last told something new; undefined when it has not. */
  readonly usefulAtMs: number | undefined;
  /** It has proven the key of a bootstrap peer. */
  readonly isBootstrap: boolean;
}

export type InboundVerdict =
  | { readonly kind: "admit" }
  | { readonly kind: "evict"; readonly connectionId: number }
  | { readonly kind: "refuse"; readonly message: string };

/** A part of the places each for the shortest round trips and the latest news; at least one. */
const PROTECTED_PART = 8;
/** A part of the places for the longest connected; at least one. */
const PROTECTED_LONGEST_PART = 4;

type Compare = (left: InboundConnection, right: InboundConnection) => number;

function protect(left: InboundConnection[], count: number, compare: Compare): InboundConnection[] {
  return left.toSorted(compare).slice(count);
}

/** Those that may be made to leave. */
function unprotected(connections: readonly InboundConnection[], placesMax: number): readonly InboundConnection[] {
  const few = Math.max(1, Math.floor(placesMax / PROTECTED_PART));
  const more = Math.max(1, Math.floor(placesMax / PROTECTED_LONGEST_PART));
  const never = Number.MAX_SAFE_INTEGER;
  let left = connections.filter((connection) => !connection.isBootstrap);
  left = protect(left, few, (a, b) => (a.roundTripMs ?? never) - (b.roundTripMs ?? never));
  left = protect(left, few, (a, b) => (b.usefulAtMs ?? -1) - (a.usefulAtMs ?? -1));
  return protect(left, more, (a, b) => a.openedAtMs - b.openedAtMs);
}

function verdictWhenFull(
  connections: readonly InboundConnection[],
  options: { address: string; inboundMax: number },
): InboundVerdict {
  const { address, inboundMax } = options;
  const sizes = new Map<string, number>();
  const sizeOf = (host: string): number => sizes.get(groupOrAddress(host)) ?? 0;
  for (const connection of connections) {
    sizes.set(groupOrAddress(connection.address), sizeOf(connection.address) + 1);
  }
  const refuse = { kind: "refuse", message: `all ${inboundMax} places for inbound connections are taken` } as const;
  const [leaves] = unprotected(connections, inboundMax).toSorted(
    (a, b) => sizeOf(b.address) - sizeOf(a.address) || b.openedAtMs - a.openedAtMs || b.connectionId - a.connectionId,
  );
  if (leaves === undefined) return refuse;
  const isSameGroup = groupOrAddress(leaves.address) === groupOrAddress(address);
  if (!isSameGroup && sizeOf(address) >= sizeOf(leaves.address)) return refuse;
  return { kind: "evict", connectionId: leaves.connectionId };
}

/** @param connections all inbound connections, with those whose handshake is under way */
export function admitInbound(options: {
  connections: readonly InboundConnection[];
  address: string;
  settings: NetworkSettings;
}): InboundVerdict {
  const { connections, address, settings } = options;
  const { inboundMax, inboundPerAddressMax, inboundPerGroupMax } = settings;
  const ofAddress = connections.filter((connection) => connection.address === address).length;
  if (ofAddress >= inboundPerAddressMax) {
    return {
      kind: "refuse",
      message: `${ofAddress} connections from ${address} are open; at most ${inboundPerAddressMax}`,
    };
  }
  const group = groupOf(address);
  const ofGroup = connections.filter((connection) => groupOf(connection.address) === group).length;
  if (group !== undefined && ofGroup >= inboundPerGroupMax) {
    return {
      kind: "refuse",
      message: `${ofGroup} connections from the group ${group} are open; at most ${inboundPerGroupMax}`,
    };
  }
  if (connections.length < inboundMax) return { kind: "admit" };
  return verdictWhenFull(connections, { address, inboundMax });
}
