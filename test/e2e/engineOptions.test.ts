// The compiled node runs with the engine's options that contracts need, under the process id that it was started with.

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { startBinary } from "../support/binary.ts";

test.if(existsSync("/proc/self/environ"))(
  "the process that was started has the options in its environment",
  async () => {
    const node = await startBinary({ env: { AUREON_TEST_MARK: "kept" } });
    try {
      const environment = readFileSync(`/proc/${node.pid}/environ`, "utf8").split("\0");
      expect(environment).toContain("BUN_JSC_useWasmFastMemory=0");
      expect(environment).toContain("AUREON_TEST_MARK=kept");
    } finally {
      await node.stop();
    }
  },
);
