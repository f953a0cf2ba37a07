// A store that a crash can hit at any call, with the durability of SQLite at `synchronous=FULL`: what one call (or one
// `atomically`) writes is there in full or not at all, and what a call that returned wrote stays. Notes are written behind,
// so a crash may lose the last ones. Each life of a node has a wrapper of its own over the store that outlives it.

import type {
  BlockCommit,
  ChainPosition,
  RevertCommit,
  StateChange,
  Store,
  StoredBlock,
} from "../../src/core/ports/index.ts";
import type { Bytes, Hash, Height } from "../../src/core/primitives/index.ts";
import type { Random } from "./random.ts";

/** The process has died in the middle of a call. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

/** Notes that a store holds back before it writes them all. */
const NOTES_BEHIND_MAX = 4;

export class SimulatedStore implements Store {
  private readonly durable: Store;
  private readonly random: Random;
  private readonly onCrash: () => void;
  private readonly notesBehind = new Map<string, Bytes>();
  /** Writes until the planned crash; undefined while none is planned. */
  private writesLeft: number | undefined;
  private diesOnceCommitted = false;
  private isDead = false;
  private depth = 0;

  constructor(options: { durable: Store; random: Random; onCrash: () => void }) {
    this.durable = options.durable;
    this.random = options.random;
    this.onCrash = options.onCrash;
  }

  /** The process dies during the write after `writes` more of them, before or after it became durable; or never. */
  planCrash(writes: number | undefined): void {
    this.writesLeft = writes;
  }

  /** From now on, whoever still holds the store learns that its process is dead. */
  kill(): void {
    this.isDead = true;
  }

  /** Whether what is written now could still be undone. */
  get isWriting(): boolean {
    return this.depth > 0;
  }

  private alive(): Store {
    if (this.isDead) throw new CrashError("the process is dead");
    return this.durable;
  }

  private crash(): never {
    this.isDead = true;
    this.onCrash();
    throw new CrashError("the process died in a write");
  }

  /** Runs one write; the planned crash comes before it, after it, or once everything around it is durable. */
  private write<Value>(run: (durable: Store) => Value): Value {
    const durable = this.alive();
    const isLast = this.writesLeft !== undefined && this.writesLeft-- <= 0;
    if (!isLast) return run(durable);
    const moment = this.random.pick(["before", "after", "committed"] as const);
    if (moment === "before") this.crash();
    const value = run(durable);
    if (moment === "after" || this.depth === 0) this.crash();
    this.diesOnceCommitted = true;
    return value;
  }

  head(): ChainPosition | undefined {
    return this.alive().head();
  }

  hashAt(height: Height): Hash | undefined {
    return this.alive().hashAt(height);
  }

  block(hash: Hash): StoredBlock | undefined {
    return this.alive().block(hash);
  }

  header(hash: Hash): { readonly header: Bytes; readonly totalWork: bigint } | undefined {
    return this.alive().header(hash);
  }

  transactionPosition(hash: Hash): { readonly height: Height; readonly index: number } | undefined {
    return this.alive().transactionPosition(hash);
  }

  eventHeights(options: Parameters<Store["eventHeights"]>[0]): readonly Height[] {
    return this.alive().eventHeights(options);
  }

  stateValue(key: Bytes): Bytes | undefined {
    return this.alive().stateValue(key);
  }

  undoHeightMin(): Height {
    return this.alive().undoHeightMin();
  }

  changedKeysAt(height: Height): readonly Bytes[] | undefined {
    return this.alive().changedKeysAt(height);
  }

  stateValueAt(key: Bytes, height: Height): Bytes | undefined {
    return this.alive().stateValueAt(key, height);
  }

  treePage(prefix: string): Bytes | undefined {
    return this.alive().treePage(prefix);
  }

  snapshot<Value>(read: () => Value): Value {
    return this.alive().snapshot(read);
  }

  stateEntries(): Iterable<{ readonly key: Bytes; readonly value: Bytes }> {
    return this.alive().stateEntries();
  }

  changesAt(height: Height): readonly StateChange[] {
    return this.alive().changesAt(height);
  }

  sideBlocks(): readonly { readonly hash: Hash; readonly height: Height }[] {
    return this.alive().sideBlocks();
  }

  commitBlock(commit: BlockCommit): void {
    this.write((durable) => durable.commitBlock(commit));
  }

  revertHead(commit: RevertCommit): void {
    this.write((durable) => durable.revertHead(commit));
  }

  keepSideBlock(block: StoredBlock): void {
    this.write((durable) => durable.keepSideBlock(block));
  }

  dropSideBlocks(hashes: readonly Hash[]): void {
    this.write((durable) => durable.dropSideBlocks(hashes));
  }

  /** A crash inside undoes all of it, one after the outermost has returned leaves all of it. */
  atomically(write: () => boolean): boolean {
    const durable = this.alive();
    const isOutermost = this.depth === 0;
    this.depth++;
    let isKept: boolean;
    try {
      isKept = durable.atomically(write);
    } finally {
      this.depth--;
    }
    if (isOutermost && this.diesOnceCommitted) this.crash();
    return isKept;
  }

  note(name: string): Bytes | undefined {
    return this.notesBehind.get(name) ?? this.alive().note(name);
  }

  saveNote(name: string, value: Bytes): void {
    const durable = this.alive();
    this.notesBehind.set(name, value);
    if (this.notesBehind.size < NOTES_BEHIND_MAX && this.random.chance(0.5)) return;
    this.writeNotes(durable);
  }

  /** The process ends as it should, and writes what it held back. */
  close(): void {
    this.writeNotes(this.alive());
    this.isDead = true;
  }

  private writeNotes(durable: Store): void {
    for (const [name, bytes] of this.notesBehind) durable.saveNote(name, bytes);
    this.notesBehind.clear();
  }
}
