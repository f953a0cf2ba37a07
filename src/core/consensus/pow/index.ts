// The contract of proof of work.

export { DEFAULT_REORG_DEPTH_MAX, PowEngine } from "./engine.ts";
export { decodePowSeal, type PowSeal } from "./seal.ts";
export { searchNonce } from "./search.ts";
