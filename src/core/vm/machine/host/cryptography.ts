// Hashes and the recovery of signers, which would cost a contract a thousand times as much.

import { keccak256, recoverSigner, sha256 } from "../../../crypto/index.ts";
import {
  ADDRESS_SIZE_BYTES,
  type Bytes,
  bytesToSignature,
  HASH_SIZE_BYTES,
  hexToBytes,
  SIGNATURE_SIZE_BYTES,
} from "../../../primitives/index.ts";
import { type CurrentFrame, flag, type HostFunctions } from "./table.ts";

type HashName = "sha256" | "keccak256";

function hashFunction(current: CurrentFrame, name: HashName, hash: (bytes: Bytes) => Bytes) {
  return (pointer: number, length: number, out: number): undefined => {
    const frame = current();
    frame.checkRange(pointer, length);
    frame.checkRange(out, HASH_SIZE_BYTES);
    frame.charge(name, length >>> 0);
    frame.write(out, hash(frame.read(pointer, length)));
  };
}

export function cryptographyFunctions(current: CurrentFrame): Pick<HostFunctions, HashName | "secp256k1_recover"> {
  return {
    sha256: hashFunction(current, "sha256", sha256),
    keccak256: hashFunction(current, "keccak256", keccak256),
    secp256k1_recover: (digestPointer: number, signaturePointer: number, out: number) => {
      const frame = current();
      frame.checkRange(digestPointer, HASH_SIZE_BYTES);
      frame.checkRange(signaturePointer, SIGNATURE_SIZE_BYTES);
      frame.checkRange(out, ADDRESS_SIZE_BYTES);
      frame.charge("secp256k1_recover");
      const digest = frame.read(digestPointer, HASH_SIZE_BYTES);
      const signature = bytesToSignature(frame.read(signaturePointer, SIGNATURE_SIZE_BYTES));
      const signer = recoverSigner({ digest, signature });
      if (signer !== undefined) frame.write(out, hexToBytes(signer));
      return flag(signer !== undefined);
    },
  };
}
