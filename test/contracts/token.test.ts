// The token: who has what after transfers and allowances, and what is refused with which words.

import { describe, expect, test } from "bun:test";
import type { Address } from "../../src/core/primitives/index.ts";
import { type TestAccount, testAccount } from "../support/chainFixture.ts";
import { ContractLedger } from "../support/contractLedger.ts";
import { exampleModule } from "../support/exampleContracts.ts";

const [anne, bert, cleo] = [testAccount(0), testAccount(1), testAccount(2)];

class Token {
  readonly ledger = new ContractLedger();
  readonly address: Address;

  constructor() {
    const args = { name: "Gold", symbol: "GLD", supply: 1000 };
    const { address, outcome } = this.ledger.deploy(anne, exampleModule("token/token"), args);
    expect(outcome).toBe("success");
    this.address = address;
  }

  call(sender: TestAccount, name: string, args: unknown = {}) {
    return this.ledger.call(sender, { address: this.address, name, args });
  }

  balances(): number[] {
    return [anne, bert, cleo].map(({ address }) => Number(this.call(anne, "balanceOf", { owner: address }).text));
  }
}

function topicOf(name: string): string {
  return `0x${Buffer.from(name.padEnd(32, "\0")).toString("hex")}`;
}

function addressTopic(address: Address): string {
  return `0x${"00".repeat(12)}${address.slice(2)}`;
}

describe("the token", () => {
  test("belongs to who deployed it", () => {
    const token = new Token();
    expect(token.balances()).toEqual([1000, 0, 0]);
    expect(token.call(bert, "totalSupply").text).toBe("1000");
    expect(JSON.parse(token.call(bert, "info").text)).toEqual({ name: "Gold", symbol: "GLD" });
  });

  test("is transferred, and says so", () => {
    const token = new Token();
    const { text, events } = token.call(anne, "transfer", { to: bert.address, amount: 300 });
    expect(text).toBe("true");
    expect(token.balances()).toEqual([700, 300, 0]);
    expect(events).toHaveLength(1);
    expect(events[0]?.topics as readonly string[]).toEqual([
      topicOf("Transfer"),
      addressTopic(anne.address),
      addressTopic(bert.address),
    ]);
    expect(JSON.parse(Buffer.from(events[0]?.data ?? []).toString())).toEqual({
      from: anne.address,
      to: bert.address,
      amount: 300,
    });
  });

  test("is not transferred beyond the balance", () => {
    const token = new Token();
    const { outcome, text, events } = token.call(bert, "transfer", { to: cleo.address, amount: 1 });
    expect({ outcome, text, events }).toEqual({ outcome: "revert", text: "the balance is 0, less than 1", events: [] });
    expect(token.call(anne, "transfer", { to: bert.address, amount: 1001 }).text).toBe(
      "the balance is 1000, less than 1001",
    );
    expect(token.balances()).toEqual([1000, 0, 0]);
  });

  test("transferred to its owner stays as it is, and the whole balance can go", () => {
    const token = new Token();
    expect(token.call(anne, "transfer", { to: anne.address, amount: 1000 }).outcome).toBe("success");
    expect(token.balances()).toEqual([1000, 0, 0]);
    const { gasRefunded } = token.call(anne, "transfer", { to: cleo.address, amount: 1000 });
    expect(token.balances()).toEqual([0, 0, 1000]);
    expect(gasRefunded as number).toBeGreaterThan(0);
  });

  test("is spent by another within what is allowed", () => {
    const token = new Token();
    const spend = (amount: number) =>
      token.call(bert, "transferFrom", { from: anne.address, to: cleo.address, amount });
    expect(spend(1).text).toBe("the allowance is 0, less than 1");
    const { events } = token.call(anne, "approve", { spender: bert.address, amount: 50 });
    expect(events[0]?.topics[0] as string).toBe(topicOf("Approval"));
    expect(spend(30).text).toBe("true");
    expect(spend(21).text).toBe("the allowance is 20, less than 21");
    expect(token.call(cleo, "allowance", { owner: anne.address, spender: bert.address }).text).toBe("20");
    expect(token.balances()).toEqual([970, 0, 30]);
  });

  test("an allowance is no balance, and of one owner alone", () => {
    const token = new Token();
    token.call(bert, "approve", { spender: anne.address, amount: 5 });
    const taken = token.call(anne, "transferFrom", { from: bert.address, to: anne.address, amount: 5 });
    expect(taken.text).toBe("the balance is 0, less than 5");
    // The failed call has not used up the allowance.
    expect(token.call(anne, "allowance", { owner: bert.address, spender: anne.address }).text).toBe("5");
    expect(token.call(anne, "allowance", { owner: anne.address, spender: bert.address }).text).toBe("0");
  });

  test.each([
    [{ to: bert.address }, "the argument amount is missing"],
    [{ to: "0x12", amount: 1 }, "to is not an address"],
    [{ to: bert.address, amount: "1.5" }, "amount is not a number from 0 to 2^64-1"],
    [`{"to": "${bert.address}", "amount": 1.5}`, "JSON: not a whole number at byte 64"],
    [`{"amount": 1, "amount": 2}`, "JSON: a key comes twice at byte 22"],
  ])("refuses the args %p", (args, message) => {
    const token = new Token();
    const { outcome, text } = token.call(anne, "transfer", args);
    expect({ outcome, text }).toEqual({ outcome: "revert", text: message });
  });
});
