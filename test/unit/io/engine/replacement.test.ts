// Which processes are replaced, and by what.

import { expect, test } from "bun:test";
import { replacementOf } from "../../../../src/io/engine/replacement.ts";

const compiled = (...given: string[]) => ["bun", "/$bunfs/root/aureon", ...given];

test("a compiled node is replaced by itself, with the engine's options beside its environment", () => {
  const env = { HOME: "/srv/x", EMPTY: "", GONE: undefined };
  expect(replacementOf({ argv0: "./aureon", argv: compiled("start", "--port", "1"), env })).toEqual({
    argv: ["./aureon", "start", "--port", "1"],
    environment: ["BUN_JSC_useWasmFastMemory=0", "HOME=/srv/x", "EMPTY="],
  });
});

test("once is enough, and what the user has set stays", () => {
  for (const value of ["0", "1"]) {
    const env = { BUN_JSC_useWasmFastMemory: value };
    expect(replacementOf({ argv0: "aureon", argv: compiled("dev"), env })).toBeUndefined();
  }
});

test("other commands and runs from source stay as they are", () => {
  const env = {};
  expect(replacementOf({ argv0: "aureon", argv: compiled("head"), env })).toBeUndefined();
  expect(replacementOf({ argv0: "aureon", argv: compiled(), env })).toBeUndefined();
  expect(replacementOf({ argv0: "bun", argv: ["/usr/bin/bun", "/x/src/main.ts", "dev"], env })).toBeUndefined();
});
