// The codec of PeerInfo in its four kinds.

import { expect, test } from "bun:test";
import { ENDPOINTS_PER_MESSAGE_MAX } from "../../../../../src/core/network/limits.ts";
import type { PeerHello, PeerRefusal } from "../../../../../src/core/network/wire/message.ts";
import {
  CONSENSUS_NAME_LENGTH_MAX,
  peerInfoCodec,
  REFUSAL_CODE_LENGTH_MAX,
  REFUSAL_MESSAGE_LENGTH_MAX,
} from "../../../../../src/core/network/wire/peerInfo.ts";
import { AssertionError } from "../../../../../src/core/primitives/index.ts";
import {
  ADDRESS_CASES,
  ENDPOINT_CASES,
  expectKindRefused,
  HASH_CASES,
  HEAD_CASES,
  listCases,
  nullableCases,
  SIGNATURE_CASES,
  testCodec,
  textCases,
  UINT_CASES,
} from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

const HELLO_FIELDS = {
  protocolVersion: UINT_CASES,
  genesisHash: HASH_CASES,
  consensus: textCases({ lengthMin: 1, lengthMax: CONSENSUS_NAME_LENGTH_MAX }),
  nodeKey: ADDRESS_CASES,
  challenge: HASH_CASES,
  listenEndpoint: nullableCases(ENDPOINT_CASES),
  head: HEAD_CASES,
};

testCodec(peerInfoCodec, WIRE_SAMPLES.hello, HELLO_FIELDS);
testCodec(peerInfoCodec, WIRE_SAMPLES.helloWithoutEndpoint, HELLO_FIELDS);
testCodec(peerInfoCodec, WIRE_SAMPLES.proof, { signature: SIGNATURE_CASES });
testCodec(peerInfoCodec, WIRE_SAMPLES.status, {
  head: HEAD_CASES,
  endpoints: listCases(ENDPOINT_CASES, { countMin: 0, countMax: ENDPOINTS_PER_MESSAGE_MAX }),
});
testCodec(peerInfoCodec, WIRE_SAMPLES.refusal, {
  code: textCases({ lengthMin: 1, lengthMax: REFUSAL_CODE_LENGTH_MAX }),
  message: textCases({ lengthMin: 0, lengthMax: REFUSAL_MESSAGE_LENGTH_MAX }),
});

test("there is no other kind, and none has the fields of another", () => {
  expectKindRefused(peerInfoCodec, WIRE_SAMPLES.hello);
  const mixed = { ...peerInfoCodec.toJson(WIRE_SAMPLES.hello), kind: "proof" };
  expect(peerInfoCodec.fromJson(mixed).ok).toBe(false);
});

test("the sentence of a refusal is made to fit, since it may quote a peer", () => {
  const message = `"é\n\\${"x".repeat(REFUSAL_MESSAGE_LENGTH_MAX)}`;
  const json = peerInfoCodec.toJson({ ...WIRE_SAMPLES.refusal, message });
  expect(json.message).toBe(`????${"x".repeat(REFUSAL_MESSAGE_LENGTH_MAX - 4)}`);
  expect(peerInfoCodec.fromJson(json).ok).toBe(true);
});

test("what this node must not send is an assertion", () => {
  const hello: PeerHello = WIRE_SAMPLES.hello;
  const refusal: PeerRefusal = WIRE_SAMPLES.refusal;
  const faulty = [
    { ...hello, listenEndpoint: "no endpoint" },
    { ...hello, consensus: "" },
    { ...hello, head: { ...hello.head, totalWork: -1n } },
    { ...hello, head: { ...hello.head, totalWork: 2n ** 256n } },
    { ...refusal, code: "two\nlines" },
    { ...WIRE_SAMPLES.status, endpoints: new Array(ENDPOINTS_PER_MESSAGE_MAX + 1).fill("a:1") },
  ];
  for (const message of faulty) expect(() => peerInfoCodec.toJson(message)).toThrow(AssertionError);
});
