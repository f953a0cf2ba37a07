// Deploys and calls as transactions: what is left of them in state and receipt, what they cost, and what they get back.

import { describe, expect, test } from "bun:test";
import { sha256 } from "../../../../src/core/crypto/index.ts";
import { BlockExecution } from "../../../../src/core/execution/index.ts";
import {
  type Amount,
  bytesToHash,
  type Gas,
  type GasPrice,
  type Height,
  type Nonce,
  type TimestampMs,
} from "../../../../src/core/primitives/index.ts";
import { type Call, DEFAULT_PARAMETERS, kindOf } from "../../../../src/core/protocol/index.ts";
import { type State, State as StateOver } from "../../../../src/core/state/index.ts";
import {
  ANNE,
  addressBytes,
  BALANCE,
  BERT,
  ContractFixture,
  callIntrinsicGas,
  entryGas,
  GENESIS_HASH,
  gasOf,
  text,
  u64,
} from "../../../support/contractFixture.ts";
import { contract } from "../../../support/wat.ts";

/** Writes so many slots, whose keys are 4 bytes from `first` on, or removes them. */
const SLOTS = contract(`(memory 1)
  (data (i32.const 16) "${addressBytes(BERT)}") (data (i32.const 40) "${u64(5)}") (data (i32.const 48) "a line")
  (func (export "write") (param $first i32) (param $count i32)
    (loop $again
      (i32.store (i32.const 0) (local.get $first))
      (call $storage_write (i32.const 0) (i32.const 4) (i32.const 48) (i32.const 6))
      (local.set $first (i32.add (local.get $first) (i32.const 1)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
  (func (export "remove") (param $first i32) (param $count i32)
    (loop $again
      (i32.store (i32.const 0) (local.get $first))
      (drop (call $storage_remove (i32.const 0) (i32.const 4)))
      (local.set $first (i32.add (local.get $first) (i32.const 1)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
  (func $change
    (i32.store (i32.const 0) (i32.const 999))
    (call $storage_write (i32.const 0) (i32.const 4) (i32.const 48) (i32.const 6))
    (drop (call $transfer (i32.const 16) (i32.const 40)))
    (call $log (i32.const 48) (i32.const 6))
    (call $event (i32.const 0) (i32.const 0) (i32.const 48) (i32.const 6)))
  (func (export "changeAndSucceed") call $change)
  (func (export "changeAndRevert") call $change (call $revert (i32.const 48) (i32.const 1)))
  (func (export "changeAndTrap") call $change unreachable)
  (func (export "changeAndBurn") call $change (loop $again (br $again)))
  (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
  (func (export "fat") (param $count i32)
    (loop $again
      (i32.store (i32.const 0) (local.get $count))
      (call $storage_write (i32.const 0) (i32.const 4) (i32.const 1024) (i32.const 16384))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))`);

/** The state as the next block finds it. */
function nextBlock(state: State): State {
  const stored = new Map(state.changes().map(({ key, value }) => [key.toHex(), value]));
  return new StateOver({ stateValue: (key) => stored.get(key.toHex()) });
}

describe("a call that fails", () => {
  test.each([
    ["changeAndRevert", "revert", "revert", "a"],
    ["changeAndTrap", "trap", "trap", ""],
    ["changeAndBurn", "outOfGas", "outOfGas", ""],
  ] as const)("by %s keeps fee, nonce and log, and nothing else", (name, outcome, reason, returned) => {
    const fixture = new ContractFixture();
    const address = fixture.install(SLOTS, { amount: 7 });
    const before = fixture.state.changes();
    const balance = fixture.balance(ANNE);
    const { nonce } = fixture.state.account(ANNE);
    const receipt = fixture.call(address, name, "", { amount: 100, gas: 1_000_000, gasPrice: 100 });
    expect(receipt).toMatchObject({ outcome, reason, events: [], gasRefunded: 0 });
    expect(text(receipt.returnData)).toBe(returned);
    expect(receipt.logs.map(({ data }) => text(data))).toEqual(["a line"]);
    expect(receipt.fee as number).toBe(Math.ceil(receipt.gasUsed / 10_000));
    expect(receipt.fee).toBeGreaterThan(0);
    const account = fixture.state.account(ANNE);
    expect([account.balance as number, account.nonce as number]).toEqual([balance - receipt.fee, nonce + 1]);
    fixture.state.setAccount(ANNE, { ...account, balance: balance as Amount, nonce });
    expect(fixture.state.changes()).toEqual(before);
  });

  test("by running out of gas uses all of it; any other way, what it had used", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(SLOTS);
    expect(gasOf(fixture.call(address, "changeAndBurn", "", { gas: 1_000_000 }), { name: "changeAndBurn" })).toBe(
      1_000_000,
    );
    expect(
      gasOf(fixture.call(address, "changeAndTrap", "", { gas: 1_000_000 }), { name: "changeAndTrap" }),
    ).toBeLessThan(200_000);
  });

  test("by what the engine traps at, whatever it calls it, is a trap without a message", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(SLOTS);
    expect(fixture.call(address, "divide", "[0]")).toMatchObject({ outcome: "trap", reason: "trap" });
    expect(fixture.call(address, "divide", "[0]").returnData).toHaveLength(0);
    expect(text(fixture.call(address, "divide", "[1]").returnData)).toBe("1");
  });
});

