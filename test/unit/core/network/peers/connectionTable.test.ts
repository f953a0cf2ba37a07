// What offences lead to: points that outlast a connection, peers that leave before they are judged, whole addresses.

import { describe, expect, test } from "bun:test";
import { SCORE_DECAY_MS } from "../../../../../src/core/network/peers/scoring.ts";
import { headAt, identityOf } from "./harness.ts";
import { createLoneNode } from "./strangers.ts";

describe("points", () => {
  test("are shown, fade, and are not washed off by coming back", () => {
    const { node, meet } = createLoneNode();
    meet({ connectionId: 1, identity: identityOf(4) });
    node.clock.ms += 60_000;
    node.manager.punish(1, "flood", "too much");
    node.manager.punish(1, "flood", "too much");
    expect(node.manager.view().peers[0]?.score).toBe(50);
    node.clock.ms += 4 * SCORE_DECAY_MS;
    expect(node.manager.view().peers[0]?.score).toBe(46);
    node.on({ kind: "disconnected", connectionId: 1, reason: "closed" });
    meet({ connectionId: 3, identity: identityOf(5) });
    expect(node.manager.view().peers[0]?.score).toBe(46);
    node.manager.punish(3, "flood", "too much");
    node.manager.punish(3, "flood", "too much");
    node.manager.punish(3, "flood", "too much");
    expect(node.manager.view()).toMatchObject({ peers: [], bans: [{ address: "10.0.0.7" }] });
  });

  test("at the limit end all connections from the address, and of no other", () => {
    const { node, transport, meet } = createLoneNode();
    for (const [connectionId, address] of [
      [1, "10.0.0.7"],
      [3, "10.0.0.7"],
      [5, "10.0.0.8"],
    ] as const) {
      meet({ connectionId, address, identity: identityOf(connectionId) });
    }
    node.manager.punish(1, "invalid_header", "its time is before its parent's");
    expect(transport.closed.toSorted()).toEqual([1, 3]);
    expect(node.gone.toSorted()).toEqual([1, 3]);
    expect(transport.refused).toEqual(["10.0.0.7"]);
    expect(transport.infos(3, "refusal")).toMatchObject([{ code: "banned" }]);
    // A connection that slips through the transport's list.
    node.on({
      kind: "connected",
      connectionId: 7,
      direction: "inbound",
      address: "10.0.0.7",
      port: 1,
      channelBinding: new Uint8Array(0),
    });
    expect(transport.infos(7, "refusal")).toMatchObject([{ code: "banned" }]);
    expect(transport.infos(7, "hello")).toEqual([]);
  });

  test("reach one that has left before it was judged, once", () => {
    const { node, transport, meet } = createLoneNode();
    meet({ connectionId: 1, identity: identityOf(4) });
    node.clock.ms += 60_000;
    node.on({ kind: "disconnected", connectionId: 1, reason: "closed" });
    const begin = node.clock.ms;
    for (let count = 0; count < 5; count++) node.manager.punish(1, "invalid_signature", "late");
    expect(transport.refused).toEqual(["10.0.0.7"]);
    expect(node.manager.view().bans[0]?.untilMs).toBe(begin + 3_600_000);
    node.manager.punish(77, "invalid_signature", "nobody");
    expect(node.manager.view().bans).toHaveLength(1);
  });

  test("of connections that end as soon as they are opened add up; of probes they fade as fast", () => {
    const { node, transport, arrive } = createLoneNode();
    const probe = (connectionId: number): void => {
      arrive({ connectionId });
      node.on({ kind: "disconnected", connectionId, reason: "closed" });
    };
    for (let count = 0; count < 400; count++) {
      probe(2 * count + 1);
      node.clock.ms += SCORE_DECAY_MS;
    }
    expect(transport.refused).toEqual([]);
    for (let count = 0; count < 100; count++) {
      probe(2 * count + 1_001);
      node.clock.ms += 50;
    }
    expect(transport.refused).toEqual(["10.0.0.7"]);
  });
});

