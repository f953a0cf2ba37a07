// The bank, and banks that a thief tries to rob.

import { describe, expect, test } from "bun:test";
import type { Address } from "../../src/core/primitives/index.ts";
import { TEST_BALANCE, type TestAccount, testAccount } from "../support/chainFixture.ts";
import { ContractLedger } from "../support/contractLedger.ts";
import { exampleModule } from "../support/exampleContracts.ts";

const [anne, bert] = [testAccount(0), testAccount(1)];

function open(module: string): { ledger: ContractLedger; bank: Address } {
  const ledger = new ContractLedger();
  const { address, outcome } = ledger.deploy(anne, exampleModule(module));
  expect(outcome).toBe("success");
  return { ledger, bank: address };
}

describe("the bank", () => {
  const call = ({ ledger, bank }: ReturnType<typeof open>) => {
    return (sender: TestAccount, name: string, args: unknown, amount = 0) =>
      ledger.call(sender, { address: bank, name, args }, { amount });
  };

  test("keeps what is attached and pays it back", () => {
    const opened = open("bank/bank");
    const { ledger, bank } = opened;
    const ask = call(opened);
    expect(ask(anne, "deposit", {}, 500).text).toBe("500");
    expect(ask(bert, "deposit", {}, 20).text).toBe("20");
    expect(ledger.balance(bank)).toBe(520);
    expect(ledger.balance(anne.address)).toBe(TEST_BALANCE - 500);
    const { text, events } = ask(anne, "withdraw", { amount: 200 });
    expect(text).toBe("300");
    expect(JSON.parse(Buffer.from(events[0]?.data ?? []).toString())).toEqual({ owner: anne.address, amount: 200 });
    expect(ledger.balance(bank)).toBe(320);
    expect(ledger.balance(anne.address)).toBe(TEST_BALANCE - 300);
    expect(ask(bert, "balance", { owner: anne.address }).text).toBe("300");
  });

  test("pays nobody more than was deposited", () => {
    const opened = open("bank/bank");
    const { ledger, bank } = opened;
    const ask = call(opened);
    ask(anne, "deposit", {}, 500);
    ask(bert, "deposit", {}, 20);
    expect(ask(bert, "withdraw", { amount: 21 })).toMatchObject({
      outcome: "revert",
      text: "the balance is 20, less than 21",
    });
    expect(ask(bert, "withdraw", { amount: "18446744073709551615" }).outcome).toBe("revert");
    expect(ledger.balance(bank)).toBe(520);
    expect(ask(bert, "withdraw", { amount: 20 }).text).toBe("0");
    expect(ask(bert, "withdraw", { amount: 1 }).text).toBe("the balance is 0, less than 1");
  });

  test("gives back what is attached to a call that fails", () => {
    const opened = open("bank/bank");
    const ask = call(opened);
    expect(ask(anne, "withdraw", { amount: 0 }, 100).outcome).toBe("revert");
    expect(ask(anne, "deposit", {}).text).toBe("nothing is attached to the call");
    expect(opened.ledger.balance(anne.address)).toBe(TEST_BALANCE);
  });
});

/** Anne has 1,000 in the bank; the thief deposits 100 of Bert's and asks three times more. */
function rob(module: string) {
  const { ledger, bank } = open(module);
  ledger.call(anne, { address: bank, name: "deposit" }, { amount: 1000 });
  const thief = ledger.deploy(bert, exampleModule("reentrancy/thief")).address;
  const outcome = ledger.call(bert, { address: thief, name: "attack", args: { bank, rounds: 3 } }, { amount: 100 });
  return { outcome, bank: ledger.balance(bank), thief: ledger.balance(thief) };
}

describe("a thief", () => {
  test("gets no more than was deposited, since a bank that is being called can't be called", () => {
    const { outcome, bank, thief } = rob("reentrancy/carelessBank");
    expect(outcome.outcome).toBe("success");
    // Code 4: the call was not begun.
    expect(JSON.parse(outcome.text)).toEqual({ lastCode: 4 });
    expect({ bank, thief }).toEqual({ bank: 1000, thief: 100 });
  });

  test("robs a careless bank that allows re-entry", () => {
    const { outcome, bank, thief } = rob("reentrancy/recklessBank");
    expect(outcome.outcome).toBe("success");
    expect({ bank, thief }).toEqual({ bank: 700, thief: 400 });
  });
});
