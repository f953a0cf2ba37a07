// The mutual challenge that opens every connection (docs/spec/handshake-and-peers.md): both ends say who they are and on
// which chain, and sign each other's challenge. One object a connection; it neither sends nor knows the time.

import { recoverSigner, sha256, sign } from "../../crypto/index.ts";
import type { ConnectionDirection } from "../../ports/index.ts";
import {
  type Address,
  assert,
  type Bytes,
  defined,
  HASH_SIZE_BYTES,
  type Hash,
  type Refusal,
  utf8ToBytes,
  Writer,
} from "../../primitives/index.ts";
import type { NodeIdentity } from "../chainAccess.ts";
import { PROTOCOL_VERSION } from "../limits.ts";
import type { PeerHead, PeerHello, PeerProof } from "../wire/message.ts";

/** From the connection to the other end's right proof: several round trips around the earth and a busy machine. */
export const HANDSHAKE_TIMEOUT_MS = 5_000;

const ROLE_TAG = defined(utf8ToBytes("aureon p2p handshake v1"), "the tag is well-formed");
const NO_BINDING: Bytes = new Uint8Array(HASH_SIZE_BYTES);

/** Why a node leaves, as its last message says. */
export type RefusalCode =
  | "wrong_protocol"
  | "wrong_genesis"
  | "wrong_consensus"
  | "self_connection"
  | "not_allowed"
  | "wrong_proof"
  | "handshake_violation"
  | "handshake_timeout"
  | "duplicate_connection"
  | "too_many_connections"
  | "evicted"
  | "silent"
  | "misbehaviour"
  | "banned"
  | "shutting_down";

export interface LocalNode {
  readonly identity: NodeIdentity;
  readonly genesisHash: Hash;
  /** The engine's name. */
  readonly consensus: string;
  /** With entries: only nodes with these keys. */
  readonly allowedNodeKeys: readonly Address[];
}

export type HandshakeStep =
  /** The hello fits: send this. */
  | { readonly kind: "prove"; readonly proof: PeerProof }
  /** The other end has proven its key. */
  | { readonly kind: "established"; readonly hello: PeerHello }
  | { readonly kind: "refused"; readonly refusal: Refusal<RefusalCode> };

function refused(code: RefusalCode, message: string): HandshakeStep {
  return { kind: "refused", refusal: { code, message } };
}

/** What a node key signs; `isOpener` says whether its node opened the connection. */
export function handshakeDigest(options: {
  isOpener: boolean;
  genesisHash: Hash;
  signerKey: Address;
  otherKey: Address;
  signerChallenge: Hash;
  otherChallenge: Hash;
  channelBinding: Bytes;
}): Bytes {
  const { channelBinding } = options;
  const binding = channelBinding.length === 0 ? NO_BINDING : channelBinding;
  assert(binding.length === HASH_SIZE_BYTES, "a channel binding has 32 bytes");
  const writer = new Writer()
    .fixed(ROLE_TAG)
    .u8(options.isOpener ? 0 : 1)
    .hex(options.genesisHash)
    .hex(options.signerKey)
    .hex(options.otherKey)
    .hex(options.signerChallenge)
    .hex(options.otherChallenge)
    .fixed(binding);
  return sha256(writer.finish());
}

export class Handshake {
  private readonly local: LocalNode;
  private readonly direction: ConnectionDirection;
  private readonly channelBinding: Bytes;
  private readonly challenge: Hash;
  private otherHello: PeerHello | undefined;

  /** @param options.challenge 32 bytes that nobody can guess and no other connection has */
  constructor(options: {
    local: LocalNode;
    direction: ConnectionDirection;
    channelBinding: Bytes;
    challenge: Hash;
  }) {
    this.local = options.local;
    this.direction = options.direction;
    this.channelBinding = options.channelBinding;
    this.challenge = options.challenge;
  }

  /** This end's first message. */
  hello(options: { listenEndpoint: string | undefined; head: PeerHead }): PeerHello {
    const { identity, genesisHash, consensus } = this.local;
    return {
      type: "PeerInfo",
      kind: "hello",
      protocolVersion: PROTOCOL_VERSION,
      genesisHash,
      consensus,
      nodeKey: identity.nodeKey,
      challenge: this.challenge,
      listenEndpoint: options.listenEndpoint,
      head: options.head,
    };
  }

  onHello(hello: PeerHello): HandshakeStep {
    if (this.otherHello !== undefined) return refused("handshake_violation", "a second hello came");
    const mismatch = this.mismatchOf(hello) ?? this.allowanceViolation(hello.nodeKey);
    if (mismatch !== undefined) return mismatch;
    this.otherHello = hello;
    const digest = this.digest({ hello, isOwn: true });
    const signature = sign({ digest, secretKey: this.local.identity.secretKey });
    return { kind: "prove", proof: { type: "PeerInfo", kind: "proof", signature } };
  }

  onProof(proof: PeerProof): HandshakeStep {
    const hello = this.otherHello;
    if (hello === undefined) return refused("handshake_violation", "a proof came before a hello");
    const signer = recoverSigner({ digest: this.digest({ hello, isOwn: false }), signature: proof.signature });
    if (signer === hello.nodeKey) return { kind: "established", hello };
    const found = signer === undefined ? "no key can have signed it" : `it is by ${signer}`;
    return refused("wrong_proof", `the proof is not by the node key ${hello.nodeKey} over this connection: ${found}`);
  }

  private mismatchOf(hello: PeerHello): HandshakeStep | undefined {
    const { genesisHash, consensus, identity } = this.local;
    if (hello.protocolVersion !== PROTOCOL_VERSION) {
      const values = `this node speaks version ${PROTOCOL_VERSION} of the protocol, the other end ${hello.protocolVersion}`;
      return refused("wrong_protocol", values);
    }
    if (hello.genesisHash !== genesisHash) {
      const values = `this node's genesis is ${genesisHash}, the other end's ${hello.genesisHash}`;
      return refused("wrong_genesis", `${values}: these are two chains`);
    }
    if (hello.consensus !== consensus) {
      return refused("wrong_consensus", `this node's consensus is ${consensus}, the other end's ${hello.consensus}`);
    }
    if (hello.nodeKey === identity.nodeKey) {
      const meaning = "they are one node, or one has a copy of the other's key file";
      return refused("self_connection", `both ends have the node key ${hello.nodeKey}: ${meaning}`);
    }
    return undefined;
  }

  private allowanceViolation(nodeKey: Address): HandshakeStep | undefined {
    const { allowedNodeKeys } = this.local;
    if (allowedNodeKeys.length === 0) return undefined;
    if (!allowedNodeKeys.includes(nodeKey)) {
      return refused("not_allowed", `the node key ${nodeKey} is not on the list of allowed node keys`);
    }
    // Without TLS a stranger can pass the messages of an allowed node on, and then speak in its name.
    if (this.channelBinding.length > 0) return undefined;
    return refused("not_allowed", "a list of allowed node keys needs TLS, and this connection has none");
  }

  private digest(options: { hello: PeerHello; isOwn: boolean }): Bytes {
    const { hello, isOwn } = options;
    const own = { key: this.local.identity.nodeKey, challenge: this.challenge };
    const other = { key: hello.nodeKey, challenge: hello.challenge };
    const [signer, receiver] = isOwn ? [own, other] : [other, own];
    return handshakeDigest({
      isOpener: (this.direction === "outbound") === isOwn,
      genesisHash: this.local.genesisHash,
      signerKey: signer.key,
      otherKey: receiver.key,
      signerChallenge: signer.challenge,
      otherChallenge: receiver.challenge,
      channelBinding: this.channelBinding,
    });
  }
}
