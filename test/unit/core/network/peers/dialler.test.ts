// Connections that this node opens: how many, where to, and what becomes of failed attempts.

import { expect, test } from "bun:test";
import { DIAL_TIMEOUT_MS, DIALS_PER_TICK_MAX } from "../../../../../src/core/network/peers/dialler.ts";
import { headAt, identityOf } from "./harness.ts";
import { createLoneNode } from "./strangers.ts";

function tellEndpoints(lone: ReturnType<typeof createLoneNode>, endpoints: readonly string[]): void {
  lone.meet({ connectionId: 1, identity: identityOf(9), address: "200.1.1.1" });
  lone.say(1, { type: "PeerInfo", kind: "status", head: headAt(0), endpoints });
}

const spread = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index + 1}.1.1.1:6000`);

test("bootstrap peers are all dialled at once, and their places are their own", () => {
  const bootstrapPeers = Array.from({ length: 12 }, (_, index) => `node-${index}:6000`);
  const lone = createLoneNode({ settings: { bootstrapPeers, outboundMax: 2 } });
  expect(lone.node.manager.bootstrapState()[0]?.state).toEqual({ kind: "never_tried" });
  lone.node.manager.tick();
  expect(lone.transport.dialled.map((dial) => dial.endpoint)).toEqual(bootstrapPeers);
  expect(lone.transport.dialled.map((dial) => dial.connectionId)).toEqual(
    bootstrapPeers.map((_, index) => 2 * index + 2),
  );
  expect(lone.node.manager.bootstrapState()[0]?.state).toEqual({ kind: "trying" });
  tellEndpoints(lone, spread(5));
  lone.node.manager.tick();
  expect(lone.transport.dialled).toHaveLength(14);
});

test("learned endpoints are dialled in steps up to the bound, each in another group", () => {
  const lone = createLoneNode({ settings: { outboundMax: 6 } });
  tellEndpoints(lone, [...spread(20), "1.1.1.2:6000", "1.1.1.3:6000"]);
  lone.node.manager.tick();
  expect(lone.transport.dialled).toHaveLength(DIALS_PER_TICK_MAX);
  lone.node.manager.tick();
  lone.node.manager.tick();
  expect(lone.transport.dialled).toHaveLength(6);
  const groups = lone.transport.dialled.map((dial) => dial.endpoint.split(".")[0]);
  expect(new Set(groups).size).toBe(6);
  // A place that becomes free is filled again, not by what has just failed.
  const [first] = lone.transport.dialled;
  lone.node.on({ kind: "failed", connectionId: first?.connectionId as number, reason: "refused" });
  lone.node.manager.tick();
  expect(lone.transport.dialled).toHaveLength(7);
  expect(lone.transport.dialled[6]?.endpoint).not.toBe(first?.endpoint as string);
});

test("an attempt of which nothing is heard is given up, and tried again after its wait", () => {
  const { node, transport } = createLoneNode({ settings: { bootstrapPeers: ["node-1:6000"] } });
  node.manager.tick();
  node.clock.ms += DIAL_TIMEOUT_MS - 1;
  node.manager.tick();
  expect([transport.closed, transport.dialled.length]).toEqual([[], 1]);
  node.clock.ms += 1;
  node.manager.tick();
  expect([transport.closed, transport.dialled.length]).toEqual([[2], 1]);
  expect(node.manager.bootstrapState()[0]?.state).toEqual({
    kind: "failed",
    reason: "the attempt took too long",
    attempts: 1,
  });
  node.clock.ms += 1_000;
  node.manager.tick();
  expect(transport.dialled.map((dial) => dial.connectionId)).toEqual([2, 4]);
});

test("a bootstrap peer that is off is dialled ever less, at least once a minute, and told of ever less", () => {
  const { node, transport } = createLoneNode({ settings: { bootstrapPeers: ["node-1:6000"] } });
  const times: number[] = [];
  for (let second = 0; second < 3_600; second++) {
    const before = transport.dialled.length;
    node.manager.tick();
    const dial = transport.dialled[before];
    if (dial !== undefined) {
      times.push(second);
      node.on({ kind: "failed", connectionId: dial.connectionId, reason: "refused" });
    }
    node.clock.ms += 1_000;
  }
  const waits = times.slice(1).map((time, index) => time - (times[index] as number));
  expect(Math.max(...waits)).toBeLessThanOrEqual(61);
  expect(waits.slice(0, 3).every((wait) => wait <= 5)).toBe(true);
  expect(Math.min(...waits.slice(6))).toBeGreaterThanOrEqual(30);
  const told = node.logger.at("warn").map((line) => line.fields.failures as number);
  expect(told).toEqual([1, 2, 4, 8, 16, 32, 64]);
});

test("a learned endpoint on another chain is forgotten, and so is one that wants no strangers", () => {
  const lone = createLoneNode({ settings: { outboundMax: 1 } });
  tellEndpoints(lone, ["1.1.1.1:6000"]);
  lone.node.manager.tick();
  const connectionId = lone.transport.dialled[0]?.connectionId as number;
  lone.arrive({ connectionId, address: "1.1.1.1" });
  lone.say(connectionId, { type: "PeerInfo", kind: "refusal", code: "not_allowed", message: "no strangers" });
  expect(lone.node.manager.view().counts).toMatchObject({ known: 0, handshaking: 0 });
});

test("another end that claims to be this node is not believed on its word", () => {
  const { node, transport, arrive, say } = createLoneNode({ settings: { bootstrapPeers: ["node-1:6000"] } });
  node.manager.tick();
  arrive({ connectionId: 2 });
  say(2, { type: "PeerInfo", kind: "refusal", code: "self_connection", message: "it is you" });
  expect(node.manager.bootstrapState()[0]?.state.kind).toBe("failed");
  node.clock.ms += 1_000;
  node.manager.tick();
  expect(transport.dialled).toHaveLength(2);
});

test("a peer's word on its own address spares a call; on another's it does not", () => {
  const lone = createLoneNode({ settings: { outboundMax: 4 } });
  const identity = identityOf(9);
  lone.meet({ connectionId: 1, identity, address: "200.1.1.1", listenEndpoint: "200.1.1.1:6000" });
  lone.meet({ connectionId: 3, identity: identityOf(8), address: "201.1.1.1", listenEndpoint: "5.5.5.5:6000" });
  lone.node.manager.tick();
  expect(lone.transport.dialled.map((dial) => dial.endpoint)).toEqual(["5.5.5.5:6000"]);
});
