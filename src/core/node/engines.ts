// The engine that a genesis asks for: the one place that knows them all.

import type { ConsensusEngine } from "../consensus/index.ts";
import { PowEngine } from "../consensus/pow/index.ts";
import type { Genesis } from "../protocol/index.ts";

export function createEngine(genesis: Genesis): ConsensusEngine {
  return new PowEngine({ genesis });
}
