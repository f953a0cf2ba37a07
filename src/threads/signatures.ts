// The thread that recovers signers, so that neither requests nor block import wait for it.

import { useCryptoBackend } from "../core/crypto/index.ts";
import { assert, type Bytes, type Hash } from "../core/primitives/index.ts";
import {
  createSigningDomain,
  decodeTransaction,
  type SigningDomain,
  verifyTransaction,
} from "../core/protocol/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import type { Request } from "../io/workers/index.ts";
import type { SignatureProtocol, SignatureVerdict } from "./protocol.ts";

declare const self: Worker;

useCryptoBackend(chooseCryptoBackend().backend);

let domain: SigningDomain | undefined;

function domainOf(genesisHash: Hash): SigningDomain {
  if (domain?.genesisHash !== genesisHash) domain = createSigningDomain(genesisHash);
  return domain as SigningDomain;
}

function verify(encoded: Bytes, signingDomain: SigningDomain): SignatureVerdict {
  const decoded = decodeTransaction(encoded);
  assert(decoded.ok, "the main thread sends canonical transactions");
  const verified = verifyTransaction(decoded.value, signingDomain);
  return verified.ok ? { ok: true, hash: verified.value.hash } : verified;
}

self.onmessage = (event: MessageEvent<Request<"verify", SignatureProtocol["verify"]["payload"]>>) => {
  const { id, payload } = event.data;
  const signingDomain = domainOf(payload.genesisHash);
  self.postMessage({ id, value: payload.encoded.map((encoded) => verify(encoded, signingDomain)) });
};
