// The adapter against peers that do what they should not, over real sockets. What every transport does is in
// test/contract/transport.test.ts.

import { afterEach, describe, expect, test } from "bun:test";
import { startTransport, stopTransports, textCodec } from "../../../support/tcpFixture.ts";
import { connectRaw, HAS_IPV6, type RawPeer } from "./rawPeer.ts";

const MIB = 1024 * 1024;
const OWN_ID = 2;
const peers: RawPeer[] = [];

afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.destroy();
  await stopTransports();
});

async function connectTo(port: number, address = "127.0.0.1"): Promise<RawPeer> {
  const peer = await connectRaw(port, { address });
  peers.push(peer);
  return peer;
}

/** Writes `chunk` again and again until the node takes no more for a while, or the connection ends. */
async function pour(peer: RawPeer, chunk: Buffer, bytesMax: number): Promise<number> {
  let poured = 0;
  while (poured < bytesMax && !peer.socket.destroyed) {
    const isTaken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 200);
      peer.socket.write(chunk, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    if (!isTaken) break;
    poured += chunk.length;
  }
  return poured;
}

describe("a line", () => {
  test("of a gigabyte is a fault at the limit; the rest is not read, and the close is not held up", async () => {
    const { transport, recorder, port } = await startTransport({ lineSizeBytesMax: MIB });
    const peer = await connectTo(port);
    const poured = await pour(peer, Buffer.alloc(MIB, "x"), 1024 * MIB);
    // What the kernel holds on both sides, and one chunk.
    expect(poured).toBeLessThan(64 * MIB);
    expect(await recorder.next("fault")).toMatchObject({ fault: "line_too_long", connectionId: 1 });
    expect(transport.stats(1)?.bytesIn).toBeLessThan(4 * MIB);
    transport.send([1], "go away");
    transport.close(1);
    await recorder.next("disconnected");
    expect(recorder.events.map((event) => event.kind)).toEqual(["connected", "fault", "disconnected"]);
    await peer.ended;
    expect(peer.text()).toBe("go away\n");
  });

  test("of a byte every few milliseconds is a fault when its time is over", async () => {
    const { recorder, port } = await startTransport({ limits: { lineTimeoutMs: 300 } });
    const peer = await connectTo(port);
    const startMs = performance.now();
    const drip = setInterval(() => peer.socket.write("x"), 5);
    expect((await recorder.next("fault")).fault).toBe("line_too_slow");
    clearInterval(drip);
    expect(performance.now() - startMs).toBeGreaterThan(290);
  });

  test("that is no message is a fault with the codec's reason", async () => {
    const { recorder, port } = await startTransport();
    (await connectTo(port)).socket.write("one\n!bad\ntwo\n");
    await recorder.next("message", { count: 2 });
    expect(recorder.of("fault")).toEqual([
      { kind: "fault", connectionId: 1, fault: "malformed_message", reason: "!bad is no text" },
    ]);
  });

  test("that breaks off is no message", async () => {
    const { recorder, port } = await startTransport();
    (await connectTo(port)).socket.end("one\ntw");
    const { reason } = await recorder.next("disconnected");
    expect(reason).toBe("the other end closed the connection");
    expect(recorder.texts()).toEqual(["one"]);
  });
});

describe("lines without an end", () => {
  test("of all connections have a bound: the one that has waited longest goes, and a fast one passes", async () => {
    const size = 200_000;
    const { transport, recorder, port } = await startTransport({ limits: { partialBytesTotalMax: 3 * size } });
    for (let count = 1; count <= 3; count++) {
      const peer = await connectTo(port);
      const { connectionId } = await recorder.next("connected", { count });
      peer.socket.write("x".repeat(size));
      while ((transport.stats(connectionId)?.bytesIn ?? 0) < size) await Bun.sleep(1);
      // So that the first has waited longest by the clock's resolution.
      await Bun.sleep(5);
    }
    expect(recorder.of("fault")).toEqual([]);
    const honest = await connectTo(port);
    honest.socket.write(`${"y".repeat(size)}\n`);
    expect((await recorder.next("message")).message).toHaveLength(size);
    const faults = recorder.of("fault").map(({ connectionId, fault }) => [connectionId, fault]);
    expect(faults).toEqual([[1, "line_too_slow"]]);
  });
});

