// A lone node and strangers that do not keep to the rules: before, during and after the handshake.

import { describe, expect, test } from "bun:test";
import { DUPLICATE_GRACE_MS, INBOUND_PER_SECOND_MAX } from "../../../../../src/core/network/peers/entrance.ts";
import { HANDSHAKE_TIMEOUT_MS } from "../../../../../src/core/network/peers/handshake.ts";
import { EMPTY_BYTES, type Signature } from "../../../../../src/core/primitives/index.ts";
import { headAt, identityOf, orderedIdentities } from "./harness.ts";
import { createLoneNode } from "./strangers.ts";

describe("a handshake", () => {
  test("ends when it takes too long", () => {
    const { node, transport, arrive } = createLoneNode();
    arrive({ connectionId: 1 });
    node.clock.ms += HANDSHAKE_TIMEOUT_MS - 1;
    node.manager.tick();
    expect(transport.closed).toEqual([]);
    node.clock.ms += 1;
    node.manager.tick();
    expect(transport.infos(1, "refusal")).toMatchObject([{ code: "handshake_timeout" }]);
    expect(transport.closed).toEqual([1]);
    expect(node.manager.view().counts.handshaking).toBe(0);
  });

  test("ends with any other message", () => {
    const { node, transport, arrive, say, meet } = createLoneNode();
    const messages = [
      { type: "Ping", nonce: 1 },
      { type: "PeerInfo", kind: "status", head: headAt(1), endpoints: [] },
      { type: "PeerInfo", kind: "proof", signature: `0x${"00".repeat(65)}` as Signature },
    ] as const;
    for (const [index, message] of messages.entries()) {
      const connectionId = 2 * index + 1;
      arrive({ connectionId, address: `10.0.1.${index}` });
      say(connectionId, message);
      expect(transport.infos(connectionId, "refusal")).toMatchObject([{ code: "handshake_violation" }]);
    }
    expect(node.received).toEqual([]);
    const stranger = meet({ connectionId: 11, identity: identityOf(4) });
    say(11, stranger.hello);
    expect(transport.infos(11, "refusal")).toMatchObject([{ code: "handshake_violation" }]);
    expect(node.gone).toEqual([11]);
  });

  test("that was recorded cannot be played again", () => {
    const { node, transport, arrive, say, meet } = createLoneNode();
    const recorded = meet({ connectionId: 1, identity: identityOf(4) });
    expect(node.ready).toHaveLength(1);
    node.on({ kind: "disconnected", connectionId: 1, reason: "closed" });
    arrive({ connectionId: 3 });
    say(3, recorded.hello);
    say(3, recorded.proof);
    expect(transport.infos(3, "refusal")).toMatchObject([{ code: "wrong_proof" }]);
    expect(node.ready).toHaveLength(1);
    const challenges = [1, 3].map((id) => transport.infos(id, "hello")[0]?.challenge);
    expect(challenges[0]).not.toBe(challenges[1]);
  });

  test("ends with a fault of the line", () => {
    const { node, transport, arrive } = createLoneNode();
    arrive({ connectionId: 1 });
    node.on({ kind: "fault", connectionId: 1, fault: "malformed_message", reason: "no JSON" });
    expect(transport.infos(1, "refusal")).toMatchObject([{ code: "handshake_violation" }]);
    expect(transport.closed).toEqual([1]);
  });
});

test("what comes after a connection has ended is not heard", () => {
  const { node, transport, say, meet } = createLoneNode();
  meet({ connectionId: 1, identity: identityOf(4) });
  node.manager.stop();
  const sent = transport.sent.length;
  say(1, { type: "Ping", nonce: 1 });
  say(1, { type: "GetBlock", hash: headAt(1).hash });
  node.on({ kind: "fault", connectionId: 1, fault: "flood", reason: "" });
  node.on({ kind: "congestion", connectionId: 1, isCongested: true });
  node.on({ kind: "disconnected", connectionId: 1, reason: "closed" });
  node.manager.send(1, { type: "Ping", nonce: 2 });
  expect([transport.sent.length, node.received, node.gone]).toEqual([sent, [], [1]]);
});

test("an attempt that was given up is closed when it succeeds after all", () => {
  const { node, transport } = createLoneNode();
  const event = { kind: "connected", connectionId: 8, direction: "outbound", address: "10.0.0.9", port: 1 } as const;
  node.on({ ...event, channelBinding: EMPTY_BYTES });
  expect([transport.closed, transport.sent]).toEqual([[8], []]);
});

test("connections past the bound of a second are refused, and taken in the next", () => {
  const { node, transport, arrive } = createLoneNode({ settings: { inboundMax: 1_000 } });
  for (let index = 0; index <= INBOUND_PER_SECOND_MAX; index++) {
    arrive({ connectionId: 2 * index + 1, address: `10.0.0.${index + 1}` });
  }
  expect(transport.closed).toEqual([2 * INBOUND_PER_SECOND_MAX + 1]);
  node.clock.ms += 1_000;
  arrive({ connectionId: 999, address: "10.0.0.250" });
  expect(transport.closed).toHaveLength(1);
});

describe("places", () => {
  test("of one address", () => {
    const { transport, arrive } = createLoneNode({ settings: { inboundPerAddressMax: 2 } });
    for (const connectionId of [1, 3, 5]) arrive({ connectionId, address: "10.0.0.1" });
    expect(transport.infos(5, "refusal")).toMatchObject([{ code: "too_many_connections" }]);
    expect(transport.closed).toEqual([5]);
  });

  test("when all are taken, the youngest of the largest group leaves", () => {
    const { node, transport, arrive } = createLoneNode({ settings: { inboundMax: 8 } });
    for (let index = 0; index < 8; index++) {
      arrive({ connectionId: 2 * index + 1, address: `1.2.3.${index}` });
      node.clock.ms += 1;
    }
    arrive({ connectionId: 101, address: "9.9.9.9" });
    expect(transport.infos(15, "refusal")).toMatchObject([{ code: "evicted" }]);
    expect(transport.infos(101, "hello")).toHaveLength(1);
  });
});

test("of two that the other end opened, the older ends after a while if the other end does not end one", () => {
  const [, own, other] = orderedIdentities(3);
  if (own === undefined || other === undefined) throw new Error("three identities were made");
  const { node, transport, meet } = createLoneNode({ identity: own });
  meet({ connectionId: 1, identity: other });
  meet({ connectionId: 3, identity: other });
  expect(node.manager.peers()).toHaveLength(2);
  node.clock.ms += DUPLICATE_GRACE_MS - 1;
  node.manager.tick();
  expect(node.manager.peers()).toHaveLength(2);
  node.clock.ms += 1;
  node.manager.tick();
  expect(node.manager.peers().map((peer) => peer.connectionId)).toEqual([3]);
  expect(transport.infos(1, "refusal")).toMatchObject([{ code: "duplicate_connection" }]);
});
