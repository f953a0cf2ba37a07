// What a transaction that ran a contract failed of, in words: each reason of a receipt, and what to do about it.
// docs/spec/errors.md is held to this table.

import { type Bytes, bytesToUtf8 } from "../core/primitives/index.ts";
import type { Reason } from "../core/protocol/index.ts";
import type { ErrorEntry } from "./errorTable.ts";

export type FailureReason = Exclude<Reason, "none">;

export const FAILURES: Readonly<Record<FailureReason, ErrorEntry>> = {
  revert: {
    meaning: "The contract reverted: it refused the call, and may have said why.",
    nextStep: "Call it with what it asks for.",
  },
  outOfGas: {
    meaning: "The transaction used up its gas limit.",
    nextStep: "Send it again with a larger gasLimit; POST /estimate-gas says how much it takes.",
  },
  trap: {
    meaning:
      "The contract's code failed: it came to an unreachable instruction, divided by zero, or reached outside of its memory or table.",
    nextStep: "Look for the fault in the contract; its logs show how far it came.",
  },
  noContract: {
    meaning: "There is no contract at the address, or no module of the hash that was to be deployed.",
    nextStep: "Check the address with GET /contract/{address}, and whether the deploy is included.",
  },
  noFunction: {
    meaning: "The contract exports no such function, or it is one that is not called: init, _start or allow_reentry.",
    nextStep: "GET /contract/{address} lists the functions.",
  },
  badArguments: {
    meaning: "The arguments do not fit the function, which takes integers.",
    nextStep: "Give a JSON array with one integer for each parameter, those of 64 bits in quotes.",
  },
  hostRange: {
    meaning: "The contract gave a function of the host a range that does not lie within its memory.",
    nextStep: "Look for the fault in the contract; its logs show how far it came.",
  },
  stackExhausted: {
    meaning: "The contract's functions called each other deeper than the stack allows.",
    nextStep: "Have the contract recurse less.",
  },
  depthExceeded: {
    meaning: "Contracts called each other deeper than is allowed.",
    nextStep: "Have fewer contracts call one another in one transaction.",
  },
  reentrancy: {
    meaning: "A contract was called while it ran, which it does not allow.",
    nextStep: "Call it from outside, or have it export allow_reentry if it is written for that.",
  },
  memoryLimit: {
    meaning: "The contracts of the transaction needed more memory together than is allowed.",
    nextStep: "Have the contracts declare or use less memory.",
  },
  limitExceeded: {
    meaning:
      "The contract went past a limit: of events, logs, returned bytes, topics, the size of a key or value, or the new state of a block.",
    nextStep: "Have the contract do less at once.",
  },
  invalidModule: {
    meaning: "The module breaks a rule for contracts.",
    nextStep: "POST /estimate-gas names the place in the module.",
  },
  insufficientBalance: {
    meaning: "The caller owns less than the amount that was to go along.",
    nextStep: "Lower the amount, or fund the caller.",
  },
  addressTaken: {
    meaning: "There is a contract at the address already that the new one was to have.",
    nextStep: "Deploy with another nonce or from another account.",
  },
};

const SHOWN_LENGTH_MAX = 1000;
const SPACE = 0x20;
const CONTROL_FIRST = 0x7f;
const CONTROL_LAST = 0x9f;

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return (code < SPACE && !"\t\n\r".includes(character)) || (code >= CONTROL_FIRST && code <= CONTROL_LAST);
}

/** Bytes as the text that they are; undefined where they are none, or have characters that are not shown. */
export function readableText(bytes: Bytes): string | undefined {
  const text = bytesToUtf8(bytes);
  return text === undefined || [...text].some(isControl) ? undefined : text;
}

function revertMeaning(returnData: Bytes): string {
  if (returnData.length === 0) return "The contract reverted, and does not say why.";
  const text = readableText(returnData);
  if (text === undefined) return `The contract reverted with ${returnData.length} bytes that are no text.`;
  const shown = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}...` : text;
  return `The contract reverted: ${shown}`;
}

/** What happened and what to do, in sentences; undefined for what has succeeded. */
export function explainFailure({ reason, returnData }: { reason: Reason; returnData: Bytes }): string | undefined {
  if (reason === "none") return undefined;
  const { meaning, nextStep } = FAILURES[reason];
  // What a contract says is left to stand alone.
  return reason === "revert" ? revertMeaning(returnData) : `${meaning} ${nextStep}`;
}
