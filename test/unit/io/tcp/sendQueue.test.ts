// The send queue over a socket that writes when it is told to: order, pieces, marks and bounds.

import { describe, expect, test } from "bun:test";
import { SendQueue } from "../../../../src/io/tcp/sendQueue.ts";

const PIECE_SIZE_BYTES = 256 * 1024;

function createQueue(options: { congestionBytes?: number; sizeBytesMax?: number } = {}) {
  const written: Uint8Array[] = [];
  const congestion: boolean[] = [];
  const progress: number[] = [];
  let finish: ((error?: Error) => void) | undefined;
  const socket = {
    destroyed: false,
    isEnded: false,
    write: (bytes: Uint8Array, onWritten: (error?: Error) => void) => {
      written.push(bytes);
      finish = onWritten;
      return false;
    },
    end() {
      this.isEnded = true;
    },
  };
  const queue = new SendQueue({
    socket,
    congestionBytes: options.congestionBytes ?? 1_000_000,
    sizeBytesMax: options.sizeBytesMax ?? 10_000_000,
    onCongestion: (isCongested) => congestion.push(isCongested),
    onProgress: (queuedBytes) => progress.push(queuedBytes),
  });
  const complete = (error?: Error) => {
    const done = finish;
    finish = undefined;
    done?.(error);
  };
  return { queue, socket, written, congestion, progress, complete, isWriting: () => finish !== undefined };
}

const line = (text: string) => Buffer.from(text);

describe("writes", () => {
  test("the first line at once, and what gathers meanwhile together", () => {
    const { queue, written, complete } = createQueue();
    for (const text of ["a\n", "b\n", "c\n"]) queue.push(line(text));
    expect(written.map(String)).toEqual(["a\n"]);
    complete();
    expect(written.map(String)).toEqual(["a\n", "b\nc\n"]);
    complete();
    expect(written).toHaveLength(2);
    expect([queue.queuedBytes, queue.sentBytes]).toEqual([0, 6]);
  });

  test("tell what waits whenever some of it has left, or is forgotten", () => {
    const { queue, progress, complete } = createQueue();
    for (const text of ["aaa\n", "b\n", "c\n"]) queue.push(line(text));
    complete();
    queue.push(line("d\n"));
    queue.clear();
    expect(progress).toEqual([4, 0]);
  });

  test("large lines in pieces, in order with small ones", () => {
    const { queue, written, complete, isWriting } = createQueue();
    const large = Buffer.alloc(PIECE_SIZE_BYTES * 2 + 1, "x");
    for (const each of [line("a\n"), large, line("b\n")]) queue.push(each);
    while (isWriting()) complete();
    expect(Buffer.concat(written)).toEqual(Buffer.concat([line("a\n"), large, line("b\n")]));
    expect(Math.max(...written.map((piece) => piece.length))).toBe(PIECE_SIZE_BYTES);
  });

  test("ends the socket after the last line only", () => {
    const { queue, socket, complete } = createQueue();
    queue.push(line("a\n"));
    queue.push(line("b\n"));
    queue.end();
    complete();
    expect(socket.isEnded).toBe(false);
    complete();
    expect(socket.isEnded).toBe(true);
  });

  test("nothing more after an error or to a socket that is gone", () => {
    const { queue, socket, written, complete } = createQueue();
    queue.push(line("a\n"));
    queue.push(line("b\n"));
    socket.destroyed = true;
    complete(new Error("EPIPE"));
    queue.push(line("c\n"));
    expect(written).toHaveLength(1);
  });
});

describe("bounds", () => {
  test("congestion is told past the mark, and again at half of it, once each", () => {
    const { queue, congestion, complete } = createQueue({ congestionBytes: 100 });
    queue.push(Buffer.alloc(50));
    queue.push(Buffer.alloc(50));
    expect(congestion).toEqual([]);
    queue.push(Buffer.alloc(1));
    queue.push(Buffer.alloc(1));
    expect(congestion).toEqual([true]);
    complete();
    expect([queue.queuedBytes, congestion]).toEqual([52, [true]]);
    complete();
    expect(congestion).toEqual([true, false]);
  });

  test("a line that does not fit any more is refused, and is not sent", () => {
    const { queue, written, complete } = createQueue({ sizeBytesMax: 100 });
    expect(queue.push(Buffer.alloc(99))).toBe(true);
    expect(queue.push(Buffer.alloc(2))).toBe(false);
    expect(queue.push(Buffer.alloc(1))).toBe(true);
    expect(queue.push(Buffer.alloc(1))).toBe(false);
    complete();
    expect(queue.push(Buffer.alloc(99))).toBe(true);
    expect(written.map((piece) => piece.length)).toEqual([99, 1]);
  });
});
