// Calls between contracts and deployments by contracts: what the caller hears, what it pays, and what is left of a failure.

import { describe, expect, test } from "bun:test";
import { sha256 } from "../../../../../../src/core/crypto/index.ts";
import { type Address, bytesToHash, UINT_MAX } from "../../../../../../src/core/primitives/index.ts";
import { contractAddress } from "../../../../../../src/core/protocol/index.ts";
import {
  addressBytes,
  BERT,
  ContractFixture,
  escaped,
  GAS,
  gasOf,
  HOST_EXPORTS,
  nestedCall,
  text,
  u64,
} from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

const CALLEE = contract(`(memory 1) ${HOST_EXPORTS}
  (data (i32.const 0) "pong") (data (i32.const 16) "key")
  (func (export "init"))
  (func (export "ping") (call $return_data (i32.const 0) (i32.const 4)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "refuse") (call $storage_write (i32.const 16) (i32.const 3) (i32.const 0) (i32.const 4)) (call $revert (i32.const 0) (i32.const 2)))
  (func (export "keep") (call $storage_write (i32.const 16) (i32.const 3) (i32.const 0) (i32.const 4)))
  (func (export "fail") (call $log (i32.const 0) (i32.const 4)) (call $event (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) unreachable)
  (func (export "burn") (loop $again (br $again)))
  (func (export "kept") (result i32) (call $storage_read (i32.const 16) (i32.const 3) (i32.const 64) (i32.const 4)))
  (func (export "echo") (call $input_read (i32.const 99) (i32.const 0) (call $input_size)) (call $return_data (i32.const 99) (call $input_size)))`);

/** `ask` makes the call and answers with its status; `heard` with what the call returned. */
function callerOf(call: Parameters<typeof nestedCall>[0]) {
  const { data, code } = nestedCall(call);
  return contract(`(memory 1) ${data}
    (func (export "ask") (result i32) ${code})
    (func (export "heard") (drop ${code.startsWith("(call $self") ? `(block (result i32) ${code})` : code})
      (call $returned_read (i32.const 9000) (i32.const 0) (call $returned_size))
      (call $return_data (i32.const 9000) (call $returned_size)))
    (func (export "askTwice") (result i32) (i32.add ${code} ${code}))`);
}

function open() {
  const fixture = new ContractFixture();
  const callee = fixture.install(CALLEE);
  const ask = (call: Parameters<typeof nestedCall>[0], amount = 0) => {
    const caller = fixture.install(callerOf(call), { amount });
    const receipt = fixture.call(caller, "ask");
    return { caller, receipt, status: receipt.reason === "none" ? text(receipt.returnData) : receipt.reason };
  };
  const heard = (call: Parameters<typeof nestedCall>[0]) =>
    text(fixture.call(fixture.install(callerOf(call)), "heard").returnData);
  return { fixture, callee, ask, heard };
}

