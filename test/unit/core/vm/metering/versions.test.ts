// The version of metering by height.

import { expect, test } from "bun:test";
import type { Height } from "../../../../../src/core/primitives/index.ts";
import { METERING_VERSION, meteringAt } from "../../../../../src/core/vm/metering/versions.ts";

test("there is one version, from the first block on", () => {
  for (const height of [0, 1, 2 ** 53 - 1]) {
    expect(meteringAt(height as Height)).toMatchObject({ version: 1, heightMin: 0 });
  }
  expect(METERING_VERSION).toBe(1);
});
