// Who asks, and where.

import { expect, test } from "bun:test";
import type { Gas } from "../../../../../../src/core/primitives/index.ts";
import {
  ANNE,
  BERT,
  ContractFixture,
  GENESIS_HASH,
  HEIGHT,
  TIMESTAMP_MS,
} from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

const fixture = new ContractFixture();

function reporter(name: string, sizeBytes: number): string {
  return `(func (export "${name}")
    (call $${name} (i32.const 100))
    (call $return_data (i32.const 100) (i32.const ${sizeBytes})))`;
}

const NUMBERS = ["attached_amount", "block_height", "block_timestamp", "gas_left"];
const ADDRESSES = ["caller", "origin", "self_address"];
const code = contract(`(memory 1)
  ${[...NUMBERS.map((name) => reporter(name, 8)), ...ADDRESSES.map((name) => reporter(name, 20)), reporter("chain_id", 32)].join("\n")}`);
const probe = fixture.install(code);

function bytesOf(name: string, amount = 0): Uint8Array {
  return fixture.call(probe, name, "", { from: BERT, amount }).returnData;
}

function numberOf(name: string, amount = 0): number {
  return Number(new DataView(bytesOf(name, amount).buffer).getBigUint64(0, true));
}

test("numbers are eight bytes, the least first", () => {
  expect(numberOf("attached_amount", 258)).toBe(258);
  expect(numberOf("attached_amount")).toBe(0);
  expect(numberOf("block_height")).toBe(HEIGHT);
  expect(numberOf("block_timestamp")).toBe(TIMESTAMP_MS);
});

test("addresses and the chain's hash are their bytes", () => {
  expect(`0x${bytesOf("caller").toHex()}`).toBe(BERT);
  expect(`0x${bytesOf("origin").toHex()}`).toBe(BERT);
  expect(`0x${bytesOf("self_address").toHex()}`).toBe(probe);
  expect(`0x${bytesOf("chain_id").toHex()}`).toBe(GENESIS_HASH);
  expect(`0x${fixture.call(probe, "caller", "", { from: ANNE }).returnData.toHex()}`).toBe(ANNE);
});

test("the gas that is left is what is left once the question is paid", () => {
  // Past what 32 bits hold.
  const parameters = { blockGasLimit: 6_000_000_000 as Gas };
  const { machine, state } = fixture;
  const receipt = new ContractFixture({ machine, state, parameters }).call(probe, "gas_left", "", {
    gas: 5_000_000_000,
  });
  const left = Number(new DataView(receipt.returnData.buffer).getBigUint64(0, true));
  const used = receipt.gasUsed - 100_000 - 40 * "gas_left".length;
  // Nothing but the return of eight bytes comes after it, in the same metered block.
  expect(left).toBe(5_000_000_000 - used + 100 + 8 * 40);
});
