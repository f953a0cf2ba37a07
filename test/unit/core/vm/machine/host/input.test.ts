// What a contract was asked, and what it answers.

import { expect, test } from "bun:test";
import { ContractFixture, HOST_EXPORTS, text } from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

const fixture = new ContractFixture();
const probe = fixture.install(
  contract(`(memory 2) ${HOST_EXPORTS}
    (data (i32.const 0) "answer")
    (func (export "echo")
      (call $input_read (i32.const 10) (i32.const 0) (call $input_size))
      (call $return_data (i32.const 10) (call $input_size)))
    (func (export "middle")
      (call $input_read (i32.const 10) (i32.const 2) (i32.const 3))
      (call $return_data (i32.const 10) (i32.const 3)))
    (func (export "twice") (result i32)
      (call $return_data (i32.const 0) (i32.const 6))
      (call $return_data (i32.const 0) (i32.const 3))
      (i32.const 7))
    (func (export "number") (result i32) (i32.const -7))
    (func (export "long") (result i64) (i64.const -9007199254740993))
    (func (export "refuse") (result i32)
      (call $return_data (i32.const 0) (i32.const 6))
      (call $revert (i32.const 0) (i32.const 3))
      (i32.const 7))`),
);

test("a function without parameters reads its arguments as they are, whatever they are", () => {
  for (const args of ["", "{}", "not JSON", '{"name":"Zoë"}']) {
    const { reason, returnData } = fixture.call(probe, "echo", args);
    expect([reason, text(returnData)]).toEqual(["none", args]);
  }
  expect(text(fixture.call(probe, "middle", "0123456").returnData)).toBe("234");
});

test("what lies past the arguments can't be read", () => {
  const read = (args: string) => fixture.call(probe, "input_read", args).reason;
  // The arguments have 8 bytes.
  expect(read("[0,0, 8]")).toBe("none");
  expect(read("[0,1, 8]")).toBe("hostRange");
  expect(read("[0,8, 0]")).toBe("none");
  expect(read("[0,9, 0]")).toBe("hostRange");
  expect(read("[0,-1,0]")).toBe("hostRange");
  expect(read("[0,8,-1]")).toBe("hostRange");
});

test("the last answer counts, and comes before a number", () => {
  expect(text(fixture.call(probe, "twice").returnData)).toBe("ans");
  expect(text(fixture.call(probe, "number").returnData)).toBe("-7");
  expect(text(fixture.call(probe, "long").returnData)).toBe('"-9007199254740993"');
});

test("a revert returns its own bytes, and nothing else", () => {
  const receipt = fixture.call(probe, "refuse");
  expect(receipt).toMatchObject({ outcome: "revert", reason: "revert" });
  expect(text(receipt.returnData)).toBe("ans");
});

test("an answer has 64 KiB and no more", () => {
  const lengths = [65_536, 65_537];
  expect(lengths.map((length) => fixture.call(probe, "return_data", `[0,${length}]`).reason)).toEqual([
    "none",
    "limitExceeded",
  ]);
  expect(fixture.call(probe, "return_data", "[0,65536]").returnData).toHaveLength(65_536);
  expect(lengths.map((length) => fixture.call(probe, "revert", `[0,${length}]`).reason)).toEqual([
    "revert",
    "limitExceeded",
  ]);
  expect(fixture.call(probe, "return_data", "[0,65537]").returnData).toHaveLength(0);
});

test("before any call to another contract nothing has been returned", () => {
  expect(text(fixture.call(probe, "returned_size").returnData)).toBe("0");
});
