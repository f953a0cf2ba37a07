// What goes wrong with a socket, in words that an operator understands.

const BROKEN_OFF = "the other end broke the connection off";

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody accepts connections there",
  ECONNRESET: BROKEN_OFF,
  EPIPE: BROKEN_OFF,
  ETIMEDOUT: "the other end does not answer",
  EHOSTUNREACH: "no route leads there",
  ENETUNREACH: "no route leads there",
  ENOTFOUND: "no address is known for this name",
  EAI_AGAIN: "the name server does not answer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not of this network's certificate authority",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate is not of this network's certificate authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is not of this network's certificate authority",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not of this network's certificate authority",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not of this network's certificate authority",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
};

/** TLS faults that come as text of the library alone. */
const TLS_REASONS: readonly (readonly [string, string])[] = [
  ["WRONG_VERSION_NUMBER", "it does not speak TLS"],
  ["HTTP_REQUEST", "it does not speak TLS"],
  ["PEER_DID_NOT_RETURN_A_CERTIFICATE", "it shows no certificate"],
  ["CERTIFICATE_REQUIRED", "it requires a certificate"],
  ["UNKNOWN_CA", "it does not accept this node's certificate"],
  ["BAD_CERTIFICATE", "it does not accept this node's certificate"],
];

/** Of a TLS handshake that somebody else began. Bun does not tell of the alert that says why he broke it off. */
export function handshakeReasonOf(error: unknown): string {
  const reason = reasonOf(error);
  return reason === BROKEN_OFF
    ? "it broke the TLS handshake off; perhaps it does not accept this node's certificate"
    : reason;
}

/** Why a connection of ours may have ended before the other end said anything. With TLS 1.3 it stands before that checks. */
export function silenceReasonOf(reason: string, options: { isEncrypted: boolean }): string {
  const guess = options.isEncrypted ? "it does not accept this node's certificate" : "it connects by TLS alone";
  return `${reason} before it said anything; perhaps ${guess}, or refuses this address`;
}

export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  const known = typeof code === "string" ? REASONS[code] : undefined;
  if (known !== undefined) return known;
  const text = error instanceof Error ? error.message : String(error);
  return TLS_REASONS.find(([mark]) => text.includes(mark))?.[1] ?? text;
}
