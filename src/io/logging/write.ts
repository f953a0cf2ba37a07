// Writes text to a file descriptor before it returns, so that the last line before a crash is not lost.

import { writeSync } from "node:fs";

/** A pipe whose reader has stalled is given this long before the text is dropped. */
const STALL_MS_MAX = 1000;
const RETRY_MS = 1;

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Writes all of `text`. A closed reader, a full disk or a pipe that stays full drops the rest: neither the log nor a
 * command's answer is worth stopping the node for.
 */
export function writeFully(fd: number, text: string): void {
  let rest: Uint8Array = new TextEncoder().encode(text);
  let stalledMs = 0;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
      stalledMs = 0;
    } catch (error) {
      const code = errorCode(error);
      if (code === "EINTR") continue;
      if (code !== "EAGAIN" || stalledMs >= STALL_MS_MAX) return;
      Atomics.wait(sleepCell, 0, 0, RETRY_MS);
      stalledMs += RETRY_MS;
    }
  }
}
