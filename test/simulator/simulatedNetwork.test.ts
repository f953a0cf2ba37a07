// The simulated network behaves like TCP between hosts: whole messages in order, or a lost connection.

import { beforeEach, describe, expect, test } from "bun:test";
import type { TransportEvent } from "../../src/core/ports/index.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedNetwork } from "./simulatedNetwork.ts";
import { SimulatedTransport } from "./simulatedTransport.ts";
import type { Wire } from "./wire.ts";

interface Note {
  readonly text: string;
}

/** Lines of plain text, of which "bad" is none. */
const wire: Wire<Note> = {
  encode: ({ text }) => new TextEncoder().encode(`${text}\n`),
  createReader: () => {
    let rest = "";
    return (bytes) => {
      const lines = (rest + new TextDecoder().decode(bytes)).split("\n");
      rest = lines.pop() ?? "";
      return lines.map((text) =>
        text === "bad"
          ? { kind: "fault", fault: "malformed_message", reason: text }
          : { kind: "message", message: { text }, sizeBytes: text.length },
      );
    };
  },
};

let scheduler: Scheduler;
let network: SimulatedNetwork<Note>;

function createHost(index: number, lineShare = 0) {
  const events: TransportEvent<Note>[] = [];
  const transport = new SimulatedTransport<Note>({
    network,
    random: new Random(`host ${index}`),
    place: { name: `node-${index}`, address: `10.0.${index}.1`, port: 6000 },
    wire,
    lineShare,
    onEvent: (event) => events.push(event),
  });
  const texts = () => events.flatMap((event) => (event.kind === "message" ? [event.message.text] : []));
  const kinds = () => events.map(({ kind }) => kind);
  return { transport, events, texts, kinds };
}

beforeEach(() => {
  scheduler = new Scheduler();
  network = new SimulatedNetwork({ scheduler, random: new Random("network") });
});

/** Two hosts, the first connected to the second: id 2 at the one, 1 at the other. */
function connected(lineShare = 0) {
  const [one, other] = [createHost(0, lineShare), createHost(1, lineShare)];
  one.transport.connect({ connectionId: 2, endpoint: "node-1:6000" });
  scheduler.runUntil(100);
  return { one, other };
}

const pass = (ms: number) => scheduler.runUntil(scheduler.nowMs + ms);

describe("connections", () => {
  test("open at both ends, with direction and address", () => {
    const { one, other } = connected();
    expect(one.events).toMatchObject([
      { kind: "connected", connectionId: 2, direction: "outbound", address: "10.0.1.1", port: 6000 },
    ]);
    expect(other.events).toMatchObject([
      { kind: "connected", connectionId: 1, direction: "inbound", address: "10.0.0.1" },
    ]);
  });

  test.each([
    ["a name that nobody has", "nowhere:6000"],
    ["a port that nobody listens on", "node-1:1"],
  ])("fail at %s", (_, endpoint) => {
    const [one] = [createHost(0), createHost(1)];
    one.transport.connect({ connectionId: 2, endpoint });
    pass(100);
    expect(one.events).toEqual([{ kind: "failed", connectionId: 2, reason: "connection refused" }]);
  });

  test("fail while a name does not resolve, while the address is refused, and across a partition", () => {
    const [one, other] = [createHost(0), createHost(1)];
    network.unresolvable.add("node-1");
    one.transport.connect({ connectionId: 2, endpoint: "node-1:6000" });
    pass(100);
    network.unresolvable.clear();
    other.transport.refuse(["10.0.0.1"]);
    one.transport.connect({ connectionId: 4, endpoint: "10.0.1.1:6000" });
    pass(100);
    other.transport.refuse([]);
    network.links.set("node-1", "node-0", { isBlocked: true });
    one.transport.connect({ connectionId: 6, endpoint: "node-1:6000" });
    pass(6_000);
    expect(one.kinds()).toEqual(["failed", "failed", "failed"]);
    expect(other.events).toEqual([]);
  });

  test("close after what was sent has arrived, and end at both ends", () => {
    const { one, other } = connected();
    one.transport.send([2], { text: "last" });
    one.transport.close(2);
    pass(2_000);
    expect(other.texts()).toEqual(["last"]);
    expect([one.kinds().at(-1), other.kinds().at(-1)]).toEqual(["disconnected", "disconnected"]);
    one.transport.send([2], { text: "too late" });
    pass(100);
    expect(other.texts()).toEqual(["last"]);
  });

  test("end at the survivor when a host dies", () => {
    const { one, other } = connected();
    network.detach(other.transport);
    pass(100);
    expect(one.events.at(-1)).toEqual({ kind: "disconnected", connectionId: 2, reason: "connection reset by peer" });
    expect(other.kinds()).toEqual(["connected"]);
  });
});