describe("an established peer", () => {
  test("is punished for pongs to no ping, too many pings and announcements", () => {
    const { node, transport, say, meet } = createLoneNode();
    meet({ connectionId: 1, identity: identityOf(4) });
    say(1, { type: "Pong", nonce: 1 });
    expect(node.manager.view().peers[0]?.score).toBe(10);
    for (let nonce = 0; nonce < 30; nonce++) say(1, { type: "Ping", nonce });
    expect(transport.to(1).filter((message) => message.type === "Pong")).toHaveLength(30);
    expect(node.manager.view().peers[0]?.score).toBe(10);
    say(1, { type: "Ping", nonce: 30 });
    expect(node.manager.view().peers[0]?.score).toBe(20);
    const status = { type: "PeerInfo", kind: "status", head: headAt(1), endpoints: [] } as const;
    for (let count = 0; count < 90; count++) say(1, status);
    expect(node.manager.view().peers[0]?.score).toBe(20);
    expect(node.heads).toHaveLength(1);
    say(1, { ...status, head: headAt(2) });
    expect([node.manager.view().peers[0]?.score, node.heads.length]).toEqual([45, 1]);
  });

  test("tells of so many endpoints at once", () => {
    const { node, say, meet } = createLoneNode();
    meet({ connectionId: 1, identity: identityOf(4) });
    const endpoints = Array.from({ length: 33 }, (_, index) => `10.1.0.${index}:6000`);
    const status = { type: "PeerInfo", kind: "status", head: headAt(1) } as const;
    say(1, { ...status, endpoints: endpoints.slice(1) });
    expect(node.manager.view()).toMatchObject({ peers: [{ score: 0 }], counts: { known: 32 } });
    say(1, { ...status, endpoints });
    expect(node.manager.view()).toMatchObject({ peers: [{ score: 25 }], counts: { known: 32 } });
  });

  test("leaves when a line was too slow, after which nothing is read of it, and is not banned for one", () => {
    const { node, transport, meet } = createLoneNode();
    meet({ connectionId: 1, identity: identityOf(4) });
    node.on({ kind: "fault", connectionId: 1, fault: "line_too_slow", reason: "10 s" });
    expect(transport.infos(1, "refusal")).toMatchObject([{ code: "misbehaviour", message: "line_too_slow: 10 s" }]);
    expect([node.manager.peers(), transport.closed, transport.refused]).toEqual([[], [1], []]);
  });

  test("leaves when a line was too long, and stays for lesser faults", () => {
    const { node, transport, meet } = createLoneNode();
    meet({ connectionId: 1, identity: identityOf(4) });
    node.on({ kind: "fault", connectionId: 1, fault: "malformed_message", reason: "no JSON" });
    expect(node.manager.view().peers[0]?.score).toBe(25);
    node.on({ kind: "fault", connectionId: 1, fault: "line_too_long", reason: "3 MiB" });
    expect([node.manager.peers(), transport.refused]).toEqual([[], ["10.0.0.7"]]);
  });
});

test("refusals of others fill the log only so far", () => {
  const { node, arrive } = createLoneNode({ settings: { inboundMax: 0 } });
  for (let index = 0; index < 40; index++) arrive({ connectionId: 2 * index + 1, address: `10.0.0.${index}` });
  expect(node.logger.at("warn")).toHaveLength(10);
  expect(node.logger.at("debug").filter((line) => line.event === "refused a connection")).toHaveLength(30);
});

test("what a stranger says on leaving is told as it is, printable and short", () => {
  const { node, say, arrive } = createLoneNode();
  arrive({ connectionId: 1 });
  say(1, { type: "PeerInfo", kind: "refusal", code: "wrong_genesis", message: `\u001b[2J${"x".repeat(1_000)}` });
  const [line] = node.logger.at("warn");
  expect(line?.event).toBe("refused by the other end");
  const reason = String(line?.fields.reason);
  expect(reason).toStartWith("the other end says wrong_genesis: ?[2Jxxx");
  expect(reason).toContain("here: genesis 0x1111");
  expect(reason.length).toBeLessThan(450);
});
