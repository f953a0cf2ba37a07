// The cursor of a page of events: where the next page begins, as text that a client gives back as it is.

import type { EventPosition } from "../../core/node/index.ts";
import { type Height, isUint } from "../../core/primitives/index.ts";

const CURSOR_PATTERN = /^(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})$/;

export function writeCursor({ height, transactionIndex, eventIndex }: EventPosition): string {
  return `${height}-${transactionIndex}-${eventIndex}`;
}

/** Undefined for what `writeCursor` has not written. */
export function readCursor(text: string): EventPosition | undefined {
  const [height, transactionIndex, eventIndex] = CURSOR_PATTERN.exec(text)?.slice(1).map(Number) ?? [];
  if (!isUint(height) || !isUint(transactionIndex) || !isUint(eventIndex)) return undefined;
  return { height: height as Height, transactionIndex, eventIndex };
}
