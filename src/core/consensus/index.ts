// The contract of consensus engines, without any of them.

export type { Ancestry, ChainTip, ConsensusCode, ConsensusEngine, ConsensusRefusal } from "./engine.ts";
