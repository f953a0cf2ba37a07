// Bounds of a contract's module and of what it may do. All of them are consensus (docs/spec/contracts.md).

export { MODULE_SIZE_BYTES_MAX } from "../protocol/index.ts";

/** Bytes of a module once it is metered. */
export const METERED_SIZE_BYTES_MAX = 1_048_576;

export const TYPES_MAX = 512;
/** Imported ones included. */
export const FUNCTIONS_MAX = 4096;
export const GLOBALS_MAX = 512;
export const EXPORTS_MAX = 256;
export const EXPORT_NAME_SIZE_BYTES_MAX = 256;
export const PARAMETERS_MAX = 32;
export const RESULTS_MAX = 1;
/** Of one function, its parameters included. */
export const LOCALS_MAX = 256;
/** Sum over the functions of locals x (control blocks + 1): what the engine's compiler needs memory for. */
export const LOCALS_BY_BLOCKS_MAX = 2_000_000;
export const BODY_SIZE_BYTES_MAX = 65_536;
export const NESTING_MAX = 256;
export const OPERAND_HEIGHT_MAX = 1024;
export const BRANCH_TABLE_TARGETS_MAX = 1024;
/** Sum over the module. */
export const BRANCH_TABLE_TARGETS_SUM_MAX = 16_384;
export const TABLE_ENTRIES_MAX = 4096;
export const DATA_SEGMENTS_MAX = 1024;
export const ELEMENT_SEGMENTS_MAX = 256;
export const CUSTOM_SECTIONS_MAX = 64;

export const PAGE_SIZE_BYTES = 65_536;
/** Pages of one memory, declared or grown to. */
export const MEMORY_PAGES_MAX = 256;
/** Pages of all memories that are alive in one transaction's tree of calls. */
export const CALL_TREE_PAGES_MAX = 512;
/** Slots of 16 bytes that the frames of one transaction's tree of calls may take together. */
export const STACK_SLOTS_MAX = 65_536;
/** The transaction's own call is at depth 1. */
export const CALL_DEPTH_MAX = 64;

export const STORAGE_KEY_SIZE_BYTES_MAX = 128;
export const STORAGE_VALUE_SIZE_BYTES_MAX = 16_384;
