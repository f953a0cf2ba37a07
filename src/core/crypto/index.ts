// The contract of the crypto folder: hashes, addresses, signatures and typed data.

export { checksumAddress, parseAddress, publicKeyToAddress } from "./address.ts";
export { cryptoBackend, nobleBackend, sha256, useCryptoBackend } from "./backend.ts";
export {
  hashDomain,
  hashStruct,
  type TypedField,
  type TypedStruct,
  type TypedValue,
  typedDataDigest,
  typeHash,
} from "./eip712.ts";
export { keccak256, keccak256Text } from "./keccak.ts";
export { isLowS, isSecretKey, recoverSigner, secretKeyToAddress, sign } from "./secp256k1.ts";
