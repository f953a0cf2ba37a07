// The counters in three languages, and the function of numbers.

import { describe, expect, test } from "bun:test";
import { testAccount } from "../support/chainFixture.ts";
import { ContractLedger } from "../support/contractLedger.ts";
import { exampleModule } from "../support/exampleContracts.ts";

const anne = testAccount(0);
const bert = testAccount(1);

/** `Incremented` and zero bytes to 32. */
const INCREMENTED = `0x${Buffer.from("Incremented".padEnd(32, "\0")).toString("hex")}`;

describe("the counter in AssemblyScript", () => {
  test("counts from 0, by 1 or by what it is told", () => {
    const ledger = new ContractLedger();
    const { address } = ledger.deploy(anne, exampleModule("counter/counter"));
    expect(ledger.call(anne, { address, name: "get" }).text).toBe("0");
    expect(ledger.call(anne, { address, name: "increment" }).text).toBe("1");
    expect(ledger.call(bert, { address, name: "increment", args: { by: 41 } }).text).toBe("42");
    expect(ledger.call(bert, { address, name: "get" }).text).toBe("42");
  });

  test("begins where init says, and two of them count apart", () => {
    const ledger = new ContractLedger();
    const first = ledger.deploy(anne, exampleModule("counter/counter"), { start: 7 });
    const second = ledger.deploy(anne, exampleModule("counter/counter"));
    expect(first.address).not.toBe(second.address);
    ledger.call(anne, { address: second.address, name: "increment" });
    expect(ledger.call(anne, { address: first.address, name: "get" }).text).toBe("7");
    expect(ledger.call(anne, { address: second.address, name: "get" }).text).toBe("1");
  });

  test("announces each count", () => {
    const ledger = new ContractLedger();
    const { address } = ledger.deploy(anne, exampleModule("counter/counter"));
    const { events } = ledger.call(anne, { address, name: "increment" });
    expect(events.map((event) => ({ ...event, data: Buffer.from(event.data).toString() }))).toEqual([
      { address, topics: [INCREMENTED], data: '{"count":1}' },
    ] as never);
  });

  test("refuses what it does not know, and keeps its count", () => {
    const ledger = new ContractLedger();
    const { address } = ledger.deploy(anne, exampleModule("counter/counter"), { start: 7 });
    const call = (args: unknown) => {
      const { outcome, text, events } = ledger.call(anne, { address, name: "increment", args });
      expect(outcome).toBe("revert");
      expect(events).toEqual([]);
      return text;
    };
    expect(call({ by: -1 })).toBe("by is not a number from 0 to 2^64-1");
    expect(call({ by: true })).toBe("by is not a whole number");
    expect(call({ bye: 1 })).toBe("there is no argument bye");
    expect(call("[1]")).toBe("args is not an object");
    expect(call({ by: "18446744073709551615" })).toBe("a sum is too large");
    expect(ledger.call(anne, { address, name: "get" }).text).toBe("7");
  });

  test("is not there when its init fails", () => {
    const ledger = new ContractLedger();
    const { address, outcome, text } = ledger.deploy(anne, exampleModule("counter/counter"), { start: "much" });
    expect(outcome).toBe("revert");
    expect(text).toBe("start is not a number from 0 to 2^64-1");
    expect(ledger.call(anne, { address, name: "get" }).reason).toBe("noContract");
  });

  test("init can't be called again", () => {
    const ledger = new ContractLedger();
    const { address } = ledger.deploy(anne, exampleModule("counter/counter"));
    expect(ledger.call(anne, { address, name: "init", args: { start: 9 } }).reason).toBe("noFunction");
  });
});

describe.each(["counterWat/counter", "counterRust/counter"])("%s", (name) => {
  test("counts", () => {
    const ledger = new ContractLedger();
    const deployed = ledger.deploy(anne, exampleModule(name));
    expect(deployed.outcome).toBe("success");
    const { address } = deployed;
    expect(ledger.call(anne, { address, name: "get" }).text).toBe('"0"');
    expect(ledger.call(anne, { address, name: "increment" }).text).toBe('"1"');
    expect(ledger.call(bert, { address, name: "increment" }).text).toBe('"2"');
    expect(ledger.call(bert, { address, name: "get" }).text).toBe('"2"');
  });
});

test("add takes numbers", () => {
  const ledger = new ContractLedger();
  const { address } = ledger.deploy(anne, exampleModule("add/add"));
  expect(ledger.call(anne, { address, name: "add", args: [2, 3] }).text).toBe("5");
  expect(ledger.call(anne, { address, name: "add", args: [2147483647, 1] }).text).toBe("-2147483648");
  expect(ledger.call(anne, { address, name: "add", args: { left: 2, right: 3 } }).reason).toBe("badArguments");
});
