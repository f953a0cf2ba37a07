// The bounds of the network (docs/spec/network.md, "Bounds"). What one message may hold is with its codec in wire/.

export const PROTOCOL_VERSION = 1;

/** A line may have twice the chain's largest block, in hex, and this much around it. */
const LINE_OVERHEAD_BYTES = 64 * 1024;

/** The longest line that is taken or sent, in bytes, on a chain whose blocks have at most `blockSizeBytesMax`. */
export function lineSizeBytesMax(blockSizeBytesMax: number): number {
  return 2 * blockSizeBytesMax + LINE_OVERHEAD_BYTES;
}

/** `encodeBlock` puts the header's length before header and body, which the chain's bound does not count. */
const BLOCK_PREFIX_SIZE_BYTES = 4;

/** The longest encoded block that travels. */
export function encodedBlockSizeBytesMax(blockSizeBytesMax: number): number {
  return blockSizeBytesMax + BLOCK_PREFIX_SIZE_BYTES;
}

/** Room for the prefixes of many blocks, and for headers on a chain of small blocks; in hex, half of the overhead. */
const PAYLOAD_SLACK_BYTES = 16 * 1024;

/** The sum of the headers, blocks or transactions of one message, in encoded bytes. What passes it does not fit a line. */
export function payloadSizeBytesMax(blockSizeBytesMax: number): number {
  return blockSizeBytesMax + PAYLOAD_SLACK_BYTES;
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