test("a call that succeeds changes storage and balances and announces it", () => {
  const fixture = new ContractFixture();
  const address = fixture.install(SLOTS, { amount: 7 });
  const receipt = fixture.call(address, "changeAndSucceed", "", { amount: 100 });
  expect(receipt).toMatchObject({ outcome: "success", reason: "none", gasRefunded: 0 });
  expect(receipt.events.map(({ data }) => text(data))).toEqual(["a line"]);
  expect([fixture.balance(address), fixture.balance(BERT), fixture.balance(ANNE)]).toEqual([
    102,
    BALANCE + 5,
    BALANCE - 107,
  ]);
  expect(fixture.state.storage(address, Uint8Array.of(0xe7, 3, 0, 0))).toHaveLength(6);
});

test("what was used is enough, and one less is not, to the same result", () => {
  const fixture = new ContractFixture();
  const address = fixture.install(SLOTS);
  const write = (gas?: number) => fixture.call(address, "write", "[1,20]", gas === undefined ? {} : { gas });
  const used = gasOf(write(), { name: "write", args: "[1,20]" });
  expect(write(used)).toEqual(write());
  expect(write(used - 1)).toMatchObject({
    outcome: "outOfGas",
    gasUsed: used - 1 + callIntrinsicGas({ name: "write", args: "[1,20]" }),
  });
});

describe("a call is answered by a reason", () => {
  test("where there is no contract, no such function, or no arguments of its form", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(SLOTS);
    const entered = entryGas(SLOTS, { pages: 1, dataSizeBytes: 34 });
    const noContract = fixture.call(BERT, "write", "[1,1]", { amount: 5 });
    expect(noContract).toMatchObject({ outcome: "trap", reason: "noContract" });
    expect(gasOf(noContract, { name: "write", args: "[1,1]" })).toBe(0);
    expect(fixture.balance(BERT)).toBe(BALANCE);
    const noFunction = fixture.call(address, "missing", "", { amount: 5 });
    expect(noFunction).toMatchObject({ outcome: "trap", reason: "noFunction" });
    expect(gasOf(noFunction, { name: "missing" })).toBe(entered);
    const badArguments = fixture.call(address, "write", "[1]", { amount: 5 });
    expect(badArguments).toMatchObject({ outcome: "trap", reason: "badArguments" });
    expect(gasOf(badArguments, { name: "write", args: "[1]" })).toBe(entered);
    expect(fixture.balance(address)).toBe(0);
    expect(fixture.call(address, "missing", "", { gas: entered - 1 }).reason).toBe("outOfGas");
  });
});

