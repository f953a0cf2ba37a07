// The endpoints that this node knows: its bootstrap peers, and those that peers told of. Bounded as a whole, by who told
// and by group, so that no one /16 and no one peer can fill it (docs/spec/handshake-and-peers.md, "The address book").

import type { Rng } from "../../ports/index.ts";
import { type Address, assert } from "../../primitives/index.ts";
import { BACK_OFF_BOOTSTRAP_MAX_MS, BACK_OFF_LEARNED_MAX_MS, backOffMs } from "./backOff.ts";
import { pickOne, pickSome, randomBelow } from "./chance.ts";
import { groupOf, groupOrAddress, isSharedWith, parseEndpoint } from "./netAddress.ts";
import { Tally } from "./tally.ts";

/** Learned endpoints: far more than a private network has nodes, and some 100 KiB. */
export const BOOK_ENDPOINTS_MAX = 1_000;
/** Of one source: two full messages. */
export const BOOK_PER_SOURCE_MAX = 64;
/** Of one group: a sixteenth of the book. */
export const BOOK_PER_GROUP_MAX = 64;
/** Own endpoints, of which a node has one or two; more are claims of others. */
const OWN_ENDPOINTS_MAX = 32;
/** After so many failures in a row an endpoint that was never reached is forgotten: half an hour or so. */
const FAILURES_UNTRIED_MAX = 12;
/** One that was reached once is kept for about a day. */
const FAILURES_TRIED_MAX = 150;
/** An endpoint of another group counts as there until it has failed so often in a row. */
const FAILURES_HOPEFUL_MAX = 5;

export interface BookEntry {
  readonly endpoint: string;
  /** Undefined for private and loopback ones, which are as many groups as they are. */
  readonly group: string | undefined;
  /** The group or address of the peer that told of it. */
  readonly source: string;
  readonly isBootstrap: boolean;
  /** A handshake with it was completed once. */
  isTried: boolean;
  /** The key that was last proven there. */
  nodeKey: Address | undefined;
  attempts: number;
  /** In a row. */
  failures: number;
  lastFailure: string | undefined;
  nextAttemptAtMs: number;
}

/** What is kept over a restart of a learned endpoint. */
export type KnownEndpoint = Pick<BookEntry, "endpoint" | "source" | "isTried">;

export class AddressBook {
  private readonly entries = new Map<string, BookEntry>();
  private readonly bootstrap: readonly BookEntry[];
  private readonly bySource = new Tally();
  private readonly byGroup = new Tally();
  private readonly own = new Set<string>();
  private learnedCount = 0;
  private changes = 0;

  constructor(options: { bootstrapPeers: readonly string[]; ownEndpoint: string | undefined }) {
    if (options.ownEndpoint !== undefined) this.own.add(options.ownEndpoint);
    for (const endpoint of options.bootstrapPeers) {
      const host = parseEndpoint(endpoint)?.host ?? endpoint;
      this.entries.set(endpoint, createEntry({ endpoint, host, source: "", isBootstrap: true, isTried: false }));
    }
    this.bootstrap = [...this.entries.values()];
  }

  /** Learned endpoints. */
  get count(): number {
    return this.learnedCount;
  }

  /** Goes up with every change of what is kept over a restart. */
  get version(): number {
    return this.changes;
  }

  get(endpoint: string): BookEntry | undefined {
    return this.entries.get(endpoint);
  }

  bootstrapEntries(): readonly BookEntry[] {
    return this.bootstrap;
  }

  /** Whether a bootstrap peer has proven this key. */
  isBootstrapKey(nodeKey: Address): boolean {
    return this.bootstrap.some((entry) => entry.nodeKey === nodeKey);
  }

  isOwn(endpoint: string): boolean {
    return this.own.has(endpoint);
  }

  /** Takes an endpoint that the peer at `address` told of, if it makes sense here and there is room; true when it is new. */
  learn(endpoint: string, options: { address: string }): boolean {
    const parsed = parseEndpoint(endpoint);
    if (parsed === undefined || !isSharedWith({ endpointHost: parsed.host, address: options.address })) return false;
    return this.insert({ endpoint, host: parsed.host, source: groupOrAddress(options.address), isTried: false });
  }

