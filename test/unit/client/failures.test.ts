// Failures in words: what contracts say, and what happened to those that could not.

import { describe, expect, test } from "bun:test";
import { explainFailure, FAILURES, type FailureReason, readableText } from "../../../src/client/failures.ts";
import { type Bytes, EMPTY_BYTES } from "../../../src/core/primitives/index.ts";

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

describe("text that can be shown", () => {
  test("is UTF-8 without control characters", () => {
    expect(["", "no", "é 😀\n\tx"].map((text) => readableText(bytes(text)))).toEqual(["", "no", "é 😀\n\tx"]);
    const others = [bytes("a\u0000"), bytes("\u001b[31m"), bytes("\u0085"), Uint8Array.of(0xff), Uint8Array.of(0xc3)];
    expect(others.map(readableText)).toEqual(others.map(() => undefined));
  });
});

describe("a failure", () => {
  test("that is none has no words", () => {
    expect(explainFailure({ reason: "none", returnData: bytes("x") })).toBeUndefined();
  });

  test("by the contract's will says what the contract says", () => {
    const revert = (returnData: Bytes) => explainFailure({ reason: "revert", returnData });
    expect(revert(bytes("too late"))).toBe("The contract reverted: too late");
    expect(revert(EMPTY_BYTES)).toBe("The contract reverted, and does not say why.");
    expect(revert(Uint8Array.of(1, 2, 3))).toBe("The contract reverted with 3 bytes that are no text.");
    expect(revert(bytes("x".repeat(5000)))).toBe(`The contract reverted: ${"x".repeat(1000)}...`);
  });

  test("of any other reason says cause and next step", () => {
    const reasons = Object.keys(FAILURES).filter((reason) => reason !== "revert") as FailureReason[];
    for (const reason of reasons) {
      const { meaning, nextStep } = FAILURES[reason];
      expect(explainFailure({ reason, returnData: EMPTY_BYTES })).toBe(`${meaning} ${nextStep}`);
    }
  });
});
