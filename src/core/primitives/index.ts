// The contract of the primitives: what every other part of the node may rest on.

export { AssertionError, assert, defined } from "./assert.ts";
export {
  type Address,
  type Amount,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  isUint,
  type Nonce,
  type Signature,
  type TimestampMs,
  UINT_MAX,
} from "./brands.ts";
export {
  ADDRESS_SIZE_BYTES,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  bytesToHex,
  bytesToSignature,
  concatBytes,
  EMPTY_BYTES,
  equalBytes,
  HASH_SIZE_BYTES,
  type Hex,
  hexToBytes,
  isAddress,
  isHash,
  isHex,
  isSignature,
  SIGNATURE_SIZE_BYTES,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "./bytes.ts";
export { type Decoded, decodeWith, Reader, Writer } from "./codec.ts";
export { mulDivCeil } from "./mulDiv.ts";
export { accept, type Refusal, type Result, refuse } from "./refusal.ts";
export { bytesToUtf8, utf8SizeBytes, utf8ToBytes } from "./utf8.ts";
