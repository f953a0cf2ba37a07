// Golden vectors of the handshake between nodes (docs/spec/handshake-and-peers.md): digests, and proofs that verify.

import { secretKeyToAddress, sign } from "../../src/core/crypto/index.ts";
import { handshakeDigest } from "../../src/core/network/peers/handshake.ts";
import { type Bytes, bytesToHex, EMPTY_BYTES, type Hash } from "../../src/core/primitives/index.ts";

/** Secret keys of the two ends: 32 bytes of 0x01 and of 0x02. */
const SECRETS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
const KEYS = [secretKeyToAddress(SECRETS[0]), secretKeyToAddress(SECRETS[1])] as const;
const GENESIS_HASH = `0x${"11".repeat(32)}` as Hash;
const CHALLENGES = [`0x${"aa".repeat(32)}` as Hash, `0x${"bb".repeat(32)}` as Hash] as const;

function vectorOf(options: { isOpener: boolean; channelBinding: Bytes }) {
  const { isOpener, channelBinding } = options;
  const [signer, other] = isOpener ? ([0, 1] as const) : ([1, 0] as const);
  const parts = {
    isOpener,
    genesisHash: GENESIS_HASH,
    signerKey: KEYS[signer],
    otherKey: KEYS[other],
    signerChallenge: CHALLENGES[signer],
    otherChallenge: CHALLENGES[other],
  };
  const digest = handshakeDigest({ ...parts, channelBinding });
  const signature = sign({ digest, secretKey: SECRETS[signer] });
  return { ...parts, channelBinding: bytesToHex(channelBinding), digest: bytesToHex(digest), signature };
}

export function handshakeVectors() {
  const bindings = [EMPTY_BYTES, new Uint8Array(32).fill(0xcc)];
  const digests = bindings.flatMap((channelBinding) =>
    [true, false].map((isOpener) => vectorOf({ isOpener, channelBinding })),
  );
  return { digests };
}
