// The address of a contract follows from who deploys it and how many transactions or deployments that account has made.

import { sha256 } from "../crypto/index.ts";
import { ADDRESS_SIZE_BYTES, type Address, bytesToAddress, defined, utf8ToBytes, Writer } from "../primitives/index.ts";

const PREFIX = defined(utf8ToBytes("aureon contract"), "the prefix is text");

/** The last 20 bytes of SHA-256("aureon contract" || creator || nonce). The nonce is that of the deploy transaction. */
export function contractAddress(options: { creator: Address; nonce: number }): Address {
  const { creator, nonce } = options;
  const digest = sha256(new Writer(64).fixed(PREFIX).hex(creator).u64(nonce).finish());
  return bytesToAddress(digest.slice(-ADDRESS_SIZE_BYTES));
}
