// What a sealer Worker does: search a stretch, look for messages, keep to the limit, search on.

import type { SealResult } from "../../core/ports/index.ts";
import type { SealerCommand } from "./sealer.ts";

// About two milliseconds of hashing: how late a new job may be noticed.
const STRETCH_HASHES = 4096;
const MS_PER_SECOND = 1000;

type Search = (options: { header: Uint8Array; target: Uint8Array; start: number; count: number }) => number | undefined;

/**
 * Returns the handler of incoming commands.
 * @param options.search the engine's nonce search
 */
export function createSealerLoop(options: {
  search: Search;
  post: (result: SealResult) => void;
}): (command: SealerCommand) => void {
  let current: Extract<SealerCommand, { kind: "start" }> | undefined;
  let isLooping = false;

  async function loop(): Promise<void> {
    isLooping = true;
    let command = current;
    let nonce = command?.firstNonce ?? 0;
    while (current !== undefined) {
      if (command !== current) {
        command = current;
        nonce = command.firstNonce;
      }
      const startedMs = performance.now();
      const { job, hashRateLimit } = current;
      const count = hashRateLimit === 0 ? STRETCH_HASHES : Math.min(STRETCH_HASHES, Math.max(1, hashRateLimit / 20));
      const found = options.search({ header: job.header, target: job.target, start: nonce, count: Math.floor(count) });
      nonce += Math.floor(count);
      if (found !== undefined) {
        current = undefined;
        options.post({ jobId: job.jobId, nonce: found });
        break;
      }
      const restMs =
        hashRateLimit === 0 ? 0 : (count / hashRateLimit) * MS_PER_SECOND - (performance.now() - startedMs);
      // A timer rests a millisecond at least, which would halve the rate of a search without a limit.
      await new Promise((resolve) => (restMs > 0 ? setTimeout(resolve, Math.ceil(restMs)) : setImmediate(resolve)));
    }
    isLooping = false;
  }

  return (command) => {
    current = command.kind === "start" ? command : undefined;
    if (current !== undefined && !isLooping) void loop();
  };
}
