// The contract of the chain: import, fork choice, templates, headers.

export { Chain, type HeaderResult, type ImportItem, type ImportReport, type ImportResult } from "./chain.ts";
export { type ImportCode, type ImportRefusal, isHashInvalid } from "./codes.ts";
export type { DeepSplit } from "./deepSplit.ts";
export { createGenesisBlock, type GenesisBlock } from "./genesisBlock.ts";
export { type ChainHeader, type HeaderOverlay, loadHeader } from "./headers.ts";
export type { ImportedBlock } from "./importedBlock.ts";
export type { Template, TransactionSource } from "./template.ts";
