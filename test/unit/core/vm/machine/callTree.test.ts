// Nested calls: how deep, with how much memory and stack, and what they share.

import { describe, expect, test } from "bun:test";
import { contractAddress } from "../../../../../src/core/protocol/index.ts";
import { ANNE, BERT, ContractFixture, nestedCall, text } from "../../../../support/contractFixture.ts";
import { assemble, contract } from "../../../../support/wat.ts";

const CALL_AGAIN =
  "(call $call_contract (i32.const 4096) (i32.const 4128) (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 5000) (i32.const 5008))";
const SELF = "(call $self_address (i32.const 4096))";

/** Calls itself until it can't any more, and announces its depth and the refused call's status. */
function diver() {
  return contract(`(memory 1) ${nestedCall({ name: "dive" }).data}
    (data (i32.const 0) "depth")
    (func (export "dive") (local $status i32)
      (drop (call $storage_read (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4)))
      (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
      (call $storage_write (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4))
      ${SELF}
      (local.set $status ${CALL_AGAIN})
      (if (local.get $status) (then
        (i32.store (i32.const 12) (local.get $status))
        (call $event (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 8)))))
    (func (export "allow_reentry"))`);
}

function words(data: Uint8Array): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}

describe("calls are nested", () => {
  test("64 deep, and the 65th is refused", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(diver());
    const { reason, events } = fixture.call(address, "dive");
    expect(reason).toBe("none");
    expect(events.map(({ data }) => words(data))).toEqual([[64, 4]]);
  });

  test("with the stack in common: what is left at depth 64 does not hold what one call alone may take", () => {
    const fixture = new ContractFixture();
    const again = nestedCall({ name: "dive" });
    // Recurses so deep: at once, or where it can't call itself any more; a log says that this has failed.
    const codeOf = (depth: number) =>
      contract(`(memory 1) ${again.data}
        (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "alone") (param i32) (call $deep (local.get 0)))
        (func (export "dive") (local $status i32)
          ${SELF}
          (local.set $status ${CALL_AGAIN})
          (if (i32.eq (local.get $status) (i32.const 4)) (then (call $deep (i32.const ${depth}))))
          (if (i32.eq (local.get $status) (i32.const 3)) (then (call $log (i32.const 0) (i32.const 0)))))
        (func (export "allow_reentry"))`);
    const alone = fixture.install(codeOf(0));
    const reasonAlone = (depth: number) => fixture.call(alone, "alone", `[${depth}]`).reason;
    let [fits, tooDeep] = [0, 65_536];
    while (tooDeep - fits > 1) {
      const middle = (fits + tooDeep) >> 1;
      if (reasonAlone(middle) === "none") fits = middle;
      else tooDeep = middle;
    }
    expect(reasonAlone(tooDeep)).toBe("stackExhausted");
    expect(fits).toBeGreaterThan(1000);
    const logsOf = (depth: number) => {
      const receipt = fixture.call(fixture.install(codeOf(depth)), "dive");
      return receipt.reason === "none" ? receipt.logs.length : receipt.reason;
    };
    expect([logsOf(fits), logsOf(fits >> 1)]).toEqual([1, 0]);
  });
});

describe("memory", () => {
  /** Grows by as many pages as its argument, and dives on; announces each memory's size, the deepest first. */
  function grower(pages: number) {
    const again = nestedCall({ name: "dive" });
    return contract(`(memory 1) ${again.data}
      (func (export "dive") (local $grown i32) (local $status i32)
        (local.set $grown (memory.grow (i32.const ${pages})))
        ${SELF}
        (local.set $status ${CALL_AGAIN})
        (i32.store (i32.const 0) (memory.size))
        (i32.store (i32.const 4) (local.get $grown))
        (i32.store (i32.const 8) (local.get $status))
        (call $event (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 12)))
      (func (export "allow_reentry"))`);
  }

  function dive(pages: number) {
    const fixture = new ContractFixture();
    const address = fixture.install(grower(pages));
    const { reason, events } = fixture.call(address, "dive", "", { gas: 600_000_000 });
    expect(reason).toBe("none");
    return events.map(({ data }) => words(data));
  }

  const FAILED = 2 ** 32 - 1;

  test("64 calls have 512 pages together, to the last one", () => {
    const sizes = dive(7);
    expect(sizes).toHaveLength(64);
    expect(sizes.every(([size, grown]) => size === 8 && grown === 1)).toBe(true);
  });

  test("one that would pass them does not grow, and one that can't have its least is not begun", () => {
    const sizes = dive(8);
    // 56 calls of 9 pages are 504; the next grows no more, nor do those after it, and all 512 are in use then.
    expect(sizes.filter(([size]) => size === 9)).toHaveLength(56);
    expect(sizes.filter(([size, grown]) => size === 1 && grown === FAILED)).toHaveLength(8);
    const large = dive(255);
    expect(large.map(([size]) => size)).toEqual([256, 256]);
    expect(large[0]?.[2]).toBe(4);
  });

  test("is of the size that a module declares, and zero, whatever ran before it", () => {
    const fixture = new ContractFixture();
    const sizeOf = (pages: number) =>
      fixture.install(
        contract(`(memory ${pages})
        (func (export "size") (result i32) (i32.add (memory.size) (i32.load (i32.const 100))))
        (func (export "spoil") (i32.store (i32.const 100) (i32.const 7)))
        (func (export "grow") (result i32) (drop (memory.grow (i32.const 3))) (memory.size))`),
      );
    const [one, two] = [sizeOf(1), sizeOf(2)];
    const run = (address: typeof one, name: string) => text(fixture.call(address, name).returnData);
    for (let round = 0; round < 3; round++) {
      expect([run(one, "size"), run(two, "size")]).toEqual(["1", "2"]);
      expect([run(one, "grow"), run(two, "grow")]).toEqual(["4", "5"]);
      run(one, "spoil");
      run(two, "spoil");
    }
  });

  test("of a module without one has no pages", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(
      contract('(func (export "read") (call $caller (i32.const 0))) (func (export "none"))'),
    );
    expect(fixture.call(address, "none").reason).toBe("none");
    expect(fixture.call(address, "read").reason).toBe("hostRange");
  });
});

