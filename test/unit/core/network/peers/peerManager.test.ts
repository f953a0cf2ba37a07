// Nodes that meet: the handshake in both roles, what each is told, one connection for each pair, and what follows.

import { describe, expect, test } from "bun:test";
import type { Message } from "../../../../../src/core/network/wire/message.ts";
import type { Hash, TimestampMs } from "../../../../../src/core/primitives/index.ts";
import { GENESIS, headAt, identityOf, orderedIdentities, TestNet, TestNotes } from "./harness.ts";

function pair(options: { seed?: number; first?: object; second?: object } = {}) {
  const net = new TestNet(options.seed);
  const b = net.add({ host: "10.0.0.2", identity: identityOf(1), ...options.second });
  const a = net.add({
    host: "10.0.0.1",
    identity: identityOf(0),
    settings: { bootstrapPeers: [b.endpoint] },
    ...options.first,
  });
  return { net, a, b };
}

describe("two nodes", () => {
  test("know each other after the handshake, and hand on what is not about the connection", () => {
    const { net, a, b } = pair();
    b.node.head = headAt(7);
    net.run(2_000);
    expect(a.manager.peers()).toMatchObject([
      { nodeKey: b.node.identity.nodeKey, direction: "outbound", address: "10.0.0.2", head: headAt(7) },
    ]);
    expect(b.manager.peers()).toMatchObject([
      { nodeKey: a.node.identity.nodeKey, direction: "inbound", address: "10.0.0.1", head: headAt(0) },
    ]);
    expect([a.node.ready.length, b.node.ready.length]).toEqual([1, 1]);
    const connectionId = a.manager.peers()[0]?.connectionId as number;
    const message: Message = { type: "GetBlock", hash: GENESIS };
    a.manager.send(connectionId, message);
    net.settle();
    expect(b.node.received).toMatchObject([{ message, peer: { nodeKey: a.node.identity.nodeKey } }]);
    expect(a.node.logger.at("info")).toMatchObject([
      { event: "peer connected", fields: { nodeKey: b.node.identity.nodeKey, direction: "outbound", height: 7 } },
    ]);
    expect(a.manager.bootstrapState()).toEqual([{ endpoint: b.endpoint, state: { kind: "connected", connectionId } }]);
    expect(a.manager.view()).toMatchObject({
      peers: [{ height: 7, isBootstrap: true, roundTripMs: 0, score: 0, listenEndpoint: b.endpoint, port: 6000 }],
      counts: { inbound: 0, outbound: 1, handshaking: 0, dialling: 0 },
    });
  });

  test("tell each other why they leave", () => {
    const { net, a, b } = pair();
    net.run(2_000);
    b.manager.stop();
    net.settle();
    expect(a.manager.peers()).toEqual([]);
    expect(a.node.gone).toHaveLength(1);
    const left = a.node.logger.at("info").find((line) => line.event === "peer left");
    expect(left?.fields.reason).toContain("shutting_down");
  });

  test("ping each other, and part when one falls silent", () => {
    const { net, a, b } = pair();
    net.run(20_000);
    net.nodes.splice(net.nodes.indexOf(b), 1);
    b.node.on = () => undefined;
    net.run(40_000);
    expect(a.manager.peers()).toHaveLength(1);
    net.run(5_000);
    expect(a.manager.peers()).toEqual([]);
    expect(net.refusals.at(-1)?.message.code).toBe("silent");
    expect(a.manager.bootstrapState()[0]?.state.kind).toBe("failed");
  });
});

