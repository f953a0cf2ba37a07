// Balances and payments by contracts.

import { expect, test } from "bun:test";
import { type Address, UINT_MAX } from "../../../../../../src/core/primitives/index.ts";
import { addressBytes, BERT, ContractFixture, text, u64 } from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

const NOBODY = `0x${"0c".repeat(20)}` as Address;

/** Pays BERT what its argument says; the amounts lie at 64. */
const PAYER = contract(`(memory 1)
  (data (i32.const 0) "${addressBytes(BERT)}")
  (data (i32.const 32) "${addressBytes(NOBODY)}")
  (data (i32.const 64) "${[0, 30, 31, UINT_MAX, 2n ** 53n, 2n ** 64n - 1n].map(u64).join("")}")
  (func (export "pay") (param i32) (result i32)
    (call $transfer (i32.const 0) (i32.add (i32.const 64) (i32.mul (i32.const 8) (local.get 0)))))
  (func (export "payNobody") (param i32) (result i32)
    (call $transfer (i32.const 32) (i32.add (i32.const 64) (i32.mul (i32.const 8) (local.get 0)))))
  (func (export "paySelf") (param i32) (result i32)
    (call $self_address (i32.const 128))
    (call $transfer (i32.const 128) (i32.add (i32.const 64) (i32.mul (i32.const 8) (local.get 0)))))
  (func (export "balanceOfBert")
    (call $get_balance (i32.const 0) (i32.const 200))
    (call $return_data (i32.const 200) (i32.const 8)))
  (func (export "ownBalance")
    (call $self_address (i32.const 128))
    (call $get_balance (i32.const 128) (i32.const 200))
    (call $return_data (i32.const 200) (i32.const 8)))`);

function open() {
  const fixture = new ContractFixture();
  const payer = fixture.install(PAYER, { amount: 30 });
  const call = (name: string, args = "") => text(fixture.call(payer, name, args).returnData);
  return { fixture, payer, call };
}

test("a contract pays what it has, and no more", () => {
  const { fixture, payer, call } = open();
  const before = fixture.balance(BERT);
  for (const index of [2, 3, 4, 5]) expect(call("pay", `[${index}]`)).toBe("0");
  expect(fixture.balance(BERT)).toBe(before);
  expect(call("pay", "[0]")).toBe("1");
  expect(call("pay", "[1]")).toBe("1");
  expect([fixture.balance(BERT), fixture.balance(payer)]).toEqual([before + 30, 0]);
  expect(call("pay", "[1]")).toBe("0");
  expect(call("pay", "[0]")).toBe("1");
});

test("a payment makes an account, and one to oneself changes nothing", () => {
  const { fixture, payer, call } = open();
  expect(call("paySelf", "[1]")).toBe("1");
  expect(fixture.balance(payer)).toBe(30);
  expect(call("payNobody", "[1]")).toBe("1");
  expect([fixture.balance(NOBODY), fixture.balance(payer)]).toEqual([30, 0]);
});

test("a contract sees balances, the attached amount within its own", () => {
  const { fixture, payer } = open();
  const seen = (name: string, amount = 0) =>
    Number(new DataView(fixture.call(payer, name, "", { amount }).returnData.buffer).getBigUint64(0, true));
  expect(seen("balanceOfBert")).toBe(fixture.balance(BERT));
  expect(seen("ownBalance", 12)).toBe(42);
});
