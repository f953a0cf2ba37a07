// Levels by module: what is read and printed, and the list of modules held to the code.

import { expect, test } from "bun:test";
import { LOG_MODULES, logLevels } from "../../../../src/app/config/logLevels.ts";
import { readSources } from "../../../architecture/sources.ts";

test("the list has just the modules that the code logs under", () => {
  const named = [...readSources("src").values()].flatMap((text) =>
    [...text.matchAll(/\.module\("([^"]+)"\)/g)].map((match) => match[1] ?? ""),
  );
  expect([...new Set(named)].toSorted()).toEqual([...LOG_MODULES]);
});

test.each([
  ["debug", "debug"],
  ["mempool=debug", "info,mempool=debug"],
  ["warn, chain=info , miner=error", "warn,chain=info,miner=error"],
  ["api=debug,warn", "warn,api=debug"],
])("%j is %j", (text, printed) => {
  const read = logLevels.read(text);
  expect(read.ok && logLevels.toToml(read.value)).toBe(JSON.stringify(printed));
});

test.each([
  [
    "info,mempol=debug",
    'names "mempol"; the modules are api, chain, crypto, mempool, miner, network, replica, sync; did you mean "mempool"?',
  ],
  [
    "chain.import=debug",
    'names "chain.import"; the modules are api, chain, crypto, mempool, miner, network, replica, sync',
  ],
  [
    "info,toString=debug",
    'names "toString"; the modules are api, chain, crypto, mempool, miner, network, replica, sync',
  ],
  ["info,chain=loud", 'is "info,chain=loud"; expected "debug", "info"'],
  ["chain=info,chain=warn", 'is "chain=info,chain=warn"; expected "debug", "info"'],
  ["info,warn", 'is "info,warn"; expected "debug", "info"'],
  ["", 'is ""; expected "debug", "info"'],
  [true, 'is true; expected "debug", "info"'],
])("%j is refused", (raw, reason) => {
  const read = logLevels.read(raw);
  expect(read.ok ? [] : read.faults.map((found) => found.reason)).toEqual([expect.stringContaining(reason)]);
});
