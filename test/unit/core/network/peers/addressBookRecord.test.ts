// The record of learned endpoints: there and back, and whatever a damaged disk gives.

import { expect, test } from "bun:test";
import { AddressBook, BOOK_ENDPOINTS_MAX } from "../../../../../src/core/network/peers/addressBook.ts";
import { decodeKnownEndpoints, encodeKnownEndpoints } from "../../../../../src/core/network/peers/addressBookRecord.ts";
import { identityOf } from "./harness.ts";

function createBook(): AddressBook {
  return new AddressBook({ bootstrapPeers: ["8.8.8.8:6000"], ownEndpoint: undefined });
}

test("what was learned comes back, with what was reached and who told", () => {
  const book = createBook();
  book.learn("1.1.1.1:6000", { address: "9.9.9.9" });
  book.learn("node.example.org:6000", { address: "10.0.0.1" });
  book.reached("1.1.1.1:6000", identityOf(0).nodeKey);
  const record = encodeKnownEndpoints(book.learned());
  const again = createBook();
  again.restore(decodeKnownEndpoints(record) ?? []);
  expect(again.learned()).toMatchObject([
    { endpoint: "1.1.1.1:6000", source: "9.9", isTried: true, failures: 0 },
    { endpoint: "node.example.org:6000", source: "10.0.0.1", isTried: false },
  ]);
  for (let length = 0; length < record.length; length++) {
    expect(decodeKnownEndpoints(record.slice(0, length))).toBeUndefined();
  }
  const changed = record.slice();
  changed[0] = 2;
  expect(decodeKnownEndpoints(changed)).toBeUndefined();
});

test("a record is bounded, and what is in it is checked as what a peer tells", () => {
  const known = { source: "9.9", isTried: false };
  const many = Array.from({ length: BOOK_ENDPOINTS_MAX + 1 }, (_, index) => ({ endpoint: `a${index}:1`, ...known }));
  expect(decodeKnownEndpoints(encodeKnownEndpoints(many))).toBeUndefined();
  expect(decodeKnownEndpoints(encodeKnownEndpoints(many.slice(1)))).toHaveLength(BOOK_ENDPOINTS_MAX);
  const book = createBook();
  book.restore(["nonsense", "0.0.0.0:1", "8.8.8.8:6000", "1.1.1.1:1"].map((endpoint) => ({ endpoint, ...known })));
  expect(book.learned().map((entry) => entry.endpoint)).toEqual(["1.1.1.1:1"]);
});
