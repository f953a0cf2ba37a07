// The book's record: written at most once a minute, and only when something has changed.

import { expect, test } from "bun:test";
import { BOOK_NOTE, BOOK_SAVE_INTERVAL_MS, BookKeeper } from "../../../../../src/core/network/peers/bookKeeper.ts";
import { DEFAULT_NETWORK_SETTINGS } from "../../../../../src/core/network/settings.ts";
import { TestLogger, TestNotes } from "./harness.ts";

function createKeeper(notes: TestNotes) {
  const logger = new TestLogger();
  return { logger, keeper: new BookKeeper({ settings: DEFAULT_NETWORK_SETTINGS, notes, logger }) };
}

test("changes are saved when a minute has passed, and at the end", () => {
  const notes = new TestNotes();
  const { keeper } = createKeeper(notes);
  keeper.tick(BOOK_SAVE_INTERVAL_MS);
  expect(notes.saves).toBe(0);
  keeper.book.learn("1.1.1.1:6000", { address: "9.9.9.9" });
  keeper.tick(BOOK_SAVE_INTERVAL_MS);
  keeper.book.learn("2.2.2.2:6000", { address: "9.9.9.9" });
  keeper.tick(2 * BOOK_SAVE_INTERVAL_MS - 1);
  expect(notes.saves).toBe(1);
  keeper.tick(2 * BOOK_SAVE_INTERVAL_MS);
  keeper.tick(9 * BOOK_SAVE_INTERVAL_MS);
  keeper.save();
  expect(notes.saves).toBe(2);
  keeper.book.learn("3.3.3.3:6000", { address: "9.9.9.9" });
  keeper.save();
  expect(createKeeper(notes).keeper.book.count).toBe(3);
});

test("a damaged record is told of, and the book starts empty", () => {
  const notes = new TestNotes();
  notes.records.set(BOOK_NOTE, new Uint8Array([1, 2, 3]));
  const { keeper, logger } = createKeeper(notes);
  expect([keeper.book.count, logger.at("warn").length]).toEqual([0, 1]);
});
