// How a message becomes bytes and back in the simulated network: what a node's TCP adapter does with its lines.

import { createWireCodec, lineSizeBytesMax, type Message } from "../../src/core/network/index.ts";
import type { LineFault } from "../../src/core/ports/index.ts";
import { LineSplitter, parseJsonLine, type SplitLine } from "../../src/io/tcp/index.ts";

export type WireReading<Message> =
  | { readonly kind: "message"; readonly message: Message; readonly sizeBytes: number }
  | { readonly kind: "fault"; readonly fault: LineFault; readonly reason: string };

export interface Wire<Message> {
  /** The message as a line, with its end. */
  encode(message: Message): Uint8Array;
  /** What turns the bytes of one connection into messages, in whatever pieces they come. */
  createReader(): (bytes: Uint8Array) => readonly WireReading<Message>[];
}

const VALUE_OVERHEAD_BYTES = 8;

/** About how long a message's line is, without making it: bytes travel as hex, two digits each. */
export function estimateSizeBytes(value: unknown): number {
  if (value instanceof Uint8Array) return 2 * value.length + VALUE_OVERHEAD_BYTES;
  if (typeof value === "string") return value.length + VALUE_OVERHEAD_BYTES;
  if (typeof value !== "object" || value === null) return 2 * VALUE_OVERHEAD_BYTES;
  let sizeBytes = VALUE_OVERHEAD_BYTES;
  for (const part of Array.isArray(value) ? value : Object.values(value)) sizeBytes += estimateSizeBytes(part);
  return sizeBytes;
}

const encoder = new TextEncoder();

/** The node's own: its codec, its line splitter and its strict parser of JSON. */
export function createWire(options: { blockSizeBytesMax: number }): Wire<Message> {
  const codec = createWireCodec(options);
  const sizeBytesMax = lineSizeBytesMax(options.blockSizeBytesMax);
  const read = (line: SplitLine): WireReading<Message> => {
    if (line.kind === "fault") return line;
    const parsed = parseJsonLine(line.text);
    const decoded = parsed.ok ? codec.fromJson(parsed.value) : parsed;
    if (decoded.ok) return { kind: "message", message: decoded.value, sizeBytes: line.sizeBytes + 1 };
    return { kind: "fault", fault: "malformed_message", reason: decoded.refusal.message };
  };
  return {
    encode: (message) => encoder.encode(`${JSON.stringify(codec.toJson(message))}\n`),
    createReader: () => {
      const splitter = new LineSplitter({ sizeBytesMax });
      return (bytes) => {
        const readings: WireReading<Message>[] = [];
        splitter.push(bytes);
        for (let next = splitter.next(); next !== undefined; next = splitter.next()) readings.push(read(next));
        return readings;
      };
    },
  };
}
