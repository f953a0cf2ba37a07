// Feeds spoilt lines through everything that stands between a socket and the handling of a message.
//
// Dangers it goes after: an exception out of any of the parts; a value that is neither message nor refusal; a message that
// can't be written again; memory that a peer makes grow.

import { lineSizeBytesMax } from "../../src/core/network/limits.ts";
import { createWireCodec, type WireCodec } from "../../src/core/network/wire/codecTable.ts";
import type { Message } from "../../src/core/network/wire/message.ts";
import type { LineFault } from "../../src/core/ports/index.ts";
import { assert, type Refusal } from "../../src/core/primitives/index.ts";
import { LineSplitter, parseJsonLine, type SplitLine } from "../../src/io/tcp/index.ts";
import { createRandom } from "./random.ts";
import { integerBelow, mutateLine, type Random } from "./wireMutator.ts";
import { WIRE_SAMPLES } from "./wireSamples.ts";

/** The least that a genesis may have, so that long lines are reached soon. */
export const BLOCK_SIZE_BYTES_MAX = 4096;
/** Lines that fill caches and compiled code, after which the heap should stay as it is. */
const WARM_UP_LINES_MAX = 50_000;
const CHUNK_BYTES_MAX = 3000;

/** As an adapter reports them to the replica. */
export type FuzzEvent =
  | { readonly kind: "message"; readonly message: Message; readonly sizeBytes: number }
  | { readonly kind: "fault"; readonly fault: LineFault; readonly reason: string };

export interface FuzzReport {
  readonly lines: number;
  readonly bytes: number;
  /** Of each type, how many were taken. */
  readonly messages: Readonly<Record<string, number>>;
  /** Of each code, how many were refused. */
  readonly faults: Readonly<Record<string, number>>;
  /** Between the end of the warm-up and the end, each after a collection. */
  readonly heapGrownBytes: number;
}

class Counter {
  readonly counts: Record<string, number> = {};

  add(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }
}

function heapBytes(): number {
  Bun.gc(true);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function faultOf({ message }: Refusal<"malformed_message">): FuzzEvent {
  assert(message.length > 0 && message.length < 1000, "a refusal has a sentence of bounded length");
  return { kind: "fault", fault: "malformed_message", reason: message };
}

function eventOf(wire: WireCodec, line: SplitLine): FuzzEvent {
  if (line.kind === "fault") return line;
  const parsed = parseJsonLine(line.text);
  if (!parsed.ok) return faultOf(parsed.refusal);
  const read = wire.fromJson(parsed.value);
  if (!read.ok) return faultOf(read.refusal);
  const again = wire.fromJson(wire.toJson(read.value));
  assert(again.ok && Bun.deepEquals(again.value, read.value), `a message is written as it was read: ${line.text}`);
  return { kind: "message", message: read.value, sizeBytes: line.sizeBytes };
}

/** One connection after the other: each ends with the first line that is too long. */
class Connection {
  private splitter = new LineSplitter({ sizeBytesMax: lineSizeBytesMax(BLOCK_SIZE_BYTES_MAX) });

  /** Gives the lines of `bytes`, which come in chunks. */
  *receive(bytes: Uint8Array, random: Random): Generator<SplitLine> {
    for (let offset = 0; offset < bytes.length; ) {
      const size = 1 + integerBelow(random, CHUNK_BYTES_MAX);
      this.splitter.push(bytes.subarray(offset, offset + size));
      offset += size;
      for (let line = this.splitter.next(); line !== undefined; line = this.splitter.next()) {
        yield line;
        if (line.kind === "fault" && line.fault === "line_too_long") {
          this.splitter = new LineSplitter({ sizeBytesMax: lineSizeBytesMax(BLOCK_SIZE_BYTES_MAX) });
          return;
        }
      }
    }
  }
}

/**
 * Sends `lines` spoilt lines, each of which must become messages or faults.
 * @param options.samples further messages to be spoilt, beside one of each form
 * @param options.handle what messages and faults are given to, as the replica would be
 * @throws AssertionError and whatever the parts throw: the seed and the number of lines give it again
 */
export function fuzzLines(options: {
  seed: number;
  lines: number;
  samples?: readonly Message[];
  handle?: (event: FuzzEvent) => void;
}): FuzzReport {
  const { seed, lines, samples = [], handle } = options;
  const random = createRandom(seed);
  const wire = createWireCodec({ blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });
  const valid = [...Object.values(WIRE_SAMPLES), ...samples].map((message) => JSON.stringify(wire.toJson(message)));
  const connection = new Connection();
  const messages = new Counter();
  const faults = new Counter();
  const warmUpLines = Math.min(WARM_UP_LINES_MAX, Math.floor(lines / 2));
  let heapBeforeBytes = 0;
  let bytesTotal = 0;
  for (let index = 0; index < lines; index++) {
    if (index === warmUpLines) heapBeforeBytes = heapBytes();
    const bytes = Buffer.from(`${mutateLine(valid, random)}\n`, "latin1");
    bytesTotal += bytes.length;
    for (const line of connection.receive(bytes, random)) {
      const event = eventOf(wire, line);
      if (event.kind === "message") messages.add(event.message.type);
      else faults.add(event.fault);
      handle?.(event);
    }
  }
  const heapGrownBytes = heapBytes() - heapBeforeBytes;
  return { lines, bytes: bytesTotal, messages: messages.counts, faults: faults.counts, heapGrownBytes };
}