describe("a refusal is told to the other side with both values", () => {
  const other = `0x${"22".repeat(32)}` as Hash;
  test.each([
    ["wrong_genesis", { genesisHash: other }, [GENESIS, other]],
    ["wrong_consensus", { consensus: "pos" }, ["pow", "pos"]],
    ["not_allowed", { settings: { allowedNodeKeys: [identityOf(5).nodeKey] } }, [identityOf(0).nodeKey]],
    ["self_connection", { identity: identityOf(0) }, [identityOf(0).nodeKey]],
    ["too_many_connections", { settings: { inboundMax: 0 } }, ["0 places"]],
  ] as const)("%s", (code, second, words) => {
    const { net, a, b } = pair({ second });
    net.run(1_000);
    const told = net.refusals.filter((refusal) => refusal.from === b.host).map((refusal) => refusal.message);
    expect(told.map((message) => message.code)).toEqual([code]);
    for (const word of words) expect(told[0]?.message).toContain(word);
    expect([a.manager.peers(), b.manager.peers()]).toEqual([[], []]);
    const state = a.manager.bootstrapState()[0]?.state;
    if (code === "self_connection") expect(state).toEqual({ kind: "self" });
    else expect(state).toMatchObject({ kind: "failed", attempts: 1, reason: expect.stringContaining(code) });
    if (code !== "self_connection") expect(b.node.logger.at("warn")[0]?.event).toBe("refused a connection");
  });

  test("a node on the allow-list is taken with TLS alone", () => {
    for (const [binding, code] of [
      [new Uint8Array(32).fill(7), undefined],
      [new Uint8Array(0), "not_allowed"],
    ] as const) {
      const { net, b } = pair({ second: { settings: { allowedNodeKeys: [identityOf(0).nodeKey] } } });
      net.binding = binding;
      net.run(1_000);
      expect(net.refusals[0]?.message.code).toBe(code as string);
      expect(b.manager.peers()).toHaveLength(code === undefined ? 1 : 0);
    }
  });

  test("a wrong genesis at a bootstrap peer is told at the first attempt, then less often", () => {
    const { net, a } = pair({ second: { genesisHash: other } });
    net.run(600_000);
    const lines = a.node.logger.at("warn").filter((line) => line.event === "bootstrap peer cannot be reached");
    expect(lines.map((line) => line.fields.failures)).toEqual([1, 2, 4, 8, 16].slice(0, lines.length));
    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(lines[0]?.fields.reason).toContain(other);
  });
});

describe("a node that meets itself", () => {
  test("never dials that endpoint again", () => {
    const net = new TestNet();
    const a = net.add({ host: "10.0.0.1", settings: { bootstrapPeers: ["alias-10.0.0.1:6000"] } });
    net.run(120_000);
    expect(a.manager.peers()).toEqual([]);
    expect(a.manager.bootstrapState()[0]?.state).toEqual({ kind: "self" });
    expect(a.links.size).toBe(2);
  });

  test("does not dial the endpoint that it listens on", () => {
    const net = new TestNet();
    const a = net.add({ host: "10.0.0.1", settings: { bootstrapPeers: ["10.0.0.1:6000"] } });
    net.run(10_000);
    expect(a.links.size).toBe(0);
    expect(a.manager.bootstrapState()[0]?.state).toEqual({ kind: "self" });
  });
});

describe("two connections to one node", () => {
  const [low, high] = orderedIdentities(2);
  test("crossing ones leave the one that the lower key opened, in any order of events", () => {
    const kept = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const net = new TestNet(seed);
      const settings = { bootstrapPeers: ["10.0.0.1:6000", "10.0.0.2:6000"] };
      const a = net.add({ host: "10.0.0.1", identity: low as NonNullable<typeof low>, settings });
      const b = net.add({ host: "10.0.0.2", identity: high as NonNullable<typeof high>, settings });
      net.run(1_000);
      expect([seed, a.manager.peers().length, b.manager.peers().length]).toEqual([seed, 1, 1]);
      expect(a.manager.peers()[0]?.direction).toBe("outbound");
      expect(b.manager.peers()[0]?.direction).toBe("inbound");
      kept.add(`${a.node.ready.length}/${b.node.ready.length}`);
      const links = a.links.size;
      net.run(180_000);
      expect([seed, a.links.size]).toEqual([seed, links]);
      expect(a.manager.bootstrapState().map(({ state }) => state.kind)).toEqual(["self", "connected"]);
      expect(b.manager.bootstrapState().map(({ state }) => state.kind)).toEqual(["connected", "self"]);
      const warnings = [...a.node.logger.at("warn"), ...b.node.logger.at("warn")];
      expect(warnings).toEqual([]);
    }
    // The seeds have led to both orders: the right one first, and the wrong one first at either end.
    expect(kept.size).toBeGreaterThan(1);
  }, 20_000);

  test("of two that one node opened the older one stays, by its own view", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const net = new TestNet(seed);
      const b = net.add({ host: "10.0.0.2", identity: low as NonNullable<typeof low> });
      const bootstrapPeers = ["10.0.0.2:6000", "alias-10.0.0.2:6000"];
      const settings = { bootstrapPeers, listenEndpoint: undefined };
      const a = net.add({ host: "10.0.0.1", identity: high as NonNullable<typeof high>, settings });
      net.run(1_000);
      const first = a.node.ready[0]?.connectionId;
      net.run(30_000);
      expect(a.manager.peers().map((peer) => peer.connectionId)).toEqual([first as number]);
      expect(b.manager.peers()).toHaveLength(1);
      expect(a.manager.bootstrapState().map(({ state }) => state.kind)).toEqual(["connected", "connected"]);
      expect(a.links.size).toBe(2);
    }
  });
});

