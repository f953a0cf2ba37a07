// What the address book takes, how it is bounded, and what it says to try next.

import { describe, expect, test } from "bun:test";
import {
  AddressBook,
  BOOK_ENDPOINTS_MAX,
  BOOK_PER_GROUP_MAX,
  BOOK_PER_SOURCE_MAX,
  type BookEntry,
} from "../../../../../src/core/network/peers/addressBook.ts";
import { createSeededRng } from "../../../../support/seededRng.ts";
import { identityOf } from "./harness.ts";

const KEY = identityOf(1).nodeKey;
const NOTHING_TAKEN = { groupsTaken: new Set<string>(), isTaken: () => false };

function createBook(bootstrapPeers: readonly string[] = []): AddressBook {
  return new AddressBook({ bootstrapPeers, ownEndpoint: "5.5.5.5:6000" });
}

/** Public endpoints, each in a /16 of its own. */
const spread = (index: number): string => `${1 + (index >> 8)}.${index & 255}.0.1:6000`;
/** Sources, each in a group of its own. */
const source = (index: number): string => `60.${index}.0.1`;

describe("it takes", () => {
  test("an endpoint once, and neither its own nor what is none", () => {
    const book = createBook(["8.8.8.8:6000"]);
    const take = (endpoint: string): boolean => book.learn(endpoint, { address: "9.9.9.9" });
    expect(["1.1.1.1:6000", "1.1.1.1:6000", "1.1.1.1:6001"].map(take)).toEqual([true, false, true]);
    expect(["5.5.5.5:6000", "8.8.8.8:6000", "0.0.0.0:1", "nonsense", "10.0.0.1:6000"].map(take)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
    expect([book.count, book.version]).toEqual([2, 2]);
  });

  test("so many of one source", () => {
    const book = createBook();
    const taken = Array.from({ length: BOOK_PER_SOURCE_MAX + 1 }, (_, index) =>
      // Two addresses of one /16 are one source.
      book.learn(spread(index), { address: `9.9.9.${index % 2}` }),
    );
    expect(taken.indexOf(false)).toBe(BOOK_PER_SOURCE_MAX);
    expect(book.learn(spread(500), { address: "9.8.9.9" })).toBe(true);
  });

  test("so many of one group, but any number of private ones", () => {
    const book = createBook();
    const taken = Array.from({ length: BOOK_PER_GROUP_MAX + 1 }, (_, index) =>
      book.learn(`1.2.3.${index}:6000`, { address: source(index) }),
    );
    expect(taken.indexOf(false)).toBe(BOOK_PER_GROUP_MAX);
    for (let index = 0; index <= BOOK_PER_GROUP_MAX; index++) {
      expect(book.learn(`10.0.0.${index}:6000`, { address: `10.1.0.${index}` })).toBe(true);
    }
  });

  test("a new one for one that fails, where a bound is met", () => {
    const rng = createSeededRng(1);
    const book = createBook();
    for (let index = 0; index < BOOK_PER_SOURCE_MAX; index++) book.learn(spread(index), { address: "9.9.9.9" });
    book.failed(spread(3), { reason: "refused", nowMs: 0, rng });
    expect(book.learn(spread(100), { address: "9.9.9.9" })).toBe(true);
    expect(book.get(spread(3))).toBeUndefined();
    expect(book.learn(spread(101), { address: "9.9.9.9" })).toBe(false);
  });

  test("no more than its bound, and forgets nothing that was reached for what was not", () => {
    const book = createBook(["8.8.8.8:6000"]);
    for (let index = 0; index < BOOK_ENDPOINTS_MAX; index++) {
      book.learn(spread(index), { address: source(Math.floor(index / 50)) });
      if (index % 2 === 0) book.reached(spread(index), KEY);
    }
    expect(book.count).toBe(BOOK_ENDPOINTS_MAX);
    expect(book.learn("200.1.1.1:6000", { address: source(200) })).toBe(true);
    expect(book.count).toBe(BOOK_ENDPOINTS_MAX);
    expect(book.get(spread(1))).toBeUndefined();
    for (let index = 1; index < BOOK_ENDPOINTS_MAX; index += 2) book.reached(spread(index), KEY);
    book.reached("200.1.1.1:6000", KEY);
    expect(book.learn("201.1.1.1:6000", { address: source(201) })).toBe(false);
    expect(book.get("8.8.8.8:6000")?.isBootstrap).toBe(true);
  });

  test("back what was forgotten: the counts are those of what is there", () => {
    const book = createBook();
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < BOOK_PER_SOURCE_MAX; index++) {
        expect(book.learn(`1.2.3.${index}:6000`, { address: "9.9.9.9" })).toBe(true);
      }
      for (let index = 0; index < BOOK_PER_SOURCE_MAX; index++) book.forget(`1.2.3.${index}:6000`);
    }
    expect(book.count).toBe(0);
  });
});

