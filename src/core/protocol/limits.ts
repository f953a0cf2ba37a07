// Bounds of what a transaction or block may hold that are the same on every chain. Bounds that a chain chooses are in its
// genesis (genesis.ts).

/** Supply and every sum of balances stay within the safe integers (docs/spec/encoding.md, "Numbers"). */
export const MAX_SUPPLY = Number.MAX_SAFE_INTEGER;

/** Largest module of a deploy: with its key and account it fits into the new state of one block (genesis.ts). */
export const MODULE_SIZE_BYTES_MAX = 250_000;
/** Largest JSON text of a deploy's or call's arguments, in UTF-8. */
export const ARGS_SIZE_BYTES_MAX = 64 * 1024;
/** Longest function name of a call, in UTF-8. */
export const FUNCTION_NAME_SIZE_BYTES_MAX = 256;
/** Largest encoded transaction: a deploy with the longest code and arguments, and room for its other fields. */
export const TRANSACTION_SIZE_BYTES_MAX = MODULE_SIZE_BYTES_MAX + ARGS_SIZE_BYTES_MAX + 1024;

/** Largest block that a genesis may allow, encoded. */
export const BLOCK_SIZE_BYTES_LIMIT = 4 * 1024 * 1024;
/** More transactions than the smallest ones could fill the largest block with. */
export const BLOCK_TRANSACTIONS_MAX = 32 * 1024;
export const BLOCK_VOTES_MAX = 4096;
export const BLOCK_EVIDENCE_MAX = 64;
export const VOTE_SIZE_BYTES_MAX = 1024;
export const EVIDENCE_SIZE_BYTES_MAX = 4096;
/** What a consensus engine may put into a header. */
export const SEAL_SIZE_BYTES_MAX = 256;
/** Largest encoded header: 245 bytes and the seal, and room for what a later version adds. */
export const HEADER_SIZE_BYTES_MAX = 1024 + SEAL_SIZE_BYTES_MAX;

export const EVENTS_PER_RECEIPT_MAX = 1024;
export const TOPICS_PER_EVENT_MAX = 4;
export const EVENT_DATA_SIZE_BYTES_MAX = 64 * 1024;
export const RETURN_DATA_SIZE_BYTES_MAX = 64 * 1024;
export const LOGS_PER_RECEIPT_MAX = 256;
export const LOG_SIZE_BYTES_MAX = 1024;

export const GENESIS_ACCOUNTS_MAX = 100_000;
export const GENESIS_ALLOW_LIST_MAX = 10_000;
export const CHAIN_NAME_SIZE_BYTES_MAX = 64;
