// The engine that a genesis asks for: the one place that knows them all.

import type { ConsensusEngine } from "../consensus/index.ts";
import { PowEngine, REORG_DEPTH_MAX_DEFAULT } from "../consensus/pow/index.ts";
import type { Genesis } from "../protocol/index.ts";

export { REORG_DEPTH_MAX_DEFAULT };

/** @param settings.reorgDepthMax blocks that this node takes back at most, where the engine takes any back */
export function createEngine(
  genesis: Genesis,
  { reorgDepthMax = REORG_DEPTH_MAX_DEFAULT }: { reorgDepthMax?: number } = {},
): ConsensusEngine {
  return new PowEngine({ genesis, reorgDepthMax });
}
