#!/usr/bin/env bun
// Proves that the simulator finds bugs: each of a list is planted in turn, and seeds run until one fails. A bug that no
// seed of the first 200 finds is a hole in the simulator, and the exit code is 1.

import { useFastCrypto } from "../support/fastCrypto.ts";
import { BUGS, type PlantedBug } from "./bugs.ts";
import { runSeed, type SeedOptions } from "./runSeed.ts";

const SEEDS_MAX = 200;
const OPTIONS: SeedOptions = { nodeCount: 4, minutes: 3 };

interface Finding {
  readonly seeds: number;
  readonly check: string;
  readonly message: string;
}

/** How many seeds it took, and what found it; undefined when none did. */
export function hunt(bug: PlantedBug, options: SeedOptions & { readonly seedsMax: number }): Finding | undefined {
  const uproot = bug.plant();
  try {
    for (let seed = 1; seed <= options.seedsMax; seed++) {
      const result = runSeed(seed, options);
      if (!result.ok) return { seeds: seed, check: result.check, message: result.message.split("\n")[0] ?? "" };
    }
    return undefined;
  } finally {
    uproot();
  }
}

function main(): number {
  useFastCrypto();
  const only = process.argv.slice(2);
  let missed = 0;
  for (const bug of BUGS.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)))) {
    const startMs = performance.now();
    const finding = hunt(bug, { ...OPTIONS, seedsMax: SEEDS_MAX });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    if (finding === undefined) missed++;
    const found = finding === undefined ? `NOT found in ${SEEDS_MAX} seeds` : `found by seed ${finding.seeds}`;
    console.log(`${bug.name}: ${found}, ${seconds} s`);
    if (finding !== undefined) console.log(`    ${finding.check}: ${finding.message.slice(0, 160)}`);
  }
  return missed === 0 ? 0 : 1;
}

if (import.meta.main) process.exit(main());
