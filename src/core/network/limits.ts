// The bounds of the network (docs/spec/network.md, "Bounds"). What one message may hold is with its codec in wire/.

export const PROTOCOL_VERSION = 1;

/** A line may have twice the chain's largest block, in hex, and this much around it. */
export const LINE_OVERHEAD_BYTES = 64 * 1024;

/** The longest line that is taken or sent, in bytes, on a chain whose blocks have at most `blockSizeBytesMax`. */
export function lineSizeBytesMax(blockSizeBytesMax: number): number {
  return 2 * blockSizeBytesMax + LINE_OVERHEAD_BYTES;
}

/** Headers in one answer. */
export const HEADERS_PER_RESPONSE_MAX = 512;
/** Blocks that one request names. */
export const BLOCKS_PER_REQUEST_MAX = 128;
/** Hashes of a locator: ten at once, then each twice as far as the one before, and block 0. */
export const LOCATOR_HASHES_MAX = 64;
/** Transactions in one message. */
export const TRANSACTIONS_PER_MESSAGE_MAX = 1024;
/** Endpoints of further nodes in one message. */
export const ENDPOINTS_PER_MESSAGE_MAX = 32;
/** `host:port`, in characters: a DNS name has at most 253. */
export const ENDPOINT_LENGTH_MAX = 260;