describe("heads", () => {
  test("a burst gives one message at once and one when a second has passed", () => {
    const { net, a, b } = pair();
    net.run(3_000);
    b.node.heads.length = 0;
    for (let height = 1; height <= 50; height++) {
      a.node.head = headAt(height);
      a.manager.announceHead();
    }
    net.settle();
    expect(b.node.heads).toHaveLength(1);
    net.run(3_000);
    expect(b.node.heads).toHaveLength(2);
    expect(b.manager.peers()[0]?.head).toEqual(headAt(50));
    a.node.head = headAt(3);
    a.manager.announceHead();
    net.settle();
    expect(b.manager.peers()[0]?.head).toEqual(headAt(3));
  });

  test("a congested peer hears of the last head when its line is free", () => {
    const { net, a, b } = pair();
    net.run(3_000);
    const connectionId = a.manager.peers()[0]?.connectionId as number;
    a.node.on({ kind: "congestion", connectionId, isCongested: true });
    expect(a.manager.peers()[0]?.isCongested).toBe(true);
    a.node.head = headAt(5);
    a.manager.announceHead();
    net.run(3_000);
    expect(b.manager.peers()[0]?.head).toEqual(headAt(0));
    a.node.on({ kind: "congestion", connectionId, isCongested: false });
    net.run(1_000);
    expect(b.manager.peers()[0]?.head).toEqual(headAt(5));
  });
});

describe("bans", () => {
  test("keep an address out, over a restart, until they expire", () => {
    const notes = new TestNotes();
    const { net, a, b } = pair({ second: { notes } });
    net.run(2_000);
    const connectionId = b.manager.peers()[0]?.connectionId as number;
    b.manager.punish(connectionId, "invalid_block", "its state root is wrong");
    net.run(2_000);
    expect([b.manager.peers(), b.refused]).toEqual([[], ["10.0.0.1"]]);
    expect(b.manager.view().bans).toMatchObject([
      { address: "10.0.0.1", reason: "invalid_block: its state root is wrong" },
    ]);
    expect(net.refusals.at(-1)?.message.code).toBe("banned");
    // The banned one is told, and goes on trying.
    expect(a.manager.bootstrapState()[0]?.state.kind).toBe("failed");

    net.nodes.splice(net.nodes.indexOf(b), 1);
    const again = net.add({ host: "10.0.0.2", identity: identityOf(1), notes });
    expect(again.refused).toEqual(["10.0.0.1"]);
    net.run(3_500_000);
    expect(again.manager.peers()).toEqual([]);
    net.run(200_000);
    expect(again.refused).toEqual([]);
    expect(again.manager.peers()).toHaveLength(1);
  });

  test("do not reach a bootstrap peer that this node calls: it is left and called again", () => {
    const { net, a, b } = pair();
    net.run(20_000);
    const connectionId = a.manager.peers()[0]?.connectionId as number;
    a.manager.punish(connectionId, "invalid_block", "its state root is wrong");
    expect([a.manager.peers(), a.refused, a.manager.view().bans]).toEqual([[], [], []]);
    net.settle();
    expect(net.refusals.at(-1)?.message.code).toBe("misbehaviour");
    net.run(5_000);
    expect([a.manager.peers().length, b.manager.peers().length]).toEqual([1, 1]);
  });
});

test("what peers tell of spreads: a third node is found through the first", () => {
  const net = new TestNet(3);
  const a = net.add({ host: "10.0.0.1", identity: identityOf(0) });
  const settings = { bootstrapPeers: [a.endpoint] };
  net.add({ host: "10.0.0.2", identity: identityOf(1), settings });
  net.add({ host: "10.0.0.3", identity: identityOf(2), settings });
  net.run(200_000);
  expect(net.nodes.map((node) => node.manager.peers().length)).toEqual([2, 2, 2]);
  expect(net.nodes.map((node) => node.manager.view().counts.known > 0)).toEqual([true, true, true]);
});

test("the same seed gives the same run", () => {
  const run = (): unknown => {
    const net = new TestNet(42);
    const settings = { bootstrapPeers: ["10.0.0.1:6000", "10.0.0.9:6000"] };
    for (let index = 1; index <= 4; index++)
      net.add({ host: `10.0.0.${index}`, identity: identityOf(index), settings });
    net.run(120_000);
    return net.nodes.map((node) => [node.node.logger.lines, node.manager.view(), node.links.size]);
  };
  expect(run()).toEqual(run());
});

test("a clock that jumps back stops no timeout", () => {
  const { net, a, b } = pair();
  net.run(2_000);
  net.clock.ms -= 3_600_000;
  expect(a.node.clock.nowMs()).toBeLessThan(1_700_000_000_000 as TimestampMs);
  b.node.on = () => undefined;
  net.run(66_000);
  expect(a.manager.peers()).toEqual([]);
});