describe("messages", () => {
  const texts = Array.from({ length: 60 }, (_, index) => `message ${index}`);

  test.each([0, 0.5, 1])("arrive in order, where a share of %p are lines", (lineShare) => {
    const { one, other } = connected(lineShare);
    for (const text of texts) one.transport.send([2], { text });
    pass(1_000);
    expect(other.texts()).toEqual(texts);
  });

  test("that are no messages are faults", () => {
    const { one, other } = connected(1);
    one.transport.send([2], { text: "bad" });
    pass(100);
    expect(other.events.at(-1)).toMatchObject({ kind: "fault", fault: "malformed_message" });
  });

  test("wait at a clog and then come in order; nothing breaks", () => {
    const { one, other } = connected();
    network.links.set("node-0", "node-1", { isClogged: true });
    for (const text of texts) one.transport.send([2], { text });
    pass(120_000);
    expect(other.texts()).toEqual([]);
    network.links.set("node-0", "node-1", { isClogged: false });
    pass(100);
    expect(other.texts()).toEqual(texts);
  });

  test("pass a one-way partition the other way, and a short one loses nothing", () => {
    const { one, other } = connected();
    network.links.set("node-0", "node-1", { isBlocked: true });
    one.transport.send([2], { text: "held" });
    other.transport.send([1], { text: "free" });
    pass(2_000);
    expect([one.texts(), other.texts()]).toEqual([["free"], []]);
    network.links.heal();
    pass(100);
    expect(other.texts()).toEqual(["held"]);
  });

  test("are lost with the connection at a long partition", () => {
    const { one, other } = connected();
    network.links.set("node-0", "node-1", { isBlocked: true });
    one.transport.send([2], { text: "lost" });
    pass(60_000);
    expect([one.kinds().at(-1), other.kinds().at(-1)]).toEqual(["disconnected", "disconnected"]);
    network.links.heal();
    pass(1_000);
    expect(other.texts()).toEqual([]);
  });

  test("are lost, doubled and overtaken by a hostile middle alone", () => {
    const { one, other } = connected();
    network.links.set("node-0", "node-1", { dropRate: 0.3, duplicateRate: 0.3, reorderRate: 0.3 });
    for (const text of texts) one.transport.send([2], { text });
    pass(1_000);
    const arrived = other.texts();
    expect(new Set(arrived).size).toBeLessThan(texts.length);
    expect(new Set(arrived).size).toBeLessThan(arrived.length);
    expect(arrived).not.toEqual(arrived.toSorted((left, right) => texts.indexOf(left) - texts.indexOf(right)));
  });

  test("take time on a thin link, and congestion is told and taken back", () => {
    const { one, other } = connected();
    network.links.set("node-0", "node-1", { bytesPerMs: 100 });
    const text = "x".repeat(400_000);
    for (let count = 0; count < 4; count++) one.transport.send([2], { text });
    pass(3_000);
    expect(other.texts()).toEqual([]);
    expect(one.events.at(-1)).toEqual({ kind: "congestion", connectionId: 2, isCongested: true });
    pass(20_000);
    expect(other.texts()).toHaveLength(4);
    expect(one.events.at(-1)).toEqual({ kind: "congestion", connectionId: 2, isCongested: false });
  });

  test("beyond what may wait end the connection", () => {
    const { one } = connected();
    network.links.set("node-0", "node-1", { isClogged: true });
    for (let count = 0; count < 50; count++) one.transport.send([2], { text: "x".repeat(400_000) });
    pass(100);
    expect(one.kinds().at(-1)).toBe("disconnected");
  });
});