describe("failures", () => {
  test("make a learned endpoint forgotten, sooner when it was never reached; a bootstrap peer stays", () => {
    const rng = createSeededRng(1);
    const book = createBook(["8.8.8.8:6000"]);
    book.learn("1.1.1.1:6000", { address: "9.9.9.9" });
    book.learn("2.2.2.2:6000", { address: "9.9.9.9" });
    book.reached("2.2.2.2:6000", KEY);
    const fail = (endpoint: string, count: number): void => {
      for (let index = 0; index < count; index++) book.failed(endpoint, { reason: "refused", nowMs: 0, rng });
    };
    for (const endpoint of ["1.1.1.1:6000", "2.2.2.2:6000", "8.8.8.8:6000"]) fail(endpoint, 11);
    expect(book.learned()).toHaveLength(2);
    for (const endpoint of ["1.1.1.1:6000", "2.2.2.2:6000", "8.8.8.8:6000"]) fail(endpoint, 1);
    expect(book.learned().map((entry) => entry.endpoint)).toEqual(["2.2.2.2:6000"]);
    fail("2.2.2.2:6000", 138);
    fail("8.8.8.8:6000", 1_000);
    expect(book.learned()).toEqual([]);
    expect(book.get("8.8.8.8:6000")).toMatchObject({ failures: 1_012, lastFailure: "refused" });
  });

  test("are forgotten after a connection that lasted", () => {
    const rng = createSeededRng(1);
    const book = createBook(["8.8.8.8:6000"]);
    for (let count = 0; count < 9; count++) book.failed("8.8.8.8:6000", { reason: "refused", nowMs: 0, rng });
    expect(book.get("8.8.8.8:6000")?.nextAttemptAtMs).toBeGreaterThanOrEqual(30_000);
    book.ended("8.8.8.8:6000", { nowMs: 100_000, rng });
    const entry = book.get("8.8.8.8:6000") as BookEntry;
    expect([entry.failures, entry.lastFailure]).toEqual([0, undefined]);
    expect(entry.nextAttemptAtMs).toBeGreaterThanOrEqual(100_500);
    expect(entry.nextAttemptAtMs).toBeLessThanOrEqual(101_000);
  });
});

