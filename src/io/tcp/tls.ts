// Mutual TLS: both ends show a certificate of one certificate authority. Names in certificates mean nothing here: a node
// is whoever has the node key, and the handshake's signature covers the channel binding.

import { createHash } from "node:crypto";
import { createSecureContext, type TLSSocket } from "node:tls";
import { accept, type Bytes, type Result, refuse } from "../../core/primitives/index.ts";

/** In PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** The authority whose certificates both ends accept; no other. */
  readonly ca: string;
}

/** What both sides of node:tls are given. */
export function tlsOptions(identity: TlsIdentity) {
  return {
    ...identity,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.3",
    checkServerIdentity: () => undefined,
  } as const;
}

/** The file of each part, as the operator names it, and what it has to hold, with the words that PEM has for it. */
const PARTS = [
  { part: "cert", file: "tls_cert_file", content: "a certificate", mark: "-----BEGIN CERTIFICATE-----" },
  { part: "key", file: "tls_key_file", content: "a secret key", mark: "PRIVATE KEY-----" },
  { part: "ca", file: "tls_ca_file", content: "the certificate of an authority", mark: "-----BEGIN CERTIFICATE-----" },
] as const;

function canUse(options: Partial<TlsIdentity>): boolean {
  try {
    createSecureContext(options);
    return true;
  } catch {
    return false;
  }
}

/** Refuses what can't be used, in words for the operator, before anything listens. */
export function checkTlsIdentity(identity: TlsIdentity): Result<undefined, "tls_unusable"> {
  for (const { part, file, content, mark } of PARTS) {
    const pem = identity[part];
    // A text without a certificate is taken for none at all, and without an authority it trusts the public ones.
    if (pem.includes(mark) && canUse({ [part]: pem })) continue;
    return refuse("tls_unusable", `the file of [network] ${file} does not hold ${content} in PEM`);
  }
  if (canUse(identity)) return accept(undefined);
  return refuse("tls_unusable", "the key of [network] tls_key_file is not that of the certificate of tls_cert_file");
}

function sha256(...parts: readonly Bytes[]): Bytes {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** SHA-256 of the SHA-256 of both certificates, the smaller one first: the same at both ends. */
export function bindingOf(certificates: readonly [Bytes, Bytes]): Bytes {
  const [one, other] = certificates.map((certificate) => sha256(certificate)) as [Bytes, Bytes];
  return Buffer.compare(one, other) <= 0 ? sha256(one, other) : sha256(other, one);
}

/** The binding of a connection whose handshake is done; undefined when an end has not been verified. */
export function channelBinding(socket: TLSSocket): Bytes | undefined {
  const own = socket.getCertificate() as { raw?: Bytes } | null;
  const peer = socket.getPeerCertificate() as { raw?: Bytes } | undefined;
  if (!socket.authorized || own?.raw === undefined || peer?.raw === undefined) return undefined;
  return bindingOf([own.raw, peer.raw]);
}
