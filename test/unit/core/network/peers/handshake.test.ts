// The handshake of two ends: what is signed, what is refused, and that nothing recorded can be used again.

import { describe, expect, test } from "bun:test";
import { recoverSigner } from "../../../../../src/core/crypto/index.ts";
import {
  Handshake,
  type HandshakeStep,
  handshakeDigest,
  type LocalNode,
} from "../../../../../src/core/network/peers/handshake.ts";
import type { PeerHello, PeerProof } from "../../../../../src/core/network/wire/message.ts";
import { type Bytes, EMPTY_BYTES, type Hash, type Signature } from "../../../../../src/core/primitives/index.ts";
import vector from "../../../../vectors/handshake.json";
import { GENESIS, headAt, identityOf } from "./harness.ts";

const CHALLENGES = ["aa", "bb", "cc"].map((byte) => `0x${byte.repeat(32)}` as Hash) as [Hash, Hash, Hash];
const BINDING = new Uint8Array(32).fill(9);

function localNode(index: number, changes: Partial<LocalNode> = {}): LocalNode {
  return { identity: identityOf(index), genesisHash: GENESIS, consensus: "pow", allowedNodeKeys: [], ...changes };
}

function handshakeOf(options: {
  index: number;
  challenge?: Hash;
  binding?: Bytes;
  direction?: "inbound" | "outbound";
  local?: Partial<LocalNode>;
}): Handshake {
  const { index, binding = EMPTY_BYTES, local } = options;
  const direction = options.direction ?? (index === 0 ? "outbound" : "inbound");
  const challenge = options.challenge ?? (CHALLENGES[index] as Hash);
  return new Handshake({ local: localNode(index, local), direction, channelBinding: binding, challenge });
}

const helloOf = (handshake: Handshake): PeerHello => handshake.hello({ listenEndpoint: undefined, head: headAt(1) });

function proofOf(step: HandshakeStep): PeerProof {
  if (step.kind !== "prove") throw new Error(`the step is ${step.kind}`);
  return step.proof;
}

/** Both ends to their last step. */
function meet(opener: Handshake, acceptor: Handshake): [HandshakeStep, HandshakeStep] {
  const openerProof = proofOf(opener.onHello(helloOf(acceptor)));
  const acceptorProof = proofOf(acceptor.onHello(helloOf(opener)));
  return [opener.onProof(acceptorProof), acceptor.onProof(openerProof)];
}

const codeOf = (step: HandshakeStep): string => (step.kind === "refused" ? step.refusal.code : step.kind);

describe("both ends", () => {
  test.each([[EMPTY_BYTES], [BINDING]])("are proven to each other", (binding) => {
    const steps = meet(handshakeOf({ index: 0, binding }), handshakeOf({ index: 1, binding }));
    expect(steps).toMatchObject([
      { kind: "established", hello: { nodeKey: identityOf(1).nodeKey } },
      { kind: "established", hello: { nodeKey: identityOf(0).nodeKey } },
    ]);
  });

  test("are told apart by their role", () => {
    const steps = meet(handshakeOf({ index: 0 }), handshakeOf({ index: 1, direction: "outbound" }));
    expect(steps.map(codeOf)).toEqual(["wrong_proof", "wrong_proof"]);
  });

  test("must see the same channel", () => {
    const other = new Uint8Array(32).fill(8);
    for (const binding of [other, EMPTY_BYTES]) {
      const steps = meet(handshakeOf({ index: 0, binding: BINDING }), handshakeOf({ index: 1, binding }));
      expect(steps.map(codeOf)).toEqual(["wrong_proof", "wrong_proof"]);
    }
  });
});

