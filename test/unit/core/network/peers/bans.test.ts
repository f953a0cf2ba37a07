// Bans: how long, how many, and over a restart.

import { expect, test } from "bun:test";
import {
  BAN_DURATION_MAX_MS,
  BAN_DURATION_MS,
  BAN_MEMORY_MS,
  BANS_MAX,
  Bans,
} from "../../../../../src/core/network/peers/bans.ts";
import { START_MS } from "./harness.ts";

const NOW = START_MS;

test("a ban ends to the millisecond, and is forgotten a day later", () => {
  const bans = new Bans();
  expect(bans.ban("1.1.1.1", { reason: "flood", nowMs: NOW })).toBe(NOW + BAN_DURATION_MS);
  const end = NOW + BAN_DURATION_MS;
  expect([bans.find("1.1.1.1", end - 1)?.reason, bans.find("1.1.1.1", end), bans.find("2.2.2.2", NOW)]).toEqual([
    "flood",
    undefined,
    undefined,
  ]);
  expect([bans.list(end - 1).length, bans.list(end).length]).toEqual([1, 0]);
  bans.expire(end + BAN_MEMORY_MS - 1);
  expect(bans.ban("1.1.1.1", { reason: "flood", nowMs: end + BAN_MEMORY_MS - 1 })).toBe(
    end + BAN_MEMORY_MS - 1 + 2 * BAN_DURATION_MS,
  );
  const fresh = new Bans();
  fresh.ban("1.1.1.1", { reason: "flood", nowMs: NOW });
  fresh.expire(end + BAN_MEMORY_MS);
  expect(fresh.ban("1.1.1.1", { reason: "flood", nowMs: end + BAN_MEMORY_MS })).toBe(
    end + BAN_MEMORY_MS + BAN_DURATION_MS,
  );
});

test("each ban in a row lasts twice as long, up to a day", () => {
  const bans = new Bans();
  let nowMs = NOW;
  const hours: number[] = [];
  for (let count = 0; count < 40; count++) {
    const untilMs = bans.ban("1.1.1.1", { reason: "flood", nowMs });
    hours.push((untilMs - nowMs) / 3_600_000);
    nowMs = untilMs;
  }
  expect(hours.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 24, 24]);
  expect(new Set(hours.slice(6))).toEqual(new Set([24]));
});

test("a full list loses the ban that ends first", () => {
  const bans = new Bans();
  for (let index = 0; index < BANS_MAX; index++) bans.ban(`a${index}`, { reason: "", nowMs: NOW + index });
  bans.ban("one more", { reason: "", nowMs: NOW + BANS_MAX });
  const listed = bans.list(NOW + BANS_MAX);
  expect([listed.length, listed[0]?.address, listed.at(-1)?.address]).toEqual([BANS_MAX, "a1", "one more"]);
  // A ban that is renewed takes nobody's place.
  bans.ban("a5", { reason: "", nowMs: NOW + BANS_MAX });
  expect(bans.find("a1", NOW + BANS_MAX)).toBeDefined();
});

test("no ban lasts longer than a day from now, as when the clock was set back", () => {
  const bans = new Bans();
  bans.ban("1.1.1.1", { reason: "flood", nowMs: NOW });
  bans.expire(NOW - 1_000 * BAN_DURATION_MAX_MS);
  expect(bans.list(0)[0]?.untilMs).toBe(NOW - 999 * BAN_DURATION_MAX_MS);
});

test("the record gives the list back, with what came before; a damaged one is refused whole", () => {
  const bans = new Bans();
  bans.ban("1.1.1.1", { reason: "flood", nowMs: NOW });
  bans.ban("1.1.1.1", { reason: "flood", nowMs: NOW });
  bans.ban("2001:db8::1", { reason: `${"\ud800\u0000ü".repeat(100)}`, nowMs: NOW });
  const record = bans.encode();
  const restored = new Bans();
  expect(restored.load(record)).toBeUndefined();
  expect(restored.list(NOW)).toEqual(bans.list(NOW));
  expect(restored.list(NOW)[1]?.reason).toBe("?".repeat(200));
  expect(restored.ban("1.1.1.1", { reason: "flood", nowMs: NOW })).toBe(NOW + 4 * BAN_DURATION_MS);
  for (let length = 0; length < record.length; length++) {
    const damaged = new Bans();
    expect(damaged.load(record.slice(0, length))).toBeString();
    expect(damaged.list(NOW)).toEqual([]);
  }
  const otherVersion = record.slice();
  otherVersion[0] = 9;
  expect(new Bans().load(otherVersion)).toContain("version");
});