describe("what to try next", () => {
  test("is what is due, free and not its own", () => {
    const rng = createSeededRng(1);
    const book = createBook();
    expect(book.next({ nowMs: 0, rng, ...NOTHING_TAKEN })).toBeUndefined();
    book.learn("1.1.1.1:6000", { address: "9.9.9.9" });
    book.failed("1.1.1.1:6000", { reason: "refused", nowMs: 0, rng });
    const due = book.get("1.1.1.1:6000")?.nextAttemptAtMs as number;
    expect(book.next({ nowMs: due - 1, rng, ...NOTHING_TAKEN })).toBeUndefined();
    expect(book.next({ nowMs: due, rng, ...NOTHING_TAKEN })?.endpoint).toBe("1.1.1.1:6000");
    expect(book.next({ nowMs: due, rng, groupsTaken: new Set(), isTaken: () => true })).toBeUndefined();
    book.markOwn("1.1.1.1:6000");
    expect(book.next({ nowMs: due, rng, ...NOTHING_TAKEN })).toBeUndefined();
    expect(book.learn("1.1.1.1:6000", { address: "9.9.9.9" })).toBe(false);
  });

  test("is of another group while there is one with hope, even if it must wait", () => {
    const rng = createSeededRng(1);
    const book = createBook();
    for (let index = 0; index < 50; index++) book.learn(`1.2.3.${index}:6000`, { address: source(index) });
    book.learn("7.7.7.7:6000", { address: "9.9.9.9" });
    const groupsTaken = new Set(["1.2"]);
    const next = (): string | undefined => book.next({ nowMs: 0, rng, groupsTaken, isTaken: () => false })?.endpoint;
    for (let count = 0; count < 20; count++) expect(next()).toBe("7.7.7.7:6000");
    for (let count = 1; count < 5; count++) {
      book.failed("7.7.7.7:6000", { reason: "refused", nowMs: 0, rng });
      expect(next()).toBeUndefined();
    }
    book.failed("7.7.7.7:6000", { reason: "refused", nowMs: 0, rng });
    expect(next()).toStartWith("1.2.3.");
  });

  test("comes from each group alike, and half from those that were reached", () => {
    const rng = createSeededRng(2);
    const book = createBook();
    for (let index = 0; index < 60; index++) book.learn(`1.2.3.${index}:6000`, { address: source(index) });
    for (let index = 0; index < 3; index++) book.learn(`7.${index}.7.7:6000`, { address: source(index) });
    const draw = (): Map<string, number> => {
      const counts = new Map<string, number>();
      for (let count = 0; count < 2_000; count++) {
        const entry = book.next({ nowMs: 0, rng, ...NOTHING_TAKEN }) as BookEntry;
        counts.set(entry.group as string, (counts.get(entry.group as string) ?? 0) + 1);
      }
      return counts;
    };
    for (const count of draw().values()) {
      expect(count).toBeGreaterThan(400);
      expect(count).toBeLessThan(600);
    }
    book.reached("7.0.7.7:6000", KEY);
    expect(draw().get("7.0")).toBeGreaterThan(850);
    expect(draw().get("7.0")).toBeLessThan(1_150);
  });

  test("is any private one, whatever else is connected", () => {
    const rng = createSeededRng(1);
    const book = createBook();
    for (let index = 0; index < 5; index++) book.learn(`10.0.0.${index}:6000`, { address: "10.0.0.99" });
    const taken = new Set<string>();
    for (let count = 0; count < 5; count++) {
      const options = { nowMs: 0, rng, groupsTaken: new Set<string>() };
      const entry = book.next({ ...options, isTaken: ({ endpoint }) => taken.has(endpoint) });
      taken.add((entry as BookEntry).endpoint);
    }
    expect(taken.size).toBe(5);
  });
});

test("it tells of what was reached or vouched for, and of private endpoints only nearby", () => {
  const rng = createSeededRng(1);
  const book = createBook(["8.8.8.8:6000"]);
  book.learn("1.1.1.1:6000", { address: "9.9.9.9" });
  book.learn("2.2.2.2:6000", { address: "9.9.9.9" });
  book.learn("10.0.0.1:6000", { address: "10.0.0.9" });
  for (const endpoint of ["2.2.2.2:6000", "10.0.0.1:6000"]) book.reached(endpoint, KEY);
  const tell = (address: string, countMax = 10): readonly string[] =>
    book.sample({ rng, countMax, address, vouched: ["3.3.3.3:6000", "5.5.5.5:6000", "2.2.2.2:6000"] }).toSorted();
  expect(tell("9.9.9.9")).toEqual(["2.2.2.2:6000", "3.3.3.3:6000"]);
  expect(tell("10.0.0.9")).toEqual(["10.0.0.1:6000", "2.2.2.2:6000", "3.3.3.3:6000"]);
  expect(tell("10.0.0.9", 2)).toHaveLength(2);
});

test("bootstrap peers are known by the keys that they have proven", () => {
  const book = createBook(["node-1:6000"]);
  expect(book.isBootstrapKey(KEY)).toBe(false);
  book.reached("node-1:6000", KEY);
  expect(book.isBootstrapKey(KEY)).toBe(true);
  expect(book.version).toBe(1);
});
