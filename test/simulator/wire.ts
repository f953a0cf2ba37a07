// How a message becomes bytes and back in the simulated network: what a node's TCP adapter does with its lines.

import type { LineFault } from "../../src/core/ports/index.ts";

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

/** The wire of a cluster of one, over which nothing goes. */
export function createWire<Message>(): Wire<Message> {
  return {
    encode: () => {
      throw new RangeError("a cluster of one sends nothing");
    },
    createReader: () => () => [],
  };
}
