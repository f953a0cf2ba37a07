// The bounds of sync (docs/spec/sync.md, "Bounds"): how much is asked for, held, and done at once, and for how long it is
// waited for. Those of serving others are in syncServer.ts.

/** Checked headers whose blocks are yet to come; more than a node replaces (`max_reorg_depth`, 1,000), and about 8 MB. */
export const PENDING_HEADERS_MAX = 8192;
/** Checked headers past a full window that are kept until the announced work is shown; engines look back 60. */
export const PROBE_HEADERS_MAX = 1024;
/** Past a full window every so many headers are noted, so that a peer can't give another chain the second time. */
export const CHECKPOINT_DISTANCE = 512;
/** Enough for four million blocks. */
export const CHECKPOINTS_MAX = 8192;
/** Blocks that may be imported while a peer's further headers are early: few enough to be replaced again. */
export const UNPROVEN_BLOCKS_MAX = 64;
/** Answers in a row with less than half of what fits while the announced work is not shown: a peer that drips them. */
export const SHORT_ANSWERS_MAX = 8;
/** Hashes of invalid headers that are remembered. */
export const INVALID_HASHES_MAX = 1024;

/** Bytes of blocks that are held or under way ahead of the import. */
export const BODY_WINDOW_BYTES_MAX = 32 * 1024 * 1024;
/** Blocks that are held or under way ahead of the import: 16 requests of 128. */
export const BODY_WINDOW_BLOCKS_MAX = 2048;
/** What one answer should come to: large enough to hide the round trip, small enough to spread over peers. */
export const ANSWER_BYTES_AIM = 1024 * 1024;
/** What a block is taken to have before the first has come: asks for 16 at first. */
export const BLOCK_BYTES_GUESS = 64 * 1024;
/** Requests for blocks under way at one peer: at first, at one that answers quickly, and at one that has been slow. */
export const PEER_REQUESTS_START = 2;
export const PEER_REQUESTS_MAX = 4;
export const PEER_REQUESTS_MIN = 1;
/** Requests that were given up and may still be answered. The oldest is forgotten first. */
export const GIVEN_UP_REQUESTS_MAX = 256;

/** Recovery jobs under way: one for each of two cores and one that waits. */
export const RECOVERY_JOBS_MAX = 3;
/** Transactions and blocks of one recovery job; a block is not split. */
export const RECOVERY_TRANSACTIONS_MAX = 1024;
export const RECOVERY_BLOCKS_MAX = 64;
/** While other jobs are under way, a smaller one waits to be joined by more. */
export const RECOVERY_TRANSACTIONS_MIN = 256;

/** One import, which nothing else interrupts: blocks, bytes, transactions. At least one block. */
export const IMPORT_BLOCKS_MAX = 128;
export const IMPORT_BYTES_MAX = 2 * 1024 * 1024;
export const IMPORT_TRANSACTIONS_MAX = 2000;

export const HEADERS_TIMEOUT_MS = 5000;
export const BODY_TIMEOUT_MS = 10_000;
/** The request that the import waits for is slow when it takes this long and this many times the usual. */
export const SLOW_ANSWER_MS_MIN = 1000;
export const SLOW_ANSWER_TIMES = 4;
/** A peer that answers within this may have one more request under way. */
export const QUICK_ANSWER_MS = 1000;
/** A peer that did not answer rests for this long, then twice as long each time it does it again, up to the maximum. */
export const UNANSWERED_PAUSE_MS = 5000;
export const UNANSWERED_PAUSE_MS_MAX = 320_000;
/** Times in a row that a peer has none of blocks that a peer's announced head covers; it may be on another chain, or have pruned them. */
export const EMPTY_ANSWERS_MAX = 3;
/** A peer that does not have a block that others have is not asked for blocks for this long. */
export const EMPTY_ANSWER_PAUSE_MS = 2000;
/** An early header or block is looked at again after this. */
export const EARLY_PAUSE_MS = 500;
/** A peer whose next header stays early is asked again after twice as long each time, up to 16 s. */
export const EARLY_DOUBLINGS_MAX = 5;
/** A peer on a chain that splits off too deep is asked again after this. */
export const DEEP_SPLIT_PAUSE_MS = 60_000;
/** Orphans lead to one request a peer in this time, when the peer announces no better head. */
export const ORPHAN_PAUSE_MS = 1000;
/** Headers whose blocks nobody gave for this long are dropped. */
export const STUCK_MS = 30_000;
/** More time than this between two looks at the clock is a jump of it, or a sleep of the machine. */
export const CLOCK_STEP_MS_MAX = 2000;
/** While blocks are caught up with, the log tells how it goes this often. */
export const LOG_INTERVAL_MS = 5000;
/** Catching up with so few blocks is everyday and logged at debug. */
export const QUIET_BLOCKS_MAX = 2;
