// What one node's store says after each event, held against the reference ledger: every block that becomes canonical is
// checked, a head is only left for more work, and what was reported as committed is in the durable chain.

import type { Store, StoreReader } from "../../../src/core/ports/index.ts";
import type { Hash, Height } from "../../../src/core/primitives/index.ts";
import { check } from "../checkFailure.ts";
import { entriesOf, type LedgerBlock, type ReferenceLedger } from "./ledger.ts";
import { stateRootOf } from "./roots.ts";

/** docs/spec/proof-of-work.md, "Timestamps". */
const TIMESTAMP_AHEAD_MS_MAX = 15_000;

export interface ChainChange {
  readonly left: readonly string[];
  readonly adopted: readonly LedgerBlock[];
}

/** How often each transaction stands in one canonical chain, by the hex of its encoding. */
class InclusionCount {
  private readonly counts = new Map<string, number>();

  add(block: LedgerBlock, sign: 1 | -1): void {
    for (const encoded of block.transactions) this.counts.set(encoded, (this.counts.get(encoded) ?? 0) + sign);
  }

  clear(): void {
    this.counts.clear();
  }

  of(encoded: string): number {
    return this.counts.get(encoded) ?? 0;
  }
}

export class NodeChain {
  private readonly name: string;
  private readonly ledger: ReferenceLedger;
  private readonly canonical: string[] = [];
  private readonly inclusions = new InclusionCount();

  constructor(options: { name: string; ledger: ReferenceLedger }) {
    this.name = options.name;
    this.ledger = options.ledger;
  }

  get height(): number {
    return this.canonical.length - 1;
  }

  hashAt(height: number): string | undefined {
    return this.canonical[height];
  }

  heightOf(hash: string): number | undefined {
    const height = this.ledger.get(hash)?.header.height;
    return height !== undefined && this.canonical[height] === hash ? height : undefined;
  }

  /** The store is gone, and the next one starts with nothing. */
  reset(): void {
    this.canonical.length = 0;
    this.inclusions.clear();
  }

  get head(): LedgerBlock {
    const block = this.ledger.get(this.canonical.at(-1) ?? "");
    if (block === undefined) throw new RangeError(`${this.name} has no head`);
    return block;
  }

  /** Whether the canonical chain holds a transaction. */
  includes(encoded: string): boolean {
    return this.inclusions.of(encoded) > 0;
  }

  /**
   * Follows the store to its present head.
   * @param latestMs the latest time that the node's clock has ever shown
   */
  observe(store: StoreReader, latestMs: number): ChainChange | undefined {
    const position = store.head();
    if (position === undefined || position.hash === this.canonical.at(-1)) return undefined;
    const before = this.canonical.length === 0 ? undefined : this.head;
    const left: string[] = [];
    while (this.canonical.length > 0 && store.hashAt(this.height as Height) !== this.canonical.at(-1)) {
      this.inclusions.add(this.head, -1);
      left.push(this.canonical.pop() as string);
    }
    const adopted: LedgerBlock[] = [];
    for (let height = this.canonical.length; height <= position.height; height++) {
      adopted.push(this.adopt(store, height, latestMs));
    }
    check(
      this.canonical.at(-1) === position.hash,
      "canonical chain",
      () => `${this.name}: the head is not its last block`,
    );
    if (before !== undefined) this.checkBetter(before);
    return { left, adopted };
  }

  private adopt(store: StoreReader, height: number, latestMs: number): LedgerBlock {
    const hash = store.hashAt(height as Height);
    const stored = hash === undefined ? undefined : store.block(hash);
    check(stored !== undefined, "canonical chain", () => `${this.name}: block ${height} is missing`);
    const block = this.ledger.add(stored);
    const { header } = block;
    const isLinked = header.height === height && (height === 0 || header.parentHash === this.canonical.at(-1));
    check(isLinked, "canonical chain", () => `${this.name}: block ${height} ${header.hash} is not on the one before`);
    check(
      height === 0 || header.timestampMs <= latestMs + TIMESTAMP_AHEAD_MS_MAX,
      "timestamp ahead",
      () =>
        `${this.name}: block ${height} ${header.hash} is of ${header.timestampMs}, the clock showed ${latestMs} at most`,
    );
    this.canonical.push(header.hash);
    this.inclusions.add(block, 1);
    for (const encoded of block.transactions) {
      check(this.inclusions.of(encoded) === 1, "exactly once", () => `${this.name}: ${encoded} stands there twice`);
    }
    return block;
  }

  /** A head gives way to more work, or at equal work to the lower hash. */
  private checkBetter(before: LedgerBlock): void {
    const { head } = this;
    const isBetter =
      head.totalWork > before.totalWork ||
      (head.totalWork === before.totalWork && head.header.hash < before.header.hash);
    check(
      isBetter,
      "most work",
      () =>
        `${this.name}: head ${before.header.height} ${before.header.hash} of work ${before.totalWork} was left for ` +
        `${head.header.height} ${head.header.hash} of ${head.totalWork}`,
    );
  }

  /** The node has told that a block is committed. */
  checkReported(store: StoreReader, block: { readonly hash: string; readonly height: number }): void {
    const isThere =
      store.hashAt(block.height as Height) === block.hash && store.block(block.hash as Hash) !== undefined;
    check(
      isThere,
      "reported",
      () => `${this.name}: block ${block.height} ${block.hash} was reported and is not stored`,
    );
  }

  /** The whole state in the store against the ledger at its head, and the root over it. */
  checkState(store: StoreReader): void {
    const { head } = this;
    const describe = (message: string) => () => `${this.name}: at block ${head.header.height} ${message}`;
    const entries = [...store.stateEntries()];
    check(stateRootOf(entries) === head.header.stateRoot, "stored state", describe("the state has another root"));
    const expected = new Map(entriesOf(head).map(({ key, value }) => [key.toHex(), value.toHex()]));
    const isEqual =
      entries.length === expected.size &&
      entries.every(({ key, value }) => expected.get(key.toHex()) === value.toHex());
    check(isEqual, "stored state", describe("the state is not that of the ledger"));
  }

  /** What the undo records say of the state at an earlier block, which they must be kept for. */
  checkPast(store: Store, height: number): void {
    const hash = this.canonical[height];
    const block = hash === undefined ? undefined : this.ledger.get(hash);
    if (block === undefined) return;
    for (const { key, value } of entriesOf(block)) {
      const past = store.stateValueAt(key, height as Height);
      check(
        past !== undefined && past.toHex() === value.toHex(),
        "undo records",
        () =>
          `${this.name}: at block ${height} the key ${key.toHex()} had ${value.toHex()}, the undo records say ${past?.toHex()}`,
      );
    }
    const had = new Set(entriesOf(block).map(({ key }) => key.toHex()));
    for (const { key } of entriesOf(this.head)) {
      const isNew = !had.has(key.toHex());
      const past = isNew ? store.stateValueAt(key, height as Height) : undefined;
      check(
        past === undefined,
        "undo records",
        () =>
          `${this.name}: at block ${height} the key ${key.toHex()} was absent, the undo records say ${past?.toHex()}`,
      );
    }
  }
}