describe("a contract that is called", () => {
  test("runs its start function and `_start` before the function, all of it metered", () => {
    const fixture = new ContractFixture();
    const code = contract(`(memory 1) (global $at (mut i32) (i32.const 1))
      (func $first (global.set $at (i32.mul (global.get $at) (i32.const 10))))
      (func (export "_start") (global.set $at (i32.add (global.get $at) (i32.const 5))))
      (func (export "at") (result i32) (global.get $at))
      (start $first)`);
    const address = fixture.install(code);
    expect(text(fixture.call(address, "at").returnData)).toBe("15");
    const endless = fixture.deploy(contract("(func $first (loop $again (br $again))) (start $first)"), {
      gas: 1_000_000,
    });
    expect(endless.receipt.reason).toBe("outOfGas");
  });

  test("keeps nothing but its storage from one call to the next", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(
      contract(`(memory 1) (global $count (mut i32) (i32.const 0))
        (func (export "count") (result i32)
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
          (i32.add (global.get $count) (i32.load (i32.const 0))))`),
    );
    expect([0, 1].map(() => text(fixture.call(address, "count").returnData))).toEqual(["2", "2"]);
  });

  test("is found by names that objects have by themselves, and by no name that it has not", () => {
    const fixture = new ContractFixture();
    const code = assemble(`(module
      (func (export "constructor") (result i32) (i32.const 1))
      (func (export "toString") (result i32) (i32.const 2))
      (func (export "\\ef\\bb\\bfname") (result i32) (i32.const 3))
      (func (export "name") (result i32) (i32.const 4)))`);
    const address = fixture.install(code);
    const run = (name: string) => {
      const { reason, returnData } = fixture.call(address, name);
      return reason === "none" ? text(returnData) : reason;
    };
    expect(["constructor", "toString", "\ufeffname", "name"].map(run)).toEqual(["1", "2", "3", "4"]);
    expect(["__proto__", "hasOwnProperty", "f0", "__set_gas", "Name"].map(run)).toEqual(
      Array.from({ length: 5 }, () => "noFunction"),
    );
  });

  test("can't be called by the names that have a meaning of their own", () => {
    const fixture = new ContractFixture();
    const address = fixture.install(
      contract('(func (export "init")) (func (export "_start")) (func (export "allow_reentry")) (func (export "go"))'),
    );
    const run = (name: string) => fixture.call(address, name).reason;
    expect(["init", "_start", "allow_reentry", "go"].map(run)).toEqual([
      "noFunction",
      "noFunction",
      "noFunction",
      "none",
    ]);
  });

  test("whose segments do not fit traps, and can't be deployed", () => {
    const fixture = new ContractFixture();
    const { receipt } = fixture.deploy(assemble('(module (memory 1) (data (i32.const 65536) "x"))'));
    expect(receipt.reason).toBe("trap");
    const table = fixture.deploy(assemble("(module (table 1 funcref) (elem (i32.const 1) 0) (func))"));
    expect(table.receipt.reason).toBe("trap");
  });
});

test("a payment that came before the contract stays with it", () => {
  const fixture = new ContractFixture();
  const address = contractAddress({ creator: ANNE, nonce: fixture.state.account(ANNE).nonce });
  fixture.fund(address, 25);
  const deployed = fixture.install(contract('(func (export "init"))'), { amount: 5 });
  expect(deployed).toBe(address);
  expect(fixture.balance(address)).toBe(30);
});

test("an address that has code already is not taken again", () => {
  const fixture = new ContractFixture();
  const address = fixture.install(contract('(func (export "go"))'));
  fixture.state.setAccount(ANNE, { ...fixture.state.account(ANNE), nonce: 0 as never });
  const { receipt } = fixture.deploy(contract('(func (export "other"))'));
  expect(receipt.reason).toBe("addressTaken");
  expect(fixture.call(address, "go", "", { from: BERT }).reason).toBe("none");
});