  /** Takes what an earlier run knew, under the same bounds. */
  restore(known: readonly KnownEndpoint[]): void {
    for (const { endpoint, source, isTried } of known) {
      const host = parseEndpoint(endpoint)?.host;
      if (host !== undefined) this.insert({ endpoint, host, source, isTried });
    }
  }

  learned(): readonly BookEntry[] {
    return [...this.entries.values()].filter((entry) => !entry.isBootstrap);
  }

  private insert(options: { endpoint: string; host: string; source: string; isTried: boolean }): boolean {
    const { endpoint, host, source } = options;
    if (this.entries.has(endpoint) || this.own.has(endpoint)) return false;
    const group = groupOf(host);
    if (this.bySource.get(source) >= BOOK_PER_SOURCE_MAX && !this.dropFailing((entry) => entry.source === source)) {
      return false;
    }
    // What was dropped for the source may have made room in the group as well.
    const isGroupFull = group !== undefined && this.byGroup.get(group) >= BOOK_PER_GROUP_MAX;
    if (isGroupFull && !this.dropFailing((entry) => entry.group === group)) return false;
    if (this.learnedCount >= BOOK_ENDPOINTS_MAX && !this.dropForRoom()) return false;
    this.entries.set(endpoint, createEntry({ ...options, isBootstrap: false }));
    this.bySource.add(source);
    if (group !== undefined) this.byGroup.add(group);
    this.learnedCount++;
    this.changes++;
    return true;
  }

  /** Drops the one that has failed most of those that match and were never reached; false when none has failed. */
  private dropFailing(matches: (entry: BookEntry) => boolean): boolean {
    let worst: BookEntry | undefined;
    for (const entry of this.entries.values()) {
      const isCandidate = !entry.isBootstrap && !entry.isTried && entry.failures > 0 && matches(entry);
      if (isCandidate && entry.failures > (worst?.failures ?? 0)) worst = entry;
    }
    if (worst !== undefined) this.forget(worst.endpoint);
    return worst !== undefined;
  }

  /** A full book loses an endpoint that fails, else the oldest of the source that told of most and none was reached. */
  private dropForRoom(): boolean {
    if (this.dropFailing(() => true)) return true;
    let chosen: BookEntry | undefined;
    for (const entry of this.entries.values()) {
      if (entry.isBootstrap || entry.isTried) continue;
      if (chosen === undefined || this.bySource.get(entry.source) > this.bySource.get(chosen.source)) chosen = entry;
    }
    if (chosen !== undefined) this.forget(chosen.endpoint);
    return chosen !== undefined;
  }

  /** Drops a learned endpoint. */
  forget(endpoint: string): void {
    const entry = this.entries.get(endpoint);
    if (entry === undefined || entry.isBootstrap) return;
    this.entries.delete(endpoint);
    this.bySource.remove(entry.source);
    if (entry.group !== undefined) this.byGroup.remove(entry.group);
    this.learnedCount--;
    this.changes++;
  }

  /** This node was reached under `endpoint`, which is never tried again. */
  markOwn(endpoint: string): void {
    if (this.own.size < OWN_ENDPOINTS_MAX) this.own.add(endpoint);
    this.forget(endpoint);
  }

  /** A handshake was completed. Failures are forgotten only when the connection lasts (`ended`). */
  reached(endpoint: string, nodeKey: Address): void {
    const entry = this.entries.get(endpoint);
    if (entry === undefined) return;
    entry.nodeKey = nodeKey;
    if (entry.isTried) return;
    entry.isTried = true;
    this.changes++;
  }

