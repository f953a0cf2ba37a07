// Deploys: bounds of code and arguments.

import { expect, test } from "bun:test";
import { deployKind } from "../../../../../src/core/protocol/transactions/deploy.ts";
import { ORDINARY_TRANSACTIONS } from "../../../../vectors/samples.ts";

const { deploy } = ORDINARY_TRANSACTIONS;

test("code has 1 to 250000 bytes", () => {
  for (const size of [1, 250_000]) expect(deployKind.check({ ...deploy, code: new Uint8Array(size) })).toBeUndefined();
  for (const sizeBytes of [0, 250_001]) {
    expect(deployKind.check({ ...deploy, code: new Uint8Array(sizeBytes) })).toMatchObject({
      code: "invalid_transaction",
      details: { sizeBytes, sizeBytesMax: 250_000 },
    });
  }
});

test("arguments have at most 65536 bytes of UTF-8, and may be empty", () => {
  for (const args of ["", "a".repeat(65_536), "é".repeat(32_768)]) {
    expect(deployKind.check({ ...deploy, args })).toBeUndefined();
  }
  for (const args of ["a".repeat(65_537), "é".repeat(32_769), "\ud800"]) {
    expect(deployKind.check({ ...deploy, args })?.code).toBe("invalid_transaction");
  }
});

test("every byte of code and arguments costs", () => {
  const gas = deployKind.intrinsicGas({ ...deploy, code: new Uint8Array(1_000), args: "é" });
  expect(gas as number).toBe(100_000 + 40 * 1_002 + 200 * 1_000);
});

test("a deploy takes its amount", () => {
  expect(deployKind.outgoing(deploy)).toBe(deploy.amount);
});
