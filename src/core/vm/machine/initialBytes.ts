// What a module's data segments make of a memory of zeros, in few pieces: compilers write a segment for each short text,
// and writing one takes longer than the bytes between two of them.

import type { Bytes } from "../../primitives/index.ts";
import type { DataSegment } from "../module/types.ts";

export interface InitialBytes {
  readonly offset: number;
  readonly bytes: Bytes;
}

/** As many zeros between two segments are written with them. */
const GAP_SIZE_BYTES_MAX = 64;

function endOf({ offset, bytes }: DataSegment): number {
  return offset + bytes.length;
}

/** Segments that touch, overlap or all but touch, by rising offset. */
function groups(segments: readonly DataSegment[]): DataSegment[][] {
  const found: DataSegment[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const segment of segments.toSorted((left, right) => left.offset - right.offset)) {
    if (segment.offset > end + GAP_SIZE_BYTES_MAX) found.push([segment]);
    else found.at(-1)?.push(segment);
    end = Math.max(end, endOf(segment));
  }
  return found;
}

/** Where segments overlap, the later one stands, as when the engine writes them in their order. */
export function joinSegments(segments: readonly DataSegment[]): readonly InitialBytes[] {
  const place = new Map(segments.map((segment, index) => [segment, index]));
  const order = (segment: DataSegment) => place.get(segment) as number;
  return groups(segments.filter(({ bytes }) => bytes.length > 0)).map((group) => {
    const offset = (group[0] as DataSegment).offset;
    const bytes = new Uint8Array(Math.max(...group.map(endOf)) - offset);
    for (const segment of group.sort((left, right) => order(left) - order(right))) {
      bytes.set(segment.bytes, segment.offset - offset);
    }
    return { offset, bytes };
  });
}
