// The contract of proof of work.

export { PowEngine, REORG_DEPTH_MAX_DEFAULT } from "./engine.ts";
export { decodePowSeal, type PowSeal } from "./seal.ts";
export { searchNonce } from "./search.ts";
