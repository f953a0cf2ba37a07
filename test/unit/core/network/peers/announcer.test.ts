// What is told unasked: endpoints on arrival and then now and then, in bounds.

import { expect, test } from "bun:test";
import { ENDPOINTS_INTERVAL_MS, ENDPOINTS_TOLD_MAX } from "../../../../../src/core/network/peers/announcer.ts";
import { headAt, identityOf } from "./harness.ts";
import { createLoneNode } from "./strangers.ts";

test("a new peer is told of the others, and again every two to three minutes", () => {
  const { node, transport, meet, say } = createLoneNode();
  for (let index = 0; index < 20; index++) {
    const address = `10.0.0.${index + 1}`;
    const listenEndpoint = `${address}:6000`;
    meet({ connectionId: 2 * index + 1, identity: identityOf(index + 5), address, listenEndpoint });
  }
  node.manager.tick();
  const statuses = () => transport.infos(1, "status");
  expect(statuses()).toHaveLength(1);
  expect(statuses()[0]?.endpoints).toHaveLength(ENDPOINTS_TOLD_MAX);
  expect(statuses()[0]?.endpoints).not.toContain("10.0.0.1:6000");
  const pass = (durationMs: number): void => {
    node.clock.ms += durationMs;
    for (const { connectionId } of node.manager.peers()) say(connectionId, { type: "Ping", nonce: 1 });
    node.manager.tick();
  };
  pass(ENDPOINTS_INTERVAL_MS - 1);
  expect(statuses()).toHaveLength(1);
  pass(60_001);
  expect(statuses()).toHaveLength(2);
});

test("a lone peer hears of the head once, and of nothing when nothing is new", () => {
  const { node, transport, meet } = createLoneNode();
  meet({ connectionId: 1, identity: identityOf(5) });
  node.head = headAt(3);
  for (let second = 0; second < 10; second++) {
    node.manager.tick();
    node.manager.announceHead();
    node.clock.ms += 1_000;
  }
  expect(transport.infos(1, "status").map((status) => status.head.height as number)).toEqual([3]);
});
