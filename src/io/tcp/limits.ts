// The bounds of the sockets. Those of one message are with its codec; how many connections there may be is the operator's.

/** Bytes and messages of a kind that come in at a steady rate, and how many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface TcpLimits {
  /** Connections that others open. */
  readonly connectionsMax: number;
  /** Those from one IPv4 address, or from one /64 of IPv6. */
  readonly perAddressMax: number;
  /** New connections from one address. */
  readonly connectionRate: Rate;
  /** New connections from all addresses together. */
  readonly connectionRateTotal: Rate;
  /** From the first byte of a line to its last. */
  readonly lineTimeoutMs: number;
  /** Of all connections' lines whose ends have not come, as they lie in memory. */
  readonly partialBytesTotalMax: number;
  /** Of one connection. */
  readonly messageRate: Rate;
  /** Of one connection, in bytes. */
  readonly byteRate: Rate;
  /** Messages of one connection that have been handed on and not acknowledged. */
  readonly unacknowledgedMax: number;
  readonly unacknowledgedBytesMax: number;
  /** Of all connections together. */
  readonly unacknowledgedBytesTotalMax: number;
  /** Of one connection's bytes that wait to be sent: the mark above which it is congested. */
  readonly congestionBytes: number;
  /** Where a connection whose other end does not read is given up. */
  readonly sendBufferBytesMax: number;
  /** Of all connections' bytes that wait to be sent. */
  readonly sendBufferBytesTotalMax: number;
  /** For one attempt to reach a node, its name's resolution and the TLS handshake included. */
  readonly attemptTimeoutMs: number;
  /** For the TLS handshake of a connection that somebody opened. */
  readonly handshakeTimeoutMs: number;
}

/** How often deadlines are looked at: one timer for all connections. Each may be late by this much. */
export const TICK_MS = 250;
/** After `close`, what was sent has a second to leave: this, and one tick. */
export const CLOSE_GRACE_MS = 1000 - TICK_MS;
/** Attempts and connections of `connect` at once: the core opens 8 and its bootstrap peers, and more is a fault of ours. */
export const OUTBOUND_MAX = 256;
/** Addresses of one name that are tried. */
export const ADDRESSES_PER_NAME_MAX = 8;
/** Before TCP asks a silent other end whether it is there. */
export const KEEP_ALIVE_DELAY_MS = 30_000;

const MIB = 1024 * 1024;

/**
 * The limits of a node.
 * @param options.lineSizeBytesMax the longest line: the buffers must hold some of them
 */
export function defaultTcpLimits(options: {
  lineSizeBytesMax: number;
  connectionsMax: number;
  perAddressMax: number;
}): TcpLimits {
  const { lineSizeBytesMax, connectionsMax, perAddressMax } = options;
  return {
    connectionsMax,
    perAddressMax,
    // A node that starts again, or a few behind one address, comes back at once; a loop that connects does not get far.
    connectionRate: { perSecond: 1, burst: 2 * perAddressMax },
    connectionRateTotal: { perSecond: 50, burst: 50 + 2 * connectionsMax },
    // The longest line of a chain with blocks of 2 MB takes a second over 34 Mbit/s.
    lineTimeoutMs: 10_000,
    // Sixteen of the longest lines at once; a node at work has one or two under way.
    partialBytesTotalMax: 16 * lineSizeBytesMax,
    // Transactions come by the hundred in a message, blocks by the second: a node at work sends a tenth of this.
    messageRate: { perSecond: 1000, burst: 2000 },
    // What an honest node sends in bulk was asked for; a gigabit a quarter full is past what a node can execute.
    byteRate: { perSecond: 32 * MIB, burst: 32 * MIB + 4 * lineSizeBytesMax },
    unacknowledgedMax: 256,
    // The longest line of each of a few peers; as messages, in two threads, they take some times as much.
    unacknowledgedBytesMax: lineSizeBytesMax,
    unacknowledgedBytesTotalMax: 4 * lineSizeBytesMax,
    congestionBytes: lineSizeBytesMax,
    sendBufferBytesMax: 4 * lineSizeBytesMax,
    // Each peer that does not read has what made it congested; a block that goes to all of them at once fits beside.
    sendBufferBytesTotalMax: 16 * lineSizeBytesMax,
    attemptTimeoutMs: 5000,
    handshakeTimeoutMs: 5000,
  };
}
