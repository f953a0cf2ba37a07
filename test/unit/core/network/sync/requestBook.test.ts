// Requests: matched by peer, number and kind; given up ones are still known for a while.

import { expect, test } from "bun:test";
import { GIVEN_UP_REQUESTS_MAX } from "../../../../../src/core/network/sync/bounds.ts";
import { type BlocksAsked, RequestBook } from "../../../../../src/core/network/sync/requestBook.ts";

function ask(book: RequestBook, connectionId: number): BlocksAsked {
  const request: BlocksAsked = { kind: "blocks", requestId: book.nextId(), connectionId, sentMs: 0, hashes: [] };
  book.add(request);
  return request;
}

test("an answer is taken once, from the peer that was asked, of the kind that was asked for", () => {
  const book = new RequestBook();
  const request = ask(book, 4);
  const { requestId } = request;
  expect(book.take({ connectionId: 5, requestId, kind: "blocks" })).toBeUndefined();
  expect(book.take({ connectionId: 4, requestId, kind: "headers" })).toBeUndefined();
  expect(book.take({ connectionId: 4, requestId: requestId + 1, kind: "blocks" })).toBeUndefined();
  expect(book.take({ connectionId: 4, requestId, kind: "blocks" })).toEqual({ request, isLate: false });
  expect(book.take({ connectionId: 4, requestId, kind: "blocks" })).toBeUndefined();
});

test("what was given up is late, and forgotten after many others", () => {
  const book = new RequestBook();
  const requests = Array.from({ length: GIVEN_UP_REQUESTS_MAX + 1 }, () => ask(book, 4));
  for (const request of requests) book.giveUp(request);
  expect(book.list()).toEqual([]);
  const take = (request: BlocksAsked) => book.take({ connectionId: 4, requestId: request.requestId, kind: "blocks" });
  expect(take(requests[0] as BlocksAsked)).toBeUndefined();
  expect(take(requests[1] as BlocksAsked)).toEqual({ request: requests[1] as BlocksAsked, isLate: true });
});

test("a connection that ends takes its requests along", () => {
  const book = new RequestBook();
  const [first, second, third] = [ask(book, 4), ask(book, 6), ask(book, 4)];
  book.giveUp(third);
  expect(book.blocksCountOf(4)).toBe(1);
  expect(book.removePeer(4)).toEqual([first]);
  expect([book.list(), book.blocksCountOf(4)]).toEqual([[second], 0]);
  expect(book.take({ connectionId: 4, requestId: third.requestId, kind: "blocks" })).toBeUndefined();
});