test("a proof of another session is worth nothing: the challenge is another", () => {
  const opener = handshakeOf({ index: 0 });
  const first = handshakeOf({ index: 1 });
  const recordedHello = helloOf(opener);
  const recordedProof = proofOf(opener.onHello(helloOf(first)));
  first.onHello(recordedHello);
  expect(codeOf(first.onProof(recordedProof))).toBe("established");
  const second = handshakeOf({ index: 1, challenge: CHALLENGES[2] });
  expect(codeOf(second.onHello(recordedHello))).toBe("prove");
  expect(codeOf(second.onProof(recordedProof))).toBe("wrong_proof");
});

test("an end's own proof sent back to it is worth nothing", () => {
  const opener = handshakeOf({ index: 0 });
  const acceptor = handshakeOf({ index: 1 });
  const proof = proofOf(opener.onHello(helloOf(acceptor)));
  expect(codeOf(opener.onProof(proof))).toBe("wrong_proof");
});

describe("a hello is refused", () => {
  const other = `0x${"22".repeat(32)}` as Hash;
  test.each([
    ["wrong_protocol", { protocolVersion: 2 }],
    ["wrong_protocol", { protocolVersion: 2, genesisHash: other }],
    ["wrong_genesis", { genesisHash: other, consensus: "pos" }],
    ["wrong_consensus", { consensus: "pos" }],
    ["self_connection", { nodeKey: identityOf(0).nodeKey }],
    ["prove", {}],
  ])("%s", (code, changes) => {
    const hello = { ...helloOf(handshakeOf({ index: 1 })), ...changes } as PeerHello;
    expect(codeOf(handshakeOf({ index: 0 }).onHello(hello))).toBe(code);
  });

  test("by a node with an allow-list, unless the key is on it and TLS binds it", () => {
    const hello = helloOf(handshakeOf({ index: 1 }));
    const listed = { allowedNodeKeys: [identityOf(3).nodeKey, identityOf(1).nodeKey] };
    const strange = { allowedNodeKeys: [identityOf(3).nodeKey] };
    expect(codeOf(handshakeOf({ index: 0, local: listed, binding: BINDING }).onHello(hello))).toBe("prove");
    expect(codeOf(handshakeOf({ index: 0, local: strange, binding: BINDING }).onHello(hello))).toBe("not_allowed");
    expect(codeOf(handshakeOf({ index: 0, local: listed }).onHello(hello))).toBe("not_allowed");
  });
});

test("hello and proof come once, in this order", () => {
  const hello = helloOf(handshakeOf({ index: 1 }));
  const signature = `0x${"00".repeat(65)}` as Signature;
  const proof: PeerProof = { type: "PeerInfo", kind: "proof", signature };
  expect(codeOf(handshakeOf({ index: 0 }).onProof(proof))).toBe("handshake_violation");
  const handshake = handshakeOf({ index: 0 });
  expect(codeOf(handshake.onHello(hello))).toBe("prove");
  expect(codeOf(handshake.onHello(hello))).toBe("handshake_violation");
  expect(codeOf(handshake.onProof(proof))).toBe("wrong_proof");
});

test("the digest is that of the golden vector, and every part of it counts", () => {
  for (const { digest, signature, channelBinding, isOpener, ...hashes } of vector.digests) {
    const parts = { ...hashes, isOpener, channelBinding: Uint8Array.fromHex(channelBinding.slice(2)) };
    const given = parts as unknown as Parameters<typeof handshakeDigest>[0];
    expect(`0x${handshakeDigest(given).toHex()}`).toBe(digest);
    const signed = { digest: handshakeDigest(given), signature: signature as Signature };
    expect(recoverSigner(signed)).toBe(given.signerKey);
    const changes: Partial<typeof given>[] = [
      { isOpener: !isOpener },
      { genesisHash: given.signerChallenge },
      { signerKey: given.otherKey },
      { otherKey: given.signerKey },
      { signerChallenge: given.otherChallenge },
      { otherChallenge: given.signerChallenge },
      { channelBinding: new Uint8Array(32).fill(1) },
    ];
    for (const change of changes) expect(`0x${handshakeDigest({ ...given, ...change }).toHex()}`).not.toBe(digest);
  }
});
