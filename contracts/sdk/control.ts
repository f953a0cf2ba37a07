// How a call ends early, and lines for whoever debugs it.

import { utf8Encode } from "./bytes";
import * as env from "./env";

/** Undoes everything that this call has done; the message goes to the caller. Never returns. */
export function revert(message: string): void {
  const bytes = utf8Encode(message);
  env.revert(bytes.dataStart, bytes.length);
  unreachable();
}

/** `revert` where a value is wanted. */
export function fail<T>(message: string): T {
  revert(message);
  return unreachable();
}

/** Reverts with the message unless the condition holds. */
export function require(condition: bool, message: string): void {
  if (!condition) revert(message);
}

/** A line in the receipt, also of a call that fails: at most 1,024 bytes, 256 lines a transaction. */
export function log(text: string): void {
  const bytes = utf8Encode(text);
  env.log(bytes.dataStart, bytes.length);
}