describe("gas is given back", () => {
  function withSlots(count: number) {
    const first = new ContractFixture();
    const address = first.install(SLOTS);
    first.call(address, "write", `[0,${count}]`);
    return { fixture: new ContractFixture({ state: nextBlock(first.state) }), address };
  }

  test("15,000 for each slot that was there before", () => {
    const { fixture, address } = withSlots(3);
    const receipt = fixture.call(address, "remove", "[0,1]");
    expect(receipt.gasRefunded as number).toBe(15_000);
    const gas = receipt.gasUsed + receipt.gasRefunded;
    expect(receipt.gasUsed as number).toBe(gas - 15_000);
    expect(receipt.fee as number).toBe(0);
  });

  test("at most a fifth of what was used, rounded down", () => {
    const { fixture, address } = withSlots(60);
    const receipt = fixture.call(address, "remove", "[0,60]");
    const gas = receipt.gasUsed + receipt.gasRefunded;
    expect(60 * 15_000).toBeGreaterThan(gas / 5);
    expect(receipt.gasRefunded as number).toBe(Math.floor(gas / 5));
  });

  test("not for slots that the transaction made itself, nor for those that were not there, nor twice", () => {
    const { fixture, address } = withSlots(1);
    expect(fixture.call(address, "remove", "[50,3]").gasRefunded as number).toBe(0);
    fixture.call(address, "write", "[7,1]");
    expect(fixture.call(address, "remove", "[7,1]").gasRefunded as number).toBe(15_000);
    expect(fixture.call(address, "remove", "[7,1]").gasRefunded as number).toBe(0);
  });

  test("to the sender, while the block's gas is what was used before", () => {
    const { fixture, address } = withSlots(1);
    const { state, machine } = fixture;
    const { nonce } = state.account(ANNE);
    const block = {
      height: 9 as Height,
      timestampMs: 9 as TimestampMs,
      proposer: BERT,
      parameters: DEFAULT_PARAMETERS,
      genesisHash: GENESIS_HASH,
    };
    const execution = new BlockExecution({ state, block, machine });
    const draft: Call = {
      type: "call",
      from: ANNE,
      to: address,
      amount: 0 as Amount,
      function: "remove",
      args: "[0,1]",
      nonce: nonce as Nonce,
      gasLimit: 1_000_000 as Gas,
      gasPrice: 1_000_000 as GasPrice,
      expiry: 0 as Height,
    };
    const result = execution.apply(draft);
    if (!result.ok) throw new RangeError(result.refusal.message);
    const { gasUsed, gasRefunded, fee } = result.value;
    expect(gasRefunded as number).toBe(15_000);
    expect(fee as number).toBe(gasUsed);
    expect(execution.gasUsed as number).toBe(gasUsed + gasRefunded);
  });
});

describe("a deploy", () => {
  const WITH_INIT = contract(`(memory 1) (data (i32.const 0) "key")
    (func (export "init") (param i32)
      (if (i32.eqz (local.get 0)) (then (call $log (i32.const 0) (i32.const 3)) unreachable))
      (i32.store (i32.const 8) (local.get 0))
      (call $storage_write (i32.const 0) (i32.const 3) (i32.const 8) (i32.const 4)))
    (func (export "value") (result i32) (drop (call $storage_read (i32.const 0) (i32.const 3) (i32.const 8) (i32.const 4))) (i32.load (i32.const 8)))`);

  test("keeps the module once, however often it is deployed, and pays for it as often", () => {
    const fixture = new ContractFixture();
    const [one, two] = [1, 2].map((value) => fixture.deploy(WITH_INIT, { args: `[${value}]` }));
    expect([one, two].map((deployed) => text(fixture.call(deployed?.address as never, "value").returnData))).toEqual([
      "1",
      "2",
    ]);
    expect(one?.receipt.gasUsed).toBe(two?.receipt.gasUsed as Gas);
    const kept = fixture.state.changes().filter(({ key }) => key[0] === 3);
    expect(kept.map(({ key, value }) => [key.slice(1), value])).toEqual([[sha256(WITH_INIT), WITH_INIT]]);
  });

  test("costs 240 for each byte of the module, 40 for one of the arguments, and its run", () => {
    const fixture = new ContractFixture();
    const code = contract('(func (export "go"))');
    const { receipt } = fixture.deploy(code, { args: "12345" });
    expect(receipt.gasUsed as number).toBe(100_000 + 240 * code.length + 40 * 5 + entryGas(code, { pages: 0 }));
  });

  test("whose `init` fails leaves no contract, no module and no amount", () => {
    const fixture = new ContractFixture();
    const before = fixture.state.changes().length;
    const { receipt, address } = fixture.deploy(WITH_INIT, { args: "[0]", amount: 50 });
    expect(receipt).toMatchObject({ outcome: "trap", reason: "trap" });
    expect(receipt.logs.map(({ data }) => text(data))).toEqual(["key"]);
    expect([fixture.balance(address), fixture.balance(ANNE)]).toEqual([0, BALANCE]);
    expect(fixture.state.changes()).toHaveLength(before);
    expect(fixture.call(address, "value").reason).toBe("noContract");
    // The next address is another one.
    expect(fixture.install(WITH_INIT, { args: "[3]" })).not.toBe(address);
  });

  test("whose arguments `init` does not take, or whose gas does not last, fails too", () => {
    const fixture = new ContractFixture();
    expect(fixture.deploy(WITH_INIT, { args: "{}" }).receipt.reason).toBe("badArguments");
    expect(fixture.deploy(WITH_INIT, { args: "[1]", gas: 20_000 }).receipt.reason).toBe("outOfGas");
    expect(fixture.state.code(bytesToHash(sha256(WITH_INIT)))).toBeUndefined();
  });

  test("of an invalid module fails, and pays for what was looked at", () => {
    const fixture = new ContractFixture();
    for (const code of [Uint8Array.of(1, 2, 3), contract("(func (result f64) (f64.const 1))")]) {
      const { receipt, address } = fixture.deploy(code, { amount: 50 });
      expect(receipt).toMatchObject({ outcome: "trap", reason: "invalidModule" });
      expect(receipt.gasUsed as number).toBe(100_000 + 240 * code.length);
      expect(fixture.balance(address)).toBe(0);
    }
  });

  test("without `init` takes the amount and ignores its arguments", () => {
    const fixture = new ContractFixture();
    const { receipt, address } = fixture.deploy(contract('(func (export "go"))'), { args: "whatever", amount: 50 });
    expect(receipt.reason).toBe("none");
    expect(fixture.balance(address)).toBe(50);
  });

  test("returns what `init` returns", () => {
    const fixture = new ContractFixture();
    const { receipt } = fixture.deploy(contract('(func (export "init") (result i64) (i64.const 5))'));
    expect(text(receipt.returnData)).toBe('"5"');
  });

  test("takes new state for module, account and what `init` keeps", () => {
    const fixture = new ContractFixture();
    const checkpoint = fixture.state.checkpoint();
    fixture.deploy(WITH_INIT, { args: "[1]" });
    const slot = 1 + 20 + 3 + 4;
    const own = 33 + WITH_INIT.length + 21 + 57;
    expect(fixture.state.newStateBytesSince(checkpoint)).toBe(own + slot);
    const draft = {
      type: "deploy",
      from: ANNE,
      amount: 0,
      code: WITH_INIT,
      args: "",
      nonce: 0,
      gasLimit: 0,
      gasPrice: 0,
      expiry: 0,
    };
    expect(kindOf(draft as never).newStateBytes(draft as never)).toBe(own);
  });
});

