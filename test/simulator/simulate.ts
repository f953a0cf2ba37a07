#!/usr/bin/env bun
// The simulator's command: one seed, or a range of them over several processes (docs/simulator.md). A failure prints its
// seed, the commit, the check and a short timeline, and the exit code is 1.

import { parseArgs } from "node:util";
import { useFastCrypto } from "../support/fastCrypto.ts";
import { runSeed, type SeedOptions } from "./runSeed.ts";
import type { SimulationResult } from "./simulation.ts";

const USAGE = `usage: bun run simulate [--seed N | --seeds A..B] [--nodes N] [--minutes M] [--jobs J]

  --seed N      run one seed (default 1)
  --seeds A..B  run all seeds from A to B
  --nodes N     nodes of the cluster, 1 to 9 (default 5)
  --minutes M   virtual minutes of load and faults, 0.5 or more (default 30 for a seed, 3 for a range)
  --jobs J      processes for a range (default 1)`;

/** Failures that are shown in full; a broken build fails every seed alike. */
const FAILURES_SHOWN_MAX = 3;
const PROGRESS_MS = 5_000;
const NODES_MAX = 9;
const MINUTES_MIN = 0.5;
const RANGE_MINUTES = 3;
const SEED_MINUTES = 30;

interface Command extends SeedOptions {
  readonly first: number;
  readonly last: number;
  readonly jobs: number;
  /** Set in the processes of a range: seeds this far apart, results as JSON lines. */
  readonly stride: number | undefined;
}

function usage(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function numberOf(name: string, text: string, range: { min: number; max: number }): number {
  const value = Number(text);
  if (!(value >= range.min && value <= range.max)) usage(`--${name} is ${text}; ${range.min} to ${range.max}`);
  return value;
}

function readCommand(): Command {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      nodes: { type: "string", default: "5" },
      minutes: { type: "string" },
      jobs: { type: "string", default: "1" },
      stride: { type: "string" },
    },
  });
  const seedRange = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const [from, to] = (values.seeds ?? values.seed ?? "1").split("..");
  const first = numberOf("seeds", from ?? "", seedRange);
  const minutes = values.minutes ?? String(values.seeds === undefined ? SEED_MINUTES : RANGE_MINUTES);
  return {
    first,
    last: to === undefined ? first : numberOf("seeds", to, { min: first, max: seedRange.max }),
    nodeCount: Math.trunc(numberOf("nodes", values.nodes, { min: 1, max: NODES_MAX })),
    minutes: numberOf("minutes", minutes, { min: MINUTES_MIN, max: 10_000 }),
    jobs: Math.trunc(numberOf("jobs", values.jobs, { min: 1, max: 256 })),
    stride: values.stride === undefined ? undefined : numberOf("stride", values.stride, { min: 1, max: 256 }),
  };
}

function commitName(): string {
  const run = (...command: string[]) =>
    Bun.spawnSync(["git", ...command])
      .stdout.toString()
      .trim();
  const isChanged = run("status", "--porcelain") !== "";
  return `${run("rev-parse", "HEAD") || "unknown"}${isChanged ? " with changes" : ""}`;
}

function printFailure(result: SimulationResult & { ok: false }, command: Command): void {
  console.log(`\nseed ${result.seed} failed: ${result.check}`);
  console.log(`commit ${commitName()}`);
  console.log(result.message);
  console.log(result.timeline.map((line) => `  ${line}`).join("\n"));
  const { nodeCount, minutes } = command;
  console.log(`replay: bun run simulate --seed ${result.seed} --nodes ${nodeCount} --minutes ${minutes}`);
}

/** Counts results, shows failures and how far it has come. */
class Tally {
  failed = 0;
  private done = 0;
  private blocks = 0;
  private transactions = 0;
  private readonly contracts = new Map<string, number>();
  private virtualMs = 0;
  private readonly startMs = performance.now();
  private shownMs = performance.now();
  private readonly command: Command;

  constructor(command: Command) {
    this.command = command;
  }

  add(result: SimulationResult): void {
    this.done++;
    this.blocks += result.figures.blocks;
    this.transactions += result.figures.transactions;
    for (const [reason, count] of Object.entries(result.figures.contracts)) {
      this.contracts.set(reason, (this.contracts.get(reason) ?? 0) + count);
    }
    this.virtualMs += result.figures.virtualMs;
    if (!result.ok) {
      this.failed++;
      if (this.failed <= FAILURES_SHOWN_MAX) printFailure(result, this.command);
    }
    if (performance.now() - this.shownMs > PROGRESS_MS) this.show();
  }

  show(): void {
    this.shownMs = performance.now();
    const seconds = (this.shownMs - this.startMs) / 1000;
    const hours = this.virtualMs / 3_600_000;
    console.log(
      `${this.done} of ${this.command.last - this.command.first + 1} seeds, ${this.failed} failed, ${this.blocks} blocks, ` +
        `${this.transactions} transactions, ${hours.toFixed(1)} virtual hours in ${seconds.toFixed(0)} s ` +
        `(${((seconds * 1000) / this.done).toFixed(0)} ms a seed)`,
    );
  }

  /** Deployments and calls of all blocks, of those that were left as well, by their reasons. */
  showContracts(): void {
    const counts = [...this.contracts].toSorted(([, left], [, right]) => right - left);
    console.log(`contracts: ${counts.map(([reason, count]) => `${count} ${reason}`).join(", ") || "none"}`);
  }
}

/** A process of a range: every `stride`th seed, a JSON line for each. */
function runStride(command: Command, stride: number): void {
  for (let seed = command.first; seed <= command.last; seed += stride) {
    console.log(JSON.stringify(runSeed(seed, command)));
  }
}

async function readResults(stream: ReadableStream<Uint8Array>, tally: Tally): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tally.add(JSON.parse(line) as SimulationResult);
  }
}

async function runJobs(command: Command, tally: Tally): Promise<void> {
  const { first, last, nodeCount, minutes } = command;
  const jobs = Math.min(command.jobs, last - first + 1);
  const exits = Array.from({ length: jobs }, async (_, job) => {
    const child = Bun.spawn(
      [process.execPath, import.meta.path, "--seeds", `${first + job}..${last}`, "--stride", String(jobs)].concat([
        "--nodes",
        String(nodeCount),
        "--minutes",
        String(minutes),
      ]),
      { stdout: "pipe", stderr: "inherit" },
    );
    await readResults(child.stdout, tally);
    return await child.exited;
  });
  for (const code of await Promise.all(exits)) {
    if (code !== 0) throw new Error(`a process of the simulator ended with ${code}`);
  }
}

async function main(): Promise<number> {
  const command = readCommand();
  useFastCrypto();
  if (command.stride !== undefined) {
    runStride(command, command.stride);
    return 0;
  }
  const tally = new Tally(command);
  if (command.jobs > 1) await runJobs(command, tally);
  else for (let seed = command.first; seed <= command.last; seed++) tally.add(runSeed(seed, command));
  tally.show();
  tally.showContracts();
  return tally.failed === 0 ? 0 : 1;
}

process.exit(await main());