describe("a flood", () => {
  test("is one fault, is not read, and goes on when the rate allows it", async () => {
    const { recorder, port } = await startTransport({ limits: { messageRate: { perSecond: 400, burst: 200 } } });
    const peer = await connectTo(port);
    peer.socket.write("x\n".repeat(300));
    await recorder.next("fault");
    expect(recorder.of("fault").map((event) => event.fault)).toEqual(["flood"]);
    const count = recorder.texts().length;
    expect(count).toBeGreaterThanOrEqual(200);
    expect(count).toBeLessThan(300);
    await recorder.next("message", { count: 300 });
  });

  test("of one peer does not keep another one waiting", async () => {
    const { transport, recorder, port } = await startTransport({
      limits: { messageRate: { perSecond: 100, burst: 200 } },
    });
    const flooder = await connectTo(port);
    await recorder.next("connected");
    const honest = await connectTo(port);
    await recorder.next("connected", { count: 2 });
    const flood = setInterval(() => flooder.socket.write("x\n".repeat(1000)), 5);
    await recorder.next("fault", { connectionId: 1 });
    honest.socket.write("hello\n");
    expect((await recorder.next("message", { connectionId: 3 })).message).toBe("hello");
    clearInterval(flood);
    expect(recorder.of("message", 1).length).toBeLessThan(1000);
    expect(transport.stats(1)?.bytesIn).toBeLessThan(2 * MIB);
  });
});

