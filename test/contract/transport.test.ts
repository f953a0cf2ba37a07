// What every Transport does: one suite over the one in memory and the one over TCP.

import { afterEach, describe, expect, test } from "bun:test";
import { AssertionError } from "../../src/core/primitives/index.ts";
import { CONGESTION_BYTES, type ContractNode, TRANSPORT_KINDS, UNACKNOWLEDGED_MAX } from "../support/transportKinds.ts";

const OWN_ID = 2;

describe.each(TRANSPORT_KINDS)("a transport in $name", (kind) => {
  afterEach(() => kind.dispose());

  async function createPair(options: { isAcknowledging?: boolean } = {}) {
    const listener = await kind.create(options);
    const dialer = await kind.create();
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    await dialer.recorder.next("connected");
    const { connectionId } = await listener.recorder.next("connected");
    return { listener, dialer, otherId: connectionId };
  }

  function expectLast({ recorder }: ContractNode, connectionId: number): void {
    expect(recorder.of("disconnected", connectionId)).toHaveLength(1);
    expect(recorder.events.filter((event) => event.connectionId === connectionId).at(-1)?.kind).toBe("disconnected");
    expect(recorder.of("disconnected", connectionId)[0]?.reason).not.toBe("");
  }

  test("connects, and both ends hear of it once", async () => {
    const { listener, dialer } = await createPair();
    const port = Number(listener.endpoint.split(":").at(-1));
    const own = { kind: "connected", connectionId: OWN_ID, direction: "outbound", address: "127.0.0.1", port } as const;
    expect(dialer.recorder.events).toEqual([{ ...own, channelBinding: new Uint8Array(0) }]);
    const other = { kind: "connected", connectionId: 1, direction: "inbound", address: "127.0.0.1" } as const;
    expect(listener.recorder.events).toEqual([
      { ...other, port: expect.any(Number), channelBinding: new Uint8Array(0) },
    ]);
  });

  test("gives inbound connections odd ids that rise", async () => {
    const { listener, dialer } = await createPair();
    for (const connectionId of [4, 6]) {
      dialer.transport.connect({ connectionId, endpoint: listener.endpoint });
      await dialer.recorder.next("connected", { connectionId });
    }
    await listener.recorder.next("connected", { count: 3 });
    expect(listener.recorder.of("connected").map((event) => event.connectionId)).toEqual([1, 3, 5]);
  });

  test("finds a node by name", async () => {
    const listener = await kind.create();
    const dialer = await kind.create();
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: kind.nameOf(listener.endpoint) });
    expect((await dialer.recorder.next("connected")).address).toBe("127.0.0.1");
  });

  test.each([
    ["where nobody listens", kind.emptyEndpoint],
    ["to a name that is not known", "no-such-node.test:6000"],
    ["to what is no endpoint", "no endpoint"],
  ])("an attempt %s fails with a reason, once and not at once", async (_, endpoint) => {
    const { transport, recorder } = await kind.create();
    transport.connect({ connectionId: OWN_ID, endpoint });
    expect(recorder.events).toEqual([]);
    await recorder.next("failed");
    await kind.settle();
    expect(recorder.events).toEqual([{ kind: "failed", connectionId: OWN_ID, reason: expect.stringMatching(/.{10}/) }]);
  });

  test("an attempt that is closed fails", async () => {
    const listener = await kind.create();
    const dialer = await kind.create();
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    dialer.transport.close(OWN_ID);
    await dialer.recorder.next("failed");
    await kind.settle();
    expect(dialer.recorder.events).toHaveLength(1);
  });

  test("an id that is odd is a fault of ours", async () => {
    const { transport, endpoint } = await kind.create();
    expect(() => transport.connect({ connectionId: 3, endpoint })).toThrow(AssertionError);
  });

  test("carries messages both ways, whole and in order", async () => {
    const { listener, dialer, otherId } = await createPair();
    const texts = Array.from({ length: 200 }, (_, index) => `${index} ${"ü".repeat((index * 37) % 5000)}`);
    for (const text of texts) {
      dialer.transport.send([OWN_ID], text);
      listener.transport.send([otherId], `${text} back`);
    }
    await listener.recorder.next("message", { count: texts.length });
    await dialer.recorder.next("message", { count: texts.length });
    expect(listener.recorder.texts(otherId)).toEqual(texts);
    expect(dialer.recorder.texts(OWN_ID)).toEqual(texts.map((text) => `${text} back`));
    const sizes = listener.recorder.of("message").map((event) => event.sizeBytes);
    expect(sizes).toEqual(texts.map((text) => Buffer.byteLength(text) + 1));
  });

  test("sends to several, and passes over those that are gone", async () => {
    const { listener, dialer } = await createPair();
    for (const connectionId of [4, 6]) dialer.transport.connect({ connectionId, endpoint: listener.endpoint });
    await dialer.recorder.next("connected", { count: 3 });
    await listener.recorder.next("connected", { count: 3 });
    dialer.transport.close(4);
    await dialer.recorder.next("disconnected");
    dialer.transport.send([OWN_ID, 4, 6, 8], "to all");
    await listener.recorder.next("message", { count: 2 });
    await kind.settle();
    expect(listener.recorder.texts()).toEqual(["to all", "to all"]);
  });

  test("what was sent before a close arrives, then both ends hear of the end once", async () => {
    const { listener, dialer, otherId } = await createPair();
    const texts = ["first", "x".repeat(500_000), "why this node leaves"];
    for (const text of texts) dialer.transport.send([OWN_ID], text);
    dialer.transport.close(OWN_ID);
    dialer.transport.send([OWN_ID], "too late");
    dialer.transport.close(OWN_ID);
    await dialer.recorder.next("disconnected");
    await listener.recorder.next("disconnected");
    await kind.settle();
    expect(listener.recorder.texts()).toEqual(texts);
    expectLast(listener, otherId);
    expectLast(dialer, OWN_ID);
  });

  test("the end that was connected to closes as well", async () => {
    const { listener, dialer, otherId } = await createPair();
    listener.transport.send([otherId], "go away");
    listener.transport.close(otherId);
    await dialer.recorder.next("disconnected");
    await listener.recorder.next("disconnected");
    expect(dialer.recorder.texts()).toEqual(["go away"]);
    expectLast(listener, otherId);
    expectLast(dialer, OWN_ID);
  });

  test("both ends may close at once", async () => {
    const { listener, dialer, otherId } = await createPair();
    dialer.transport.close(OWN_ID);
    listener.transport.close(otherId);
    await dialer.recorder.next("disconnected");
    await listener.recorder.next("disconnected");
    await kind.settle();
    expectLast(listener, otherId);
    expectLast(dialer, OWN_ID);
  });

  test("a close ends a connection whose other end does not read, all the same", async () => {
    const { listener, dialer, otherId } = await createPair({ isAcknowledging: false });
    for (let index = 0; index < 20; index += 1) dialer.transport.send([OWN_ID], "x".repeat(CONGESTION_BYTES));
    dialer.transport.close(OWN_ID);
    await dialer.recorder.next("disconnected");
    expect(listener.recorder.texts(otherId).length).toBeLessThanOrEqual(UNACKNOWLEDGED_MAX);
    expectLast(dialer, OWN_ID);
  });

  test("does not take connections from an address that it refuses, until it no longer does", async () => {
    const listener = await kind.create();
    const dialer = await kind.create();
    listener.transport.refuse(["192.0.2.1", "127.0.0.1"]);
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    const isOver = () => dialer.recorder.of("failed").length + dialer.recorder.of("disconnected").length === 1;
    await dialer.recorder.until(isOver, "end of the attempt");
    expect(listener.recorder.events).toEqual([]);

    listener.transport.refuse(["192.0.2.1"]);
    dialer.transport.connect({ connectionId: 4, endpoint: listener.endpoint });
    await listener.recorder.next("connected");
  });

  test("hands on no more than the receiver has acknowledged, and says when too much waits", async () => {
    const { listener, dialer, otherId } = await createPair({ isAcknowledging: false });
    const texts = Array.from({ length: 40 }, (_, index) => `${index}`.padEnd(CONGESTION_BYTES / 2));
    for (const text of texts) dialer.transport.send([OWN_ID], text);
    expect((await dialer.recorder.next("congestion")).isCongested).toBe(true);
    await listener.recorder.next("message", { count: UNACKNOWLEDGED_MAX });
    await kind.settle();
    expect(listener.recorder.texts()).toHaveLength(UNACKNOWLEDGED_MAX);
    expect(dialer.recorder.of("congestion")).toHaveLength(1);

    listener.recorder.onEvent = (event) => {
      if (event.kind === "message") listener.transport.acknowledge(event.connectionId, 1);
    };
    listener.transport.acknowledge(otherId, UNACKNOWLEDGED_MAX);
    await listener.recorder.next("message", { count: texts.length });
    expect((await dialer.recorder.next("congestion", { count: 2 })).isCongested).toBe(false);
    expect(listener.recorder.texts()).toEqual(texts);
  });

  test("after a stop there are no events, and the other end hears of it", async () => {
    const { listener, dialer } = await createPair();
    dialer.transport.connect({ connectionId: 4, endpoint: listener.endpoint });
    await listener.transport.stop();
    const count = listener.recorder.events.length;
    await dialer.recorder.next("disconnected", { connectionId: OWN_ID });
    dialer.transport.connect({ connectionId: 6, endpoint: listener.endpoint });
    await dialer.recorder.next("failed", { connectionId: 6 });
    expect(listener.recorder.events).toHaveLength(count);
  });
});
