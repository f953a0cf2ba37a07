// The trial of a thread's stack at the start of a node.

import { expect, test } from "bun:test";
import { checkStack, VirtualMachine } from "../../../../../src/core/vm/index.ts";
import { wasmRuntime } from "../../../../../src/io/wasm/index.ts";
import { createTestMachine } from "../../../../support/machine.ts";

test("this thread's stack holds what contracts may take of it", () => {
  expect(checkStack(createTestMachine())).toBeUndefined();
});

test("an engine that gives up before the rules do is reported", () => {
  // As if the deepest frames had no room.
  const runtime = { ...wasmRuntime, errorKind: () => "stackExhausted" as const };
  expect(checkStack(new VirtualMachine({ runtime }))).toContain("Unreachable");
});
