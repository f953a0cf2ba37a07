// What the chain knows of consensus. Nothing outside an engine's folder asks which engine runs.

import type { SealJob } from "../ports/index.ts";
import type { Bytes, Hash, Height, Refusal, TimestampMs } from "../primitives/index.ts";
import type { BlockBody, Header } from "../protocol/index.ts";

export type ConsensusCode =
  | "invalid_seal"
  | "invalid_timestamp"
  | "timestamp_ahead"
  | "unexpected_votes"
  | "insufficient_work";

export type ConsensusRefusal = Refusal<ConsensusCode>;

/** Reads the headers that end in a given one, as far as an engine looks back. */
export interface Ancestry {
  /** The header `distance` generations above the parent (0 is the parent itself); undefined past genesis. */
  header(distance: number): Header | undefined;
}

export interface ChainTip {
  readonly hash: Hash;
  readonly totalWork: bigint;
}

export interface ConsensusEngine {
  readonly name: string;
  /** What block 0 carries as its seal. */
  readonly genesisSeal: Bytes;

  /** Rules on the header alone. Block 0 is not asked about. */
  checkSanity(header: Header): ConsensusRefusal | undefined;
  /** Rules on the parts of the body that belong to the engine. */
  checkBody(body: BlockBody): ConsensusRefusal | undefined;
  /** Rules that need the headers before it and the time. `timestamp_ahead` means: hold it, and ask again later. */
  checkContext(options: { header: Header; ancestry: Ancestry; nowMs: TimestampMs }): ConsensusRefusal | undefined;

  /** The least timestamp that a child of `parent` may have. */
  timestampMin(parent: Header): TimestampMs;
  /** The seal of a header that is yet to be sealed. */
  prepareSeal(options: { timestampMs: TimestampMs; ancestry: Ancestry }): Bytes;
  /** What a sealer needs to seal `header`. */
  sealJob(options: { jobId: number; header: Header }): SealJob;
  /** The header with the nonce that a sealer found. */
  applySeal(header: Header, nonce: number): Header;

  /** The seal as named values, for people and programs that look at blocks. */
  describeSeal(header: Header): Readonly<Record<string, string>>;
  /** What a header adds to the total work of its chain. */
  workOf(header: Header): bigint;
  /** Whether `candidate` should be the head in place of `current`. */
  isBetter(options: { candidate: ChainTip; current: ChainTip }): boolean;
  /** The height at and below which nothing is expected to be undone any more. */
  safeHeight(head: Height): Height;
  /** The height at and below which this node undoes nothing. */
  finalizedHeight(head: Height): Height;
}
