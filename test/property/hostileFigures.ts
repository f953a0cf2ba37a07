// What hostile modules cost, as a table: the steps of property/hostileModules.test.ts that take longest or most. Run by
// `make hostile-figures`; words choose stories by their names.

import { useFastCrypto } from "../support/fastCrypto.ts";
import { HOSTILE_STORIES, HOT_STORIES } from "../support/hostileCalls.ts";
import { runStory } from "../support/hostileRuns.ts";

const SHOWN_MS = 20;
const SHOWN_MB = 20;

useFastCrypto();
const words = process.argv.slice(2);
const stories = [...HOSTILE_STORIES, ...HOT_STORIES].filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
console.log("processor ms | wall ms |  MB | million gas | step");
for (const story of stories) {
  const { steps } = await runStory(story);
  for (const { name, cpuMs, wallMs, memoryMb, gasMs } of steps) {
    if (words.length === 0 && cpuMs < SHOWN_MS && memoryMb < SHOWN_MB) continue;
    const figures = [cpuMs.toFixed(0).padStart(12), wallMs.toFixed(0).padStart(7), memoryMb.toFixed(0).padStart(3)];
    console.log(`${figures.join(" | ")} | ${gasMs.toFixed(1).padStart(11)} | ${story.name}: ${name}`);
  }
}
