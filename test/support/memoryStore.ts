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
import { assert, type Bytes, type Hash, type Height } from "../../src/core/primitives/index.ts";

function copyAll<Item extends object>(items: readonly Item[]): Item[] {
  return items.map((item) => ({ ...item }));
}

export class MemoryStore implements Store {
  private readonly blocks = new Map<Hash, StoredBlock>();
  private readonly canonical: Hash[] = [];
  private readonly positions = new Map<Hash, { height: Height; index: number }>();
  private readonly state = new Map<string, Bytes>();
  private readonly undo: (readonly StateChange[])[] = [];
  private readonly pages = new Map<string, Bytes>();

  head(): ChainPosition | undefined {
    const hash = this.canonical.at(-1);
    return hash === undefined ? undefined : { height: (this.canonical.length - 1) as Height, hash };
  }

  hashAt(height: Height): Hash | undefined {
    return this.canonical[height];
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

  stateValue(key: Bytes): Bytes | undefined {
    return this.state.get(key.toHex());
  }

  stateValueAt(key: Bytes, height: Height): Bytes | undefined {
    for (const changes of this.undo.slice(height + 1)) {
      const change = changes.find((candidate) => candidate.key.toHex() === key.toHex());
      if (change !== undefined) return change.previous;
    }
    return this.stateValue(key);
  }

  changedKeysAt(height: Height): readonly Bytes[] | undefined {
    return this.undo[height]?.map(({ key }) => key);
  }

  treePage(prefix: string): Bytes | undefined {
    return this.pages.get(prefix);
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
    const changes = this.undo[height];
    assert(changes !== undefined, "the undo record of a block that is taken back is kept");
    return changes;
  }

  commitBlock(commit: BlockCommit): void {
    const { block } = commit;
    const head = this.head();
    assert(
      head === undefined ? block.height === 0 : block.parentHash === head.hash && block.height === head.height + 1,
      "a committed block follows the head",
    );
    // Everything is read before anything is written, so that a commit that can't be read leaves nothing.
    const [kept, state, pages] = [{ ...block }, copyAll(commit.state), copyAll(commit.pages)];
    this.blocks.set(block.hash, kept);
    this.canonical.push(block.hash);
    kept.transactionHashes.forEach((hash, index) => {
      this.positions.set(hash, { height: block.height, index });
    });
    this.undo.push(state);
    this.write(state, pages);
  }

  revertHead(commit: RevertCommit): void {
    const head = this.head();
    assert(head !== undefined && head.height === commit.height && head.height > 0, "the head is what is taken back");
    const [state, pages] = [copyAll(commit.state), copyAll(commit.pages)];
    for (const hash of this.blocks.get(head.hash)?.transactionHashes ?? []) this.positions.delete(hash);
    this.canonical.pop();
    this.undo.pop();
    this.write(state, pages);
  }

  private write(state: readonly StateChange[], pages: readonly PageChange[]): void {
    for (const { key, value } of state) {
      if (value === undefined) this.state.delete(key.toHex());
      else this.state.set(key.toHex(), value);
    }
    for (const { prefix, body } of pages) {
      if (body === undefined) this.pages.delete(prefix);
      else this.pages.set(prefix, body);
    }
  }
}