describe("new state", () => {
  test("that no block has room for makes a transaction fail, so that it is paid for", () => {
    const parameters = { newStateBytesMax: 100_000 };
    const fixture = new ContractFixture({ parameters });
    const address = fixture.install(SLOTS);
    const slot = 1 + 20 + 4 + 16_384;
    expect(Math.floor(100_000 / slot)).toBe(6);
    expect(fixture.call(address, "fat", "[6]").reason).toBe("none");
    const again = new ContractFixture({ parameters });
    const other = again.install(SLOTS);
    const receipt = again.call(other, "fat", "[7]");
    expect(receipt).toMatchObject({ outcome: "trap", reason: "limitExceeded", gasRefunded: 0, events: [] });
    expect(again.state.storage(other, Uint8Array.of(1, 0, 0, 0))).toBeUndefined();
    expect(receipt.gasUsed).toBeGreaterThan(7 * 16_384 * 40);
  });

  test("that this block has no room left for is put off", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(SLOTS);
    const { state, machine } = fixture;
    const parameters = { ...DEFAULT_PARAMETERS, newStateBytesMax: 40_000 };
    const block = {
      height: 9 as Height,
      timestampMs: 9 as TimestampMs,
      proposer: BERT,
      parameters,
      genesisHash: GENESIS_HASH,
    };
    const execution = new BlockExecution({ state, block, machine });
    const draft = (nonce: number, args: string): Call => ({
      type: "call",
      from: ANNE,
      to: address,
      amount: 0 as Amount,
      function: "fat",
      args,
      nonce: nonce as Nonce,
      gasLimit: 10_000_000 as Gas,
      gasPrice: 0 as GasPrice,
      expiry: 0 as Height,
    });
    expect(execution.apply(draft(1, "[2]")).ok).toBe(true);
    const before = state.changes();
    // What is there already takes none.
    expect(execution.apply(draft(2, "[3]"))).toMatchObject({ ok: false, refusal: { code: "block_state_exhausted" } });
    expect(state.changes()).toEqual(before);
    expect(execution.apply(draft(2, "[2]")).ok).toBe(true);
  });
});
