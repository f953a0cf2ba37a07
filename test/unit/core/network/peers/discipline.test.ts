// Bans on disk and at the transport, and the memory of points.

import { expect, test } from "bun:test";
import { BANS_NOTE, Discipline, REMEMBERED_SCORES_MAX } from "../../../../../src/core/network/peers/discipline.ts";
import { Score } from "../../../../../src/core/network/peers/scoring.ts";
import { RecordingTransport, TestClock, TestLogger, TestNotes } from "./harness.ts";

function createDiscipline(notes = new TestNotes()) {
  const clock = new TestClock();
  const transport = new RecordingTransport();
  const logger = new TestLogger();
  return { clock, transport, logger, notes, discipline: new Discipline({ clock, transport, notes, logger }) };
}

test("a burst of bans is written at most once a second, and refused by the transport at once", () => {
  const { discipline, transport, notes, clock } = createDiscipline();
  discipline.ban("1.1.1.1", "flood");
  discipline.tick(0);
  discipline.ban("2.2.2.2", "flood");
  expect(transport.refused).toEqual(["1.1.1.1", "2.2.2.2"]);
  discipline.tick(999);
  expect(notes.saves).toBe(1);
  discipline.tick(1_000);
  discipline.tick(2_000);
  expect(notes.saves).toBe(2);
  const again = createDiscipline(notes);
  expect(again.transport.refused).toEqual(["1.1.1.1", "2.2.2.2"]);
  clock.ms += 3_600_000;
  discipline.tick(3_600_000);
  expect([transport.refused, discipline.list()]).toEqual([[], []]);
});

test("a damaged list is told of and starts empty", () => {
  const notes = new TestNotes();
  notes.records.set(BANS_NOTE, new Uint8Array([1, 0, 0]));
  const { discipline, logger } = createDiscipline(notes);
  expect([discipline.list(), logger.at("warn").length]).toEqual([[], 1]);
});

test("points are remembered of so many addresses, the latest", () => {
  const { discipline } = createDiscipline();
  const remember = (address: string): number =>
    discipline.remember(address, { score: new Score({ points: 40, nowMs: 0 }), extra: 1, nowMs: 0 });
  for (let index = 0; index <= REMEMBERED_SCORES_MAX; index++) expect(remember(`a${index}`)).toBe(41);
  const started = ["a0", "a1", `a${REMEMBERED_SCORES_MAX}`].map((address) => discipline.startScore(address, 0).at(0));
  expect(started).toEqual([0, 41, 41]);
  discipline.ban("a1", "flood");
  expect(discipline.startScore("a1", 0).at(0)).toBe(0);
});
