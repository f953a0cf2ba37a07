// Waiting for what was submitted: until a block includes it, or until that block is final.

import { Type } from "@sinclair/typebox";
import type { ServerErrorCode } from "../../../client/index.ts";
import { accept, type Hash, type Result, refuse } from "../../../core/primitives/index.ts";
import type { NodeHandle } from "../../node.ts";
import { readQuery, readQueryInteger } from "../parameters.ts";
import type { RouteContext } from "../route.ts";

const TIMEOUT_MS_DEFAULT = 30_000;
const TIMEOUT_MS_MAX = 60_000;
// The socket stays open for the answer longer than the request waits.
const SOCKET_GRACE_SECONDS = 10;
const GOALS = ["included", "finalized"] as const;

export interface Wait {
  readonly goal: (typeof GOALS)[number];
  readonly timeoutMs: number;
}

export const waitQuery = Type.Object({
  wait: Type.Optional(
    Type.String({
      enum: [...GOALS],
      description:
        "Answer only when a block includes the transaction, or when that block is final. Under proof of work the latter " +
        "takes as many blocks as the node reorganizes at most.",
      examples: ["included"],
    }),
  ),
  timeoutMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: TIMEOUT_MS_MAX,
      default: TIMEOUT_MS_DEFAULT,
      description: "How long to wait, where the request waits.",
      examples: [10_000],
    }),
  ),
});

/** Undefined when the request does not wait. */
export function readWait(request: Request): Result<Wait | undefined, ServerErrorCode> {
  const query = readQuery(request, ["wait", "timeoutMs"]);
  if (!query.ok) return query;
  const wait = query.value.get("wait");
  const goal = GOALS.find((name) => name === wait);
  if (wait !== undefined && goal === undefined) {
    return refuse("invalid_query", `wait is neither of ${GOALS.join(" and ")}`, { parameter: "wait" });
  }
  const timeoutMs = readQueryInteger(query.value, {
    name: "timeoutMs",
    min: 1,
    max: TIMEOUT_MS_MAX,
    preset: TIMEOUT_MS_DEFAULT,
  });
  if (!timeoutMs.ok) return timeoutMs;
  return accept(goal === undefined ? undefined : { goal, timeoutMs: timeoutMs.value });
}

function timedOut(what: string, details: { hash: Hash; timeoutMs: number; blockHeight?: number }) {
  const message = `the transaction is accepted; the waiting, of ${details.timeoutMs} ms at most, ended ${what}`;
  return refuse("inclusion_timeout", message, details);
}

async function waitForFinality(
  node: NodeHandle,
  hash: Hash,
  { timeoutMs, startMs }: { timeoutMs: number; startMs: number },
): Promise<Result<{ readonly height: number }, "inclusion_timeout">> {
  const { queries } = node;
  for (;;) {
    const blockHeight = queries.transaction(hash)?.blockHeight;
    if (blockHeight !== undefined && blockHeight <= queries.heightOf("finalized"))
      return accept({ height: blockHeight });
    const leftMs = Math.ceil(startMs + timeoutMs - performance.now());
    if (leftMs > 0 && (await node.waitForBlock({ timeoutMs: leftMs }))) continue;
    const details = blockHeight === undefined ? { hash, timeoutMs } : { hash, timeoutMs, blockHeight };
    return timedOut("before the block that includes it was final", details);
  }
}

/** The height of the block that includes the transaction. */
export async function waitFor(
  options: { node: NodeHandle; hash: Hash; wait: Wait } & Pick<RouteContext, "request" | "server">,
): Promise<Result<{ readonly height: number }, "inclusion_timeout">> {
  const { node, hash, wait, request, server } = options;
  const { goal, timeoutMs } = wait;
  const startMs = performance.now();
  server?.timeout(request, Math.ceil(timeoutMs / 1000) + SOCKET_GRACE_SECONDS);
  const included = await node.waitForInclusion(hash, { timeoutMs });
  if (included === undefined) return timedOut("before a block included it", { hash, timeoutMs });
  return goal === "included" ? accept(included) : waitForFinality(node, hash, { timeoutMs, startMs });
}
