// Deploys and calls as transactions.

import { expect, test } from "bun:test";
import { ContractFixture, text } from "../../../support/contractFixture.ts";
import { contract } from "../../../support/wat.ts";

test("a counter", () => {
  const fixture = new ContractFixture();
  const counter = fixture.install(
    contract(`(memory 1)
      (data (i32.const 0) "count")
      (func (export "add") (param i32) (result i32)
        (drop (call $storage_read (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4)))
        (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (local.get 0)))
        (call $storage_write (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4))
        (i32.load (i32.const 8)))`),
  );
  expect(text(fixture.call(counter, "add", "[3]").returnData)).toBe("3");
  const again = fixture.call(counter, "add", "[ 40 ]");
  console.log(again);
  expect(text(again.returnData)).toBe("43");
});
