// What a contract must not be: it computes with floats (test/contracts/build.test.ts).

import { readArgs, replyInteger } from "../sdk";

export function half(): void {
  const value = <f64>readArgs(["value"]).u64("value");
  replyInteger(<u64>(value * 0.5));
}