describe("a call to another contract", () => {
  test("hears success and the answer, also a number's", () => {
    const { callee, ask, heard } = open();
    expect(ask({ address: callee, name: "ping" }).status).toBe("0");
    expect(heard({ address: callee, name: "ping" })).toBe("pong");
    expect(heard({ address: callee, name: "add", args: "[20,22]" })).toBe("42");
    expect(heard({ address: callee, name: "echo", args: "what was said" })).toBe("what was said");
  });

  test("hears a revert with its bytes, and nothing of it is left", () => {
    const { fixture, callee, ask, heard } = open();
    expect(ask({ address: callee, name: "refuse" }).status).toBe("1");
    expect(heard({ address: callee, name: "refuse" })).toBe("po");
    expect(text(fixture.call(callee, "kept").returnData)).toBe("-1");
    ask({ address: callee, name: "keep" });
    expect(text(fixture.call(callee, "kept").returnData)).toBe("4");
  });

  test("hears a trap, keeps the log and not the event", () => {
    const { callee, ask } = open();
    const { receipt, status } = ask({ address: callee, name: "fail" });
    expect(status).toBe("3");
    expect(receipt.logs.map(({ address, data }) => [address, text(data)])).toEqual([[callee, "pong"]]);
    expect(receipt.events).toEqual([]);
  });

  test("loses the gas that it gave, and no more of it", () => {
    const { callee, ask, fixture } = open();
    const { caller, receipt, status } = ask({ address: callee, name: "burn", gas: 1_000_000 });
    expect(status).toBe("2");
    const idle = fixture.call(caller, "heard");
    expect(gasOf(receipt, { name: "ask" })).toBeGreaterThan(1_000_000);
    expect(gasOf(receipt, { name: "ask" })).toBeLessThan(1_150_000);
    expect(idle.reason).toBe("none");
    // Given all there is, the caller has nothing left: what it still does was paid for before.
    const all = ask({ address: callee, name: "burn" });
    expect([all.status, gasOf(all.receipt, { name: "ask" })]).toEqual(["2", GAS]);
  });

  test("is charged exactly what the callee used", () => {
    const { callee, ask } = open();
    const twice = [500_000, 700_000].map((gas) => ask({ address: callee, name: "ping", gas }).receipt.gasUsed);
    expect(twice[0] as number).toBe(twice[1] as number);
  });

  test("takes a number of gas or of amount past 2^53-1 for more than there is", () => {
    const { callee, ask } = open();
    for (const gas of [UINT_MAX, 2n ** 53n, 2n ** 64n - 1n]) {
      expect(ask({ address: callee, name: "ping", gas }).status).toBe("0");
    }
    expect(ask({ address: callee, name: "ping", amount: 2n ** 53n }, 50).status).toBe("4");
  });

  test("moves the amount, and moves it back from a failure", () => {
    const { fixture, callee, ask } = open();
    const { caller } = ask({ address: callee, name: "ping", amount: 20 }, 50);
    expect([fixture.balance(caller), fixture.balance(callee)]).toEqual([30, 20]);
    for (const name of ["refuse", "fail", "missing"]) {
      const failed = ask({ address: callee, name, amount: 20 }, 50);
      expect([fixture.balance(failed.caller), fixture.balance(callee)]).toEqual([50, 20]);
    }
  });

  test("is not begun where there is nothing to call, or nothing to pay with", () => {
    const { callee, ask } = open();
    const cases = [
      { address: BERT, name: "ping" },
      { address: callee, name: "missing" },
      { address: callee, name: "init" },
      { address: callee, name: "" },
      { address: callee, name: "add", args: "[1]" },
      { address: callee, name: "ping", amount: 51 },
    ];
    expect(cases.map((call) => ask(call, 50).status)).toEqual(cases.map(() => "4"));
  });

  test("does not reach a name that is no text", () => {
    const { fixture, callee } = open();
    const { data, code } = nestedCall({ address: callee, name: "xx" });
    const caller = fixture.install(
      contract(`(memory 1) ${data} (data (i32.const 4128) "\\ff\\fe") (func (export "ask") (result i32) ${code})`),
    );
    expect(text(fixture.call(caller, "ask").returnData)).toBe("4");
  });

  test("has bounds on name and arguments", () => {
    const { fixture } = open();
    const probe = fixture.install(contract(`(memory 2) ${HOST_EXPORTS}`));
    const call = (nameLength: number, argsLength: number) =>
      fixture.call(probe, "call_contract", `[0,0,${nameLength},0,${argsLength},0,0]`).reason;
    expect([call(256, 65_536), call(257, 0), call(0, 65_537)]).toEqual(["none", "limitExceeded", "limitExceeded"]);
  });
});

describe("re-entrancy", () => {
  /** Keeps 100 of its depositor, and pays it out by a call before it notes that. */
  const bankOf = (thief: Address, allows: boolean) => {
    const pay = nestedCall({ address: thief, name: "receive", amount: 10 });
    return contract(`(memory 1) ${pay.data}
      (func (export "withdraw") (result i32) ${pay.code})
      ${allows ? '(func (export "allow_reentry"))' : ""}`);
  };

  /** Comes back for more while it is paid. */
  const thiefOf = (bank: Address) => {
    const again = nestedCall({ address: bank, name: "withdraw", gas: 20_000_000 });
    return contract(`(memory 1) ${again.data}
      (func (export "steal") (result i32) ${again.code})
      (func (export "receive") (drop ${again.code}))
      (func (export "allow_reentry"))`);
  };

  function rob(allows: boolean) {
    const fixture = new ContractFixture();
    const creator = BERT;
    const bankAddress = contractAddress({ creator, nonce: 1 });
    const thief = fixture.install(thiefOf(bankAddress), { from: BERT });
    const bank = fixture.install(bankOf(thief, allows), { from: BERT, amount: 100 });
    expect(bank).toBe(bankAddress);
    const receipt = fixture.call(bank, "withdraw");
    return { bank: fixture.balance(bank), thief: fixture.balance(thief), status: text(receipt.returnData) };
  }

  test("is refused: a thief that calls back gets what it was paid and no more", () => {
    expect(rob(false)).toEqual({ bank: 90, thief: 10, status: "0" });
  });

  test("comes about only where a contract allows it", () => {
    const { bank, thief } = rob(true);
    expect(bank + thief).toBe(100);
    expect(thief).toBeGreaterThan(10);
  });
});

