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

/** Refuses what can't be used, in words for the log, before anything listens. */
export function checkTlsIdentity(identity: TlsIdentity): Result<undefined, "tls_unusable"> {
  try {
    createSecureContext({ ...identity });
    return accept(undefined);
  } catch (error) {
    return refuse("tls_unusable", `the TLS certificate, key or authority can't be used: ${(error as Error).message}`);
  }
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
