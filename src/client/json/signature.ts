// Signatures as wallets give them: r, s and v in 65 bytes, v being 0, 1, 27 or 28.

import { isLowS } from "../../core/crypto/index.ts";
import { accept, type Result, refuse, type Signature } from "../../core/primitives/index.ts";

const SIGNATURE_PATTERN = /^0x[0-9a-fA-F]{130}$/;
const PARITIES: Readonly<Record<string, "00" | "01">> = { "00": "00", "01": "01", "1b": "00", "1c": "01" };

/** The canonical signature, its last byte the parity 0 or 1. */
export function parseSignature(value: unknown): Result<Signature, "invalid_type" | "invalid_signature"> {
  if (typeof value !== "string") {
    return refuse("invalid_type", "signature is no string; expected 0x and 130 hex digits", { field: "signature" });
  }
  if (!SIGNATURE_PATTERN.test(value)) {
    return refuse("invalid_signature", "signature is not 0x and 130 hex digits: r, s and v", { field: "signature" });
  }
  const text = value.toLowerCase();
  const parity = PARITIES[text.slice(130)];
  if (parity === undefined) {
    return refuse("invalid_signature", `signature ends in v = 0x${text.slice(130)}; expected 0, 1, 27 or 28`, {
      field: "signature",
    });
  }
  const signature = `${text.slice(0, 130)}${parity}` as Signature;
  if (!isLowS(signature)) {
    return refuse("invalid_signature", "signature has a high S; expected S of at most half the group's order", {
      field: "signature",
    });
  }
  return accept(signature);
}
