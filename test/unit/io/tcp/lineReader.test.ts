// The receiving side with a clock of the test's: limits of time and rate, waiting for acknowledgements, ends.

import { describe, expect, test } from "bun:test";
import type { LineFault } from "../../../../src/core/ports/index.ts";
import type { TcpLimits } from "../../../../src/io/tcp/limits.ts";
import { LineReader } from "../../../../src/io/tcp/lineReader.ts";
import { Unacknowledged } from "../../../../src/io/tcp/unacknowledged.ts";
import { createTextLines, TEST_LIMITS, textCodec } from "../../../support/tcpFixture.ts";

const OVERHEAD_BYTES = 512;

function createReader(options: { limits?: Partial<TcpLimits>; lineSizeBytesMax?: number } = {}) {
  const limits = { ...TEST_LIMITS, lineTimeoutMs: 10_000, ...options.limits };
  const unacknowledged = new Unacknowledged(limits);
  const seen = {
    messages: [] as string[],
    sizes: [] as number[],
    faults: [] as LineFault[],
    reasons: [] as string[],
    reading: [] as boolean[],
    held: [] as number[],
    starved: 0,
    nowMs: 0,
    onMessage: (_: string): void => undefined,
  };
  const reader = new LineReader<string>({
    connectionId: 1,
    limits,
    lines: createTextLines(options.lineSizeBytesMax ?? 1000),
    decode: textCodec.decode,
    unacknowledged,
    now: () => seen.nowMs,
    onMessage: (message, sizeBytes) => {
      seen.messages.push(message);
      seen.sizes.push(sizeBytes);
      seen.onMessage(message);
    },
    onFault: (fault, reason) => {
      seen.faults.push(fault);
      seen.reasons.push(reason);
    },
    onStarved: () => {
      seen.starved += 1;
    },
    onHeld: ({ sizeBytes }) => seen.held.push(sizeBytes),
    setReading: (isReading) => seen.reading.push(isReading),
  });
  const push = (text: string) => reader.push(Buffer.from(text));
  const tickAt = (nowMs: number) => {
    seen.nowMs = nowMs;
    reader.tick();
  };
  const acknowledge = (count: number) => {
    unacknowledged.acknowledge(1, count);
    reader.resume();
  };
  return { reader, seen, unacknowledged, push, tickAt, acknowledge };
}

describe("lines", () => {
  test("come as messages, with their size on the wire", () => {
    const { seen, push } = createReader();
    push("one\nt");
    push("wö\nthr");
    expect([seen.messages, seen.sizes]).toEqual([
      ["one", "twö"],
      [4, 5],
    ]);
    expect(seen.reading).toEqual([]);
  });

  test("that are no message are a fault with its reason, and those after it come", () => {
    const { seen, push } = createReader();
    push("one\n!bad\ntwo\n");
    expect([seen.messages, seen.faults, seen.reasons]).toEqual([
      ["one", "two"],
      ["malformed_message"],
      ["!bad is no text"],
    ]);
  });

  test("past the limit are a fault after those before them; then nothing is taken", () => {
    const { seen, push, tickAt } = createReader({ lineSizeBytesMax: 10 });
    push(`one\n${"x".repeat(10)}\n${"y".repeat(11)}`);
    expect([seen.messages, seen.faults, seen.reading]).toEqual([["one", "x".repeat(10)], ["line_too_long"], [false]]);
    push("y\ntwo\n");
    tickAt(1_000_000);
    expect([seen.messages.length, seen.faults.length, seen.reading.length]).toEqual([2, 1, 1]);
  });

  test("after the end of the reader are dropped, also those of the same chunk", () => {
    const { reader, seen, push } = createReader({ lineSizeBytesMax: 10 });
    seen.onMessage = () => reader.stop();
    push(`one\ntwo\n${"x".repeat(11)}`);
    push("three\n");
    expect([seen.messages, seen.faults]).toEqual([["one"], []]);
  });
});

describe("a line that takes too long", () => {
  test("is a fault one past the limit, however many bytes come", () => {
    const { seen, push, tickAt } = createReader();
    for (let nowMs = 0; nowMs <= 10_000; nowMs += 1000) {
      tickAt(nowMs);
      push("x");
    }
    expect(seen.faults).toEqual([]);
    tickAt(10_001);
    expect([seen.faults, seen.reading]).toEqual([["line_too_slow"], [false]]);
    tickAt(30_000);
    expect(seen.faults).toHaveLength(1);
  });

  test("is timed from its own first byte", () => {
    const { seen, push, tickAt } = createReader();
    push("on");
    tickAt(9000);
    push("e\ntw");
    tickAt(19_000);
    expect(seen.faults).toEqual([]);
    push("o\n");
    tickAt(1_000_000);
    expect([seen.messages, seen.faults]).toEqual([["one", "two"], []]);
    push("thr");
    tickAt(1_010_001);
    expect(seen.faults).toEqual(["line_too_slow"]);
  });

  test("is not timed while this side does not read", () => {
    const { seen, push, tickAt, acknowledge } = createReader({ limits: { unacknowledgedMax: 1 } });
    push("one\ntw");
    expect(seen.reading).toEqual([false]);
    tickAt(100_000);
    acknowledge(1);
    tickAt(110_000);
    expect([seen.reading, seen.faults]).toEqual([[false, true], []]);
    tickAt(110_001);
    expect(seen.faults).toEqual(["line_too_slow"]);
  });
});