  /** An attempt failed, or a connection broke off as soon as it was there. */
  failed(endpoint: string, options: { reason: string; nowMs: number; rng: Rng }): void {
    const entry = this.entries.get(endpoint);
    if (entry === undefined) return;
    entry.failures++;
    entry.lastFailure = options.reason;
    const maxMs = entry.isBootstrap ? BACK_OFF_BOOTSTRAP_MAX_MS : BACK_OFF_LEARNED_MAX_MS;
    entry.nextAttemptAtMs = options.nowMs + backOffMs({ failures: entry.failures, maxMs, rng: options.rng });
    const failuresMax = entry.isTried ? FAILURES_TRIED_MAX : FAILURES_UNTRIED_MAX;
    if (entry.failures >= failuresMax) this.forget(endpoint);
  }

  /** A connection that had lasted is over: what failed before does not count any more. */
  ended(endpoint: string, options: { nowMs: number; rng: Rng }): void {
    const entry = this.entries.get(endpoint);
    if (entry === undefined) return;
    entry.failures = 0;
    entry.lastFailure = undefined;
    const wait = backOffMs({ failures: 1, maxMs: BACK_OFF_BOOTSTRAP_MAX_MS, rng: options.rng });
    entry.nextAttemptAtMs = options.nowMs + wait;
  }

  /**
   * The learned endpoint to try next; undefined when there is none, or it is better to wait.
   * @param options.groupsTaken groups of the connections that this node has opened
   * @param options.isTaken whether there is a connection to it already, or one is under way
   */
  next(options: {
    nowMs: number;
    rng: Rng;
    groupsTaken: ReadonlySet<string>;
    isTaken: (entry: BookEntry) => boolean;
  }): BookEntry | undefined {
    const { nowMs, rng, groupsTaken, isTaken } = options;
    const free = this.learned().filter((entry) => !this.own.has(entry.endpoint) && !isTaken(entry));
    const isElsewhere = (entry: BookEntry): boolean => entry.group === undefined || !groupsTaken.has(entry.group);
    // One more of a group that has one is taken only when other groups have nothing, not even after a wait: else an
    // attacker's endpoints, which always answer, would win against honest ones that are slow.
    const elsewhere = free.filter((entry) => isElsewhere(entry) && entry.failures < FAILURES_HOPEFUL_MAX);
    const candidates = (elsewhere.length > 0 ? elsewhere : free).filter((entry) => entry.nextAttemptAtMs <= nowMs);
    const wantsTried = randomBelow(rng, 2) === 0;
    const preferred = candidates.filter((entry) => entry.isTried === wantsTried);
    return pickByGroup(rng, preferred.length > 0 ? preferred : candidates);
  }

  /** Endpoints to tell the peer at `address` of: those that were reached, and those in `vouched`. */
  sample(options: { rng: Rng; countMax: number; address: string; vouched: readonly string[] }): readonly string[] {
    const { rng, countMax, address, vouched } = options;
    const known = new Set(vouched);
    for (const entry of this.entries.values()) if (entry.isTried) known.add(entry.endpoint);
    const shared = [...known].filter((endpoint) => {
      const host = parseEndpoint(endpoint)?.host;
      return host !== undefined && !this.own.has(endpoint) && isSharedWith({ endpointHost: host, address });
    });
    return pickSome(rng, shared, countMax);
  }
}

function createEntry(options: {
  endpoint: string;
  host: string;
  source: string;
  isBootstrap: boolean;
  isTried: boolean;
}): BookEntry {
  const { endpoint, host, source, isBootstrap, isTried } = options;
  assert(endpoint !== "", "an endpoint is host:port");
  return {
    endpoint,
    group: groupOf(host),
    source,
    isBootstrap,
    isTried,
    nodeKey: undefined,
    attempts: 0,
    failures: 0,
    lastFailure: undefined,
    nextAttemptAtMs: 0,
  };
}

/** A group first and one of it then, so that a large group is not likelier than a small one. */
function pickByGroup(rng: Rng, entries: readonly BookEntry[]): BookEntry | undefined {
  const byGroup = new Map<string, BookEntry[]>();
  for (const entry of entries) {
    const group = entry.group ?? entry.endpoint;
    const list = byGroup.get(group);
    if (list === undefined) byGroup.set(group, [entry]);
    else list.push(entry);
  }
  return pickOne(rng, pickOne(rng, [...byGroup.values()]) ?? []);
}
