// The contract of proof of work.

export { PowEngine } from "./engine.ts";
export { decodePowSeal, type PowSeal } from "./seal.ts";
export { searchNonce } from "./search.ts";
