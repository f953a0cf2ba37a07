// The Store port in memory: what the simulator and the tests of the core run on. Held to the same contract suite as SQLite.

import type {
  BlockCommit,
  ChainPosition,
  PageChange,
  RevertCommit,
  StateChange,
  Store,
  StoredBlock,
} from "../../src/core/ports/index.ts";
import {
  type Address,
  assert,
  type Bytes,
  EMPTY_BYTES,
  type Hash,
  type Height,
} from "../../src/core/primitives/index.ts";

function copyAll<Item extends object>(items: readonly Item[]): Item[] {
  return items.map((item) => ({ ...item }));
}

// As SQLite does: the undo records of so many blocks are dropped at a commit.
const UNDO_HEIGHTS_DROPPED_MAX = 4;

export class MemoryStore implements Store {
  private readonly blocks = new Map<Hash, StoredBlock>();
  private readonly canonical = new Map<Height, Hash>();
  private readonly side = new Map<Hash, Height>();
  private readonly positions = new Map<Hash, { height: Height; index: number }>();
  private readonly state = new Map<string, Bytes>();
  private readonly undo = new Map<Height, readonly StateChange[]>();
  private readonly pages = new Map<string, Bytes>();
  private readonly notes = new Map<string, Bytes>();
  private readonly eventSources = new Map<Height, readonly Address[]>();
  /** What leads back to the beginning of the outermost `atomically`, last step first; undefined outside of one. */
  private stepsBack: (() => void)[] | undefined;

  head(): ChainPosition | undefined {
    const height = (this.canonical.size - 1) as Height;
    const hash = this.canonical.get(height);
    return hash === undefined ? undefined : { height, hash };
  }

  hashAt(height: Height): Hash | undefined {
    return this.canonical.get(height);
  }

  block(hash: Hash): StoredBlock | undefined {
    return this.blocks.get(hash);
  }

  header(hash: Hash): { readonly header: Bytes; readonly totalWork: bigint } | undefined {
    return this.blocks.get(hash);
  }

  transactionPosition(hash: Hash): { readonly height: Height; readonly index: number } | undefined {
    return this.positions.get(hash);
  }

  eventHeights(options: {
    address: Address;
    heightMin: Height;
    heightMax: Height;
    countMax: number;
  }): readonly Height[] {
    const { address, heightMin, heightMax, countMax } = options;
    return [...this.eventSources]
      .filter(([height, sources]) => height >= heightMin && height <= heightMax && sources.includes(address))
      .map(([height]) => height)
      .toSorted((left, right) => left - right)
      .slice(0, countMax);
  }

  stateValue(key: Bytes): Bytes | undefined {
    return this.state.get(key.toHex());
  }

  undoHeightMin(): Height {
    const heights = [...this.undo.keys()];
    return (heights.length === 0 ? this.canonical.size : Math.min(...heights)) as Height;
  }

  stateValueAt(key: Bytes, height: Height): Bytes | undefined {
    assert(height + 1 >= this.undoHeightMin(), "the undo records down to the height that is asked for are kept");
    for (let above = height + 1; above < this.canonical.size; above++) {
      const changes = this.undo.get(above as Height) ?? [];
      const change = changes.find((candidate) => candidate.key.toHex() === key.toHex());
      if (change !== undefined) return change.previous;
    }
    return this.stateValue(key);
  }

  changedKeysAt(height: Height): readonly Bytes[] | undefined {
    return this.undo.get(height)?.map(({ key }) => key);
  }

  treePage(prefix: string): Bytes | undefined {
    return this.pages.get(prefix);
  }

  note(name: string): Bytes | undefined {
    return this.notes.get(name);
  }

  snapshot<Value>(read: () => Value): Value {
    return read();
  }

  *stateEntries(): Iterable<{ readonly key: Bytes; readonly value: Bytes }> {
    for (const key of [...this.state.keys()].toSorted()) {
      yield { key: Uint8Array.fromHex(key), value: this.state.get(key) as Bytes };
    }
  }

  /** All stored pages of the state tree, in ascending order; for checks of what is left behind. */
  pageEntries(): readonly (readonly [prefix: string, body: Bytes])[] {
    return [...this.pages].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }

