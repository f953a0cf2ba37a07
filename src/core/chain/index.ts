// The contract of the chain: import, templates, headers.

export { Chain, type ImportedBlock, type ImportResult, type Template, type TransactionSource } from "./chain.ts";
export type { ImportCode, ImportRefusal } from "./codes.ts";
export { createGenesisBlock, type GenesisBlock } from "./genesisBlock.ts";
export { type ChainHeader, loadHeader } from "./headers.ts";