describe("a deployment by a contract", () => {
  const CHILD = contract(`(memory 1)
    (data (i32.const 0) "key")
    (func (export "init") (param i32)
      (if (i32.eqz (local.get 0)) (then unreachable))
      (i32.store (i32.const 8) (local.get 0))
      (call $storage_write (i32.const 0) (i32.const 3) (i32.const 8) (i32.const 4)))
    (func (export "value") (result i32)
      (drop (call $storage_read (i32.const 0) (i32.const 3) (i32.const 8) (i32.const 4)))
      (i32.load (i32.const 8)))`);

  function factoryOf(args: string, amount = 0, codeHash = sha256(CHILD)) {
    return contract(`(memory 1)
      (data (i32.const 0) "${escaped(codeHash)}") (data (i32.const 32) "${args}")
      (data (i32.const 64) "${u64(amount)}") (data (i32.const 72) "${u64(10_000_000)}")
      (func $make (result i32)
        (call $deploy_contract (i32.const 0) (i32.const 32) (i32.const ${args.length}) (i32.const 64) (i32.const 72) (i32.const 200)))
      (func (export "make") (result i32) (call $make))
      (func (export "where") (drop (call $make)) (call $return_data (i32.const 200) (i32.const 20)))`);
  }

  function open(args: string, amount = 0, codeHash?: Uint8Array) {
    const fixture = new ContractFixture();
    fixture.install(CHILD, { args: "[1]" });
    const factory = fixture.install(factoryOf(args, amount, codeHash), { amount: 30 });
    return { fixture, factory };
  }

  test("makes a contract of a module that is in the state, at an address of the deployer's count", () => {
    const { fixture, factory } = open("[77]", 10);
    const children = [0, 1].map((nonce) => contractAddress({ creator: factory, nonce }));
    const answers = [0, 1].map(() => `0x${fixture.call(factory, "where").returnData.toHex()}`);
    expect(answers).toEqual(children);
    for (const child of children) {
      expect(text(fixture.call(child, "value").returnData)).toBe("77");
      expect(fixture.balance(child)).toBe(10);
      expect(fixture.state.account(child).codeHash).toBe(bytesToHash(sha256(CHILD)));
    }
    expect(fixture.state.account(factory).nonce as number).toBe(2);
  });

  test("leaves nothing of a failing `init` but the count", () => {
    const { fixture, factory } = open("[0]", 10);
    expect(text(fixture.call(factory, "make").returnData)).toBe("3");
    const child = contractAddress({ creator: factory, nonce: 0 });
    expect(fixture.state.account(child).codeHash).toBeUndefined();
    expect([fixture.balance(child), fixture.balance(factory)]).toEqual([0, 30]);
    expect(fixture.state.account(factory).nonce as number).toBe(1);
    expect(fixture.call(factory, "where").returnData).toEqual(new Uint8Array(20));
  });

  test("is not begun without the module, the arguments or the money", () => {
    const asked = [open("[1]", 0, new Uint8Array(32)), open("[]"), open("[1]", 31)];
    expect(asked.map(({ fixture, factory }) => text(fixture.call(factory, "make").returnData))).toEqual([
      "4",
      "4",
      "4",
    ]);
  });
});

test("the code of an account is known by its hash", () => {
  const { fixture, callee } = open();
  const asker = (address: Address) =>
    fixture.install(
      contract(`(memory 1) (data (i32.const 0) "${addressBytes(address)}")
        (func (export "has") (result i32) (call $code_hash (i32.const 0) (i32.const 64)))
        (func (export "which") (drop (call $code_hash (i32.const 0) (i32.const 64))) (call $return_data (i32.const 64) (i32.const 32)))`),
    );
  expect(text(fixture.call(asker(callee), "has").returnData)).toBe("1");
  expect(fixture.call(asker(callee), "which").returnData).toEqual(sha256(CALLEE));
  expect(text(fixture.call(asker(BERT), "has").returnData)).toBe("0");
  expect(fixture.call(asker(BERT), "which").returnData).toEqual(new Uint8Array(32));
});
