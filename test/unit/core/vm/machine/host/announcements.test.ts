// Events and logs: their form, their bounds, and what becomes of them in a failure.

import { expect, test } from "bun:test";
import { ContractFixture, HOST_EXPORTS } from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

const fixture = new ContractFixture();
const probe = fixture.install(
  contract(`(memory 2) ${HOST_EXPORTS}
    (data (i32.const 0) "a line")
    (data (i32.const 32) "${"11".repeat(32).replace(/../g, "\\$&")}${"22".repeat(32).replace(/../g, "\\$&")}")
    (func (export "both")
      (call $log (i32.const 0) (i32.const 6))
      (call $event (i32.const 32) (i32.const 2) (i32.const 0) (i32.const 6)))
    (func (export "fail")
      (call $log (i32.const 0) (i32.const 6))
      (call $event (i32.const 32) (i32.const 2) (i32.const 0) (i32.const 6))
      unreachable)
    (func (export "logs") (param i32)
      (loop $again
        (call $log (i32.const 0) (i32.const 1))
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "events") (param i32)
      (loop $again
        (call $event (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`),
);
const line = new TextEncoder().encode("a line");

test("an event has its contract, topics and data; a log its contract and bytes", () => {
  const { events, logs } = fixture.call(probe, "both");
  const topics = ["11", "22"].map((digits) => `0x${digits.repeat(32)}` as never);
  expect(events).toEqual([{ address: probe, topics, data: line }]);
  expect(logs).toEqual([{ address: probe, data: line }]);
});

test("a failure keeps its logs and none of its events", () => {
  const receipt = fixture.call(probe, "fail");
  expect(receipt).toMatchObject({ reason: "trap", events: [] });
  expect(receipt.logs).toEqual([{ address: probe, data: line }]);
});

test("a receipt holds 256 logs of 1 KiB each, and no more", () => {
  expect(fixture.call(probe, "logs", "[256]")).toMatchObject({ reason: "none" });
  const more = fixture.call(probe, "logs", "[257]");
  expect([more.reason, more.logs.length]).toEqual(["limitExceeded", 256]);
  expect(fixture.call(probe, "log", "[0,1024]").reason).toBe("none");
  expect(fixture.call(probe, "log", "[0,1025]").reason).toBe("limitExceeded");
});

test("a receipt holds 1,024 events of 4 topics and 64 KiB each, and no more", () => {
  const most = fixture.call(probe, "events", "[1024]");
  expect([most.reason, most.events.length]).toEqual(["none", 1024]);
  const more = fixture.call(probe, "events", "[1025]");
  expect([more.reason, more.events.length]).toEqual(["limitExceeded", 0]);
  expect(fixture.call(probe, "event", "[0,4,0,65536]").reason).toBe("none");
  expect(fixture.call(probe, "event", "[0,4,0,65537]").reason).toBe("limitExceeded");
  expect(fixture.call(probe, "event", "[0,5,0,0]").reason).toBe("limitExceeded");
  expect(fixture.call(probe, "event", "[0,-1,0,0]").reason).toBe("limitExceeded");
});