  changesAt(height: Height): readonly StateChange[] {
    const changes = this.undo.get(height);
    assert(changes !== undefined, "the undo record of a block that is taken back is kept");
    return changes;
  }

  atomically(write: () => boolean): boolean {
    const isOuter = this.stepsBack === undefined;
    this.stepsBack ??= [];
    const steps = this.stepsBack;
    const begun = steps.length;
    let isKept = false;
    try {
      isKept = write();
    } finally {
      if (!isKept) for (const step of steps.splice(begun).toReversed()) step();
      if (isOuter) this.stepsBack = undefined;
    }
    return isKept;
  }

  commitBlock(commit: BlockCommit): void {
    const { block } = commit;
    const head = this.head();
    assert(
      head === undefined ? block.height === 0 : block.parentHash === head.hash && block.height === head.height + 1,
      "a committed block follows the head",
    );
    assert(commit.undoHeightMin <= block.height, "a committed block can be taken back");
    // Everything is read before anything is written, so that a commit that can't be read leaves nothing.
    const [kept, state, pages] = [{ ...block }, copyAll(commit.state), copyAll(commit.pages)];
    this.put(this.blocks, block.hash, kept);
    this.put(this.side, block.hash, undefined);
    this.put(this.canonical, block.height, block.hash);
    kept.transactionHashes.forEach((hash, index) => {
      this.put(this.positions, hash, { height: block.height, index });
    });
    if (commit.eventSources.length > 0) this.put(this.eventSources, block.height, [...commit.eventSources]);
    if (block.height > 0) this.put(this.undo, block.height, state);
    const dropped = [...this.undo.keys()].filter((height) => height < commit.undoHeightMin);
    for (const height of dropped.toSorted((left, right) => left - right).slice(0, UNDO_HEIGHTS_DROPPED_MAX)) {
      this.put(this.undo, height, undefined);
    }
    this.write(state, pages);
  }

  revertHead(commit: RevertCommit): void {
    const head = this.head();
    assert(head !== undefined && head.height === commit.height && head.height > 0, "the head is what is taken back");
    const [state, pages] = [copyAll(commit.state), copyAll(commit.pages)];
    for (const hash of this.blocks.get(head.hash)?.transactionHashes ?? []) this.put(this.positions, hash, undefined);
    this.put(this.canonical, head.height, undefined);
    this.put(this.side, head.hash, head.height);
    this.put(this.undo, head.height, undefined);
    this.put(this.eventSources, head.height, undefined);
    this.write(state, pages);
  }

  keepSideBlock(block: StoredBlock): void {
    if (this.blocks.has(block.hash)) return;
    this.put(this.blocks, block.hash, { ...block, receipts: EMPTY_BYTES });
    this.put(this.side, block.hash, block.height);
  }

  sideBlocks(): readonly { readonly hash: Hash; readonly height: Height }[] {
    const listed = Array.from(this.side, ([hash, height]) => ({ hash, height }));
    return listed.toSorted((left, right) => left.height - right.height || (left.hash < right.hash ? -1 : 1));
  }

  dropSideBlocks(hashes: readonly Hash[]): void {
    const kept = hashes.filter((hash) => this.blocks.has(hash));
    assert(
      kept.every((hash) => this.side.has(hash)),
      "a canonical block is not forgotten",
    );
    for (const hash of kept) {
      this.put(this.side, hash, undefined);
      this.put(this.blocks, hash, undefined);
    }
  }

  saveNote(name: string, value: Bytes): void {
    this.put(this.notes, name, value.slice());
  }

  private write(state: readonly StateChange[], pages: readonly PageChange[]): void {
    for (const { key, value } of state) this.put(this.state, key.toHex(), value);
    for (const { prefix, body } of pages) this.put(this.pages, prefix, body);
  }

  /** Sets an entry, or deletes it when there is no value, and remembers how it was while that may be asked for. */
  private put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): void {
    const previous = map.get(key);
    const replace = (next: Value | undefined) => (next === undefined ? map.delete(key) : map.set(key, next));
    this.stepsBack?.push(() => replace(previous));
    replace(value);
  }
}
