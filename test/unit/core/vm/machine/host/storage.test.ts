// What contracts keep under keys of their own.

import { expect, test } from "bun:test";
import { ContractFixture, HOST_EXPORTS, text } from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

/** "key" at 0, "value" at 16, zeros from 100 on. `copy` reads at most so many bytes to 50, of which 8 are returned. */
const STORE = contract(`(memory 1) ${HOST_EXPORTS}
  (data (i32.const 0) "key") (data (i32.const 16) "value")
  (func (export "copy") (param i32)
    (drop (call $storage_read (i32.const 0) (i32.const 3) (i32.const 50) (local.get 0)))
    (call $return_data (i32.const 50) (i32.const 8)))`);

function open() {
  const fixture = new ContractFixture();
  const store = fixture.install(STORE);
  const call = (name: string, args: string) => {
    const { reason, returnData } = fixture.call(store, name, args);
    return reason === "none" ? text(returnData) : reason;
  };
  return { fixture, store, call };
}

test("a value is read as it was written, as far as there is room for it", () => {
  const { call } = open();
  expect(call("storage_read", "[0,3,50,8]")).toBe("-1");
  expect(call("storage_write", "[0,3,16,5]")).toBe("");
  expect(call("storage_read", "[0,3,50,8]")).toBe("5");
  expect(call("storage_read", "[0,3,50,0]")).toBe("5");
  expect(call("copy", "[8]")).toBe("value\0\0\0");
  expect(call("copy", "[3]")).toBe("val\0\0\0\0\0");
  expect(call("storage_read", "[0,2,50,8]")).toBe("-1");
});

test("a write replaces, and one of nothing removes", () => {
  const { call } = open();
  call("storage_write", "[0,3,16,5]");
  call("storage_write", "[0,3,16,2]");
  expect(call("storage_read", "[0,3,50,8]")).toBe("2");
  call("storage_write", "[0,3,16,0]");
  expect(call("storage_read", "[0,3,50,8]")).toBe("-1");
});

test("a removal says whether there was something", () => {
  const { call } = open();
  expect(call("storage_remove", "[0,3]")).toBe("0");
  call("storage_write", "[0,3,16,5]");
  expect(call("storage_remove", "[0,3]")).toBe("1");
  expect(call("storage_remove", "[0,3]")).toBe("0");
});

test("keys have 0 to 128 bytes, values at most 16 KiB", () => {
  const { call } = open();
  expect(call("storage_write", "[0,0,16,5]")).toBe("");
  expect(call("storage_read", "[0,0,50,8]")).toBe("5");
  expect(call("storage_write", "[0,128,100,16384]")).toBe("");
  expect(call("storage_read", "[0,128,50,8]")).toBe("16384");
  expect(call("storage_write", "[0,129,16,5]")).toBe("limitExceeded");
  expect(call("storage_write", "[0,3,100,16385]")).toBe("limitExceeded");
  expect(call("storage_read", "[0,129,50,8]")).toBe("limitExceeded");
  expect(call("storage_remove", "[0,129]")).toBe("limitExceeded");
});

test("each contract has keys of its own", () => {
  const { fixture, call } = open();
  call("storage_write", "[0,3,16,5]");
  const other = fixture.install(STORE);
  expect(text(fixture.call(other, "storage_read", "[0,3,50,8]").returnData)).toBe("-1");
});