describe("messages that nobody acknowledges", () => {
  test("stop the reading of their connection alone; acknowledged, it goes on to the end", async () => {
    const { transport, recorder, port } = await startTransport({
      isAcknowledging: false,
      limits: { unacknowledgedMax: 4 },
    });
    const fast = await connectTo(port);
    await recorder.next("connected");
    const honest = await connectTo(port);
    await recorder.next("connected", { count: 2 });
    const line = Buffer.from(`${"x".repeat(MIB - 1)}\n`);
    const poured = await pour(fast, line, 200 * MIB);
    expect(poured).toBeLessThan(64 * MIB);
    await recorder.next("message", { connectionId: 1, count: 4 });
    expect(recorder.of("message", 1)).toHaveLength(4);
    honest.socket.write("hello\n");
    await recorder.next("message", { connectionId: 3 });

    recorder.onEvent = (event) => {
      if (event.kind === "message") transport.acknowledge(event.connectionId, 1);
    };
    transport.acknowledge(1, 4);
    // The line whose write did not return is under way as well.
    await recorder.next("message", { connectionId: 1, count: poured / MIB + 1 });
  });

  test("of a peer that closed meanwhile come all the same, and then its end", async () => {
    const { transport, recorder, port } = await startTransport({
      isAcknowledging: false,
      limits: { unacknowledgedMax: 1 },
    });
    const peer = await connectTo(port);
    peer.socket.end("1\n2\n3\n4\n5\n");
    for (const count of [1, 2, 3, 4, 5]) {
      await recorder.next("message", { count });
      expect(recorder.texts()).toHaveLength(count);
      transport.acknowledge(1, 1);
    }
    await recorder.next("disconnected");
    expect(recorder.texts()).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("of a peer that sent much and closed come all, however late its end is noticed", async () => {
    const { transport, recorder, port } = await startTransport({
      isAcknowledging: false,
      limits: { unacknowledgedMax: 256 },
    });
    recorder.onEvent = (event) => {
      if (event.kind === "message") setImmediate(() => transport.acknowledge(event.connectionId, 1));
    };
    const peer = await connectTo(port);
    const texts = Array.from({ length: 20_000 }, (_, index) => `${index}`.padEnd(199));
    peer.socket.end(`${texts.join("\n")}\n`);
    await recorder.next("disconnected");
    expect(recorder.texts().length).toBe(texts.length);
    expect(recorder.texts()).toEqual(texts);
  });

  test("of all together have a bound; those who wait for it get their turn", async () => {
    const { transport, recorder, port } = await startTransport({
      isAcknowledging: false,
      limits: { unacknowledgedMax: 100, unacknowledgedBytesMax: 10_000, unacknowledgedBytesTotalMax: 20_000 },
    });
    const senders = await Promise.all(Array.from({ length: 10 }, () => connectTo(port)));
    await recorder.next("connected", { count: 10 });
    const text = "x".repeat(4000);
    for (const { socket } of senders) socket.write(`${text}\n`.repeat(5));
    const bytesHeld = () => recorder.of("message").length * (4001 + 512);
    await recorder.until(() => bytesHeld() >= 20_000, "full inbox");
    expect(recorder.of("message")).toHaveLength(5);

    const counts = new Map<number, number>();
    for (let taken = 0; taken < 50; taken += 1) {
      const { connectionId } = await recorder.next("message", { count: taken + 1 });
      expect(recorder.of("message").length).toBeLessThanOrEqual(taken + 5);
      counts.set(connectionId, (counts.get(connectionId) ?? 0) + 1);
      transport.acknowledge(connectionId, 1);
    }
    expect([...counts.values()]).toEqual(new Array(10).fill(5));
  });
});

describe("a peer that does not read", () => {
  test("is given up where the buffer ends, after a mark of congestion", async () => {
    const { transport, recorder, port } = await startTransport({
      limits: { congestionBytes: MIB, sendBufferBytesMax: 8 * MIB },
    });
    const peer = await connectTo(port);
    peer.socket.pause();
    await recorder.next("connected");
    for (let count = 0; count < 64; count += 1) transport.send([1], "x".repeat(MIB));
    const { reason } = await recorder.next("disconnected");
    expect(reason).toContain("the other end does not read");
    expect(recorder.events.map((event) => event.kind)).toEqual(["connected", "congestion", "disconnected"]);
    expect(transport.stats(1)).toBeUndefined();
  });

  test("is given up when all of them together hold too much, the one without progress for longest first", async () => {
    const { transport, recorder, port } = await startTransport({
      limits: { congestionBytes: MIB, sendBufferBytesMax: 64 * MIB, sendBufferBytesTotalMax: 48 * MIB },
    });
    for (let count = 1; count <= 3; count++) {
      (await connectTo(port)).socket.pause();
      await recorder.next("connected", { count });
      await Bun.sleep(5);
    }
    for (let count = 0; count < 32; count++) transport.send([1, 3, 5], "x".repeat(MIB));
    const { connectionId, reason } = await recorder.next("disconnected");
    expect(connectionId).toBe(1);
    expect(reason).toContain("the other end does not read");
    const left = [1, 3, 5].map((id) => transport.stats(id)?.queuedBytes ?? 0);
    expect(left.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(48 * MIB);
    expect(Math.max(...left)).toBeGreaterThan(8 * MIB);
  });

  test("costs others nothing", async () => {
    const { transport, recorder, port } = await startTransport({ limits: { sendBufferBytesMax: 64 * MIB } });
    const slow = await connectTo(port);
    slow.socket.pause();
    await recorder.next("connected");
    const honest = await connectTo(port);
    await recorder.next("connected", { count: 2 });
    for (let count = 0; count < 20; count += 1) transport.send([1, 3], "x".repeat(MIB));
    transport.close(3);
    await honest.ended;
    expect(Buffer.concat(honest.received)).toHaveLength(20 * (MIB + 1));
    expect(transport.stats(1)?.queuedBytes).toBeGreaterThan(MIB);
  });
});

describe("a connection that breaks", () => {
  test("by a reset is told in words", async () => {
    const { recorder, port } = await startTransport();
    const peer = await connectTo(port);
    await recorder.next("connected");
    peer.socket.resetAndDestroy();
    expect((await recorder.next("disconnected")).reason).toBe("the other end broke the connection off");
  });

  test("while it is not read is noticed", async () => {
    const { recorder, port } = await startTransport({ isAcknowledging: false, limits: { unacknowledgedMax: 1 } });
    const peer = await connectTo(port);
    peer.socket.write("1\n2\n");
    await recorder.next("message");
    peer.socket.resetAndDestroy();
    await recorder.next("disconnected");
    expect(recorder.texts()).toEqual(["1"]);
  });
});

test("a message for several is encoded once, and for nobody not at all", async () => {
  let encoded = 0;
  const encode = (text: string) => {
    encoded += 1;
    return text;
  };
  const { transport, recorder, port } = await startTransport({ codec: { ...textCodec, encode } });
  const receivers = await Promise.all([1, 2, 3].map(() => connectTo(port)));
  await recorder.next("connected", { count: 3 });
  transport.send([1, 3, 5], "to all");
  transport.send([OWN_ID, 99], "to nobody");
  for (const connectionId of [1, 3, 5]) transport.close(connectionId);
  await Promise.all(receivers.map(({ ended }) => ended));
  expect([encoded, receivers.map((receiver) => receiver.text())]).toEqual([1, new Array(3).fill("to all\n")]);
});

test("the figures of a connection", async () => {
  const { transport, recorder, port } = await startTransport();
  const peer = await connectTo(port, "127.0.0.3");
  peer.socket.write("one\n!bad\npart");
  await recorder.next("fault");
  transport.send([1], "12345");
  await new Promise((resolve) => peer.socket.once("data", resolve));
  expect(transport.stats(1)).toEqual({
    direction: "inbound",
    address: "127.0.0.3",
    bytesIn: 13,
    bytesOut: 6,
    messagesIn: 1,
    messagesOut: 1,
    queuedBytes: 0,
  });
  expect(transport.stats(3)).toBeUndefined();
});

test("a transport that does not listen connects, and has no port", async () => {
  const { endpoint, recorder } = await startTransport();
  const { transport } = await startTransport({ isListening: false });
  expect(transport.port).toBeUndefined();
  transport.connect({ connectionId: OWN_ID, endpoint });
  await recorder.next("connected");
});

test.if(HAS_IPV6)("a node of IPv6 is reached in brackets", async () => {
  const { endpoint, recorder } = await startTransport({ host: "::1" });
  const { transport } = await startTransport({ isListening: false });
  transport.connect({ connectionId: OWN_ID, endpoint });
  expect((await recorder.next("connected")).address).toBe("0:0:0:0:0:0:0:1");
});
