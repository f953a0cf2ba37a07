// How a contract's code is left before its end: by a host function that stops it, or by a fault that is not the contract's.

import { type Bytes, EMPTY_BYTES } from "../../primitives/index.ts";
import type { Reason } from "../../protocol/index.ts";

/** Thrown through the contract's code by a host function, and caught where that code was entered. */
export class ContractStop extends Error {
  override readonly name = "ContractStop";
  readonly reason: Reason;
  /** What a revert returns. */
  readonly data: Bytes;

  constructor(reason: Reason, data: Bytes = EMPTY_BYTES) {
    super(reason);
    this.reason = reason;
    this.data = data;
  }
}

/**
 * Something went wrong that no contract can bring about: a bug of ours, or a machine without memory. A block must not be
 * executed past it, since other nodes come to another result.
 */
export class ExecutionFault extends Error {
  override readonly name = "ExecutionFault";

  /** What was thrown first. */
  get origin(): unknown {
    return this.cause instanceof ExecutionFault ? this.cause.origin : (this.cause ?? this);
  }

  constructor(what: string, cause?: unknown) {
    super(what, { cause });
  }
}