describe("what is held of a line", () => {
  test("is told as it grows, with nothing at its end and at the reader's", () => {
    const { reader, seen, push } = createReader();
    push("four");
    push("more\nx");
    push("\n");
    push("y");
    reader.stop();
    expect(seen.held).toEqual([4, 1, 0, 1, 0]);
  });

  test("can be given up, with a fault and once only", () => {
    const { reader, seen, push } = createReader();
    push("one\ntwo");
    for (let count = 0; count < 2; count++) reader.giveUp("line_too_slow", "waited too long");
    push("three\n");
    expect([seen.messages, seen.faults, seen.held.at(-1)]).toEqual([["one"], ["line_too_slow"], 0]);
    expect(seen.reasons).toEqual(["waited too long"]);
  });
});

describe("a flood", () => {
  test("of messages is one fault; the rest comes when the bucket is full again", () => {
    const { seen, push, tickAt } = createReader({ limits: { messageRate: { perSecond: 2, burst: 4 } } });
    push("1\n2\n3\n4\n5\n6\n");
    expect([seen.messages, seen.faults, seen.reading]).toEqual([["1", "2", "3", "4"], ["flood"], [false]]);
    tickAt(1999);
    expect(seen.messages).toHaveLength(4);
    tickAt(2000);
    expect([seen.messages.length, seen.faults.length, seen.reading]).toEqual([6, 1, [false, true]]);
  });

  test("of lines that are no messages is bounded as well", () => {
    const { seen, push } = createReader({ limits: { messageRate: { perSecond: 2, burst: 4 } } });
    push("!\n".repeat(100_000));
    expect(seen.faults).toEqual([...new Array(4).fill("malformed_message"), "flood"]);
  });

  test("of bytes is a fault, though every line is within its limit", () => {
    const limits = { byteRate: { perSecond: 65_536, burst: 65_536 } };
    const { seen, push, tickAt } = createReader({ limits });
    push(`${"x".repeat(999)}\n`.repeat(200));
    expect([seen.faults, seen.messages.length]).toEqual([["flood"], 65]);
    tickAt(1000);
    expect([seen.faults.length, seen.messages.length]).toEqual([2, 131]);
  });

  test("is not resumed by an acknowledgement", () => {
    const { seen, push, acknowledge } = createReader({ limits: { messageRate: { perSecond: 1, burst: 2 } } });
    push("1\n2\n3\n");
    acknowledge(2);
    expect([seen.messages, seen.faults, seen.reading]).toEqual([["1", "2"], ["flood"], [false]]);
  });
});

describe("unacknowledged messages", () => {
  test("stop the reading at their bound; each acknowledgement lets one more pass", () => {
    const { seen, push, acknowledge } = createReader({ limits: { unacknowledgedMax: 2 } });
    push("1\n2\n3\n4\n");
    expect([seen.messages, seen.reading, seen.starved]).toEqual([["1", "2"], [false], 0]);
    acknowledge(1);
    expect([seen.messages, seen.reading]).toEqual([["1", "2", "3"], [false]]);
    acknowledge(2);
    expect([seen.messages, seen.reading]).toEqual([
      ["1", "2", "3", "4"],
      [false, true],
    ]);
  });

  test("of other connections are waited for as well, and that is told", () => {
    const { reader, seen, push, unacknowledged } = createReader({ limits: { unacknowledgedBytesTotalMax: 5000 } });
    unacknowledged.add(3, 5000 - OVERHEAD_BYTES);
    push("1\n");
    expect([seen.messages, seen.reading, seen.starved]).toEqual([[], [false], 1]);
    unacknowledged.acknowledge(3, 1);
    reader.resume();
    expect([seen.messages, seen.reading]).toEqual([["1"], [false, true]]);
  });

  test("may be acknowledged while a message is handed on", () => {
    const { seen, push, acknowledge } = createReader({ limits: { unacknowledgedMax: 1 } });
    seen.onMessage = () => acknowledge(1);
    push("1\n2\n3\n");
    expect([seen.messages, seen.reading]).toEqual([["1", "2", "3"], []]);
  });

  test("keep what one chunk holds, however many lines: they are cut as they may be handed on", () => {
    const { seen, push, acknowledge } = createReader({ limits: { unacknowledgedMax: 1000 } });
    push("x\n".repeat(100_000));
    for (let round = 0; round < 99; round += 1) acknowledge(1000);
    expect([seen.messages.length, seen.reading]).toEqual([100_000, [false]]);
    acknowledge(1000);
    expect(seen.reading).toEqual([false, true]);
  });
});
