// From starting the executable to its first answer, and what it takes of memory and processor when nobody asks it anything.
// Memory and processor time are read from /proc, so elsewhere than on Linux only the start is measured.

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "../test/support/binary.ts";
import { type Figure, progress, publish } from "./support/figures.ts";
import { canReadProcesses, processorMs, residentMb } from "./support/processor.ts";

const STARTS = 10;
const START_LIMIT_MS = 300;
const MEMORY_LIMIT_MB = 120;
const PROCESSOR_LIMIT = 0.05;
const SETTLE_MS = 5000;
const IDLE_MS = 10_000;
const START_TIMEOUT_MS = 20_000;
const binary = resolve(process.env.AUREON_BINARY ?? "dist/aureon");
const folder = mkdtempSync(join(tmpdir(), "aureon-bench-"));

interface Started {
  readonly child: Bun.Subprocess;
  readonly elapsedMs: number;
}

/** Starts a development chain and asks for its head until there is an answer. */
async function start(datadir: string): Promise<Started> {
  const port = freePort();
  const command = [binary, "dev", "--datadir", datadir, "--port", String(port)];
  const startedMs = performance.now();
  const child = Bun.spawn(command, { cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  for (;;) {
    const isThere = await fetch(`http://127.0.0.1:${port}/chain/head`).then(
      (answer) => answer.ok,
      () => false,
    );
    const elapsedMs = performance.now() - startedMs;
    if (isThere) return { child, elapsedMs };
    if (child.exitCode !== null || elapsedMs > START_TIMEOUT_MS) throw new RangeError(`${binary} dev gave no answer`);
    await Bun.sleep(1);
  }
}

async function stop({ child }: Started): Promise<void> {
  child.kill("SIGTERM");
  await child.exited;
}

async function bestStart(name: string, datadirOf: (round: number) => string): Promise<number> {
  const timesMs: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const started = await start(datadirOf(round));
    timesMs.push(started.elapsedMs);
    await stop(started);
  }
  progress(`${name}: ${timesMs.map((ms) => ms.toFixed(0)).join(" ")} ms`);
  return Math.min(...timesMs);
}

async function measureIdle(datadir: string): Promise<Figure[]> {
  if (!canReadProcesses) return [];
  const started = await start(datadir);
  const { pid } = started.child;
  try {
    await Bun.sleep(SETTLE_MS);
    const before = { ms: performance.now(), processorMs: processorMs(pid) };
    await Bun.sleep(IDLE_MS);
    const share = (processorMs(pid) - before.processorMs) / (performance.now() - before.ms);
    const memoryMb = residentMb(pid);
    return [
      {
        what: "memory, idle",
        measured: `${memoryMb.toFixed(0)} MB`,
        beside: `limit ${MEMORY_LIMIT_MB} MB`,
        ratio: memoryMb / MEMORY_LIMIT_MB,
        aim: { atMost: 1 },
      },
      {
        what: "share of a core, idle",
        measured: `${(share * 100).toFixed(1)} %`,
        beside: `limit ${PROCESSOR_LIMIT * 100} %`,
        ratio: share / PROCESSOR_LIMIT,
        aim: { atMost: 1 },
      },
    ];
  } finally {
    await stop(started);
  }
}

function startFigure(what: string, ms: number): Figure {
  return {
    what,
    measured: `${ms.toFixed(0)} ms`,
    beside: `limit ${START_LIMIT_MS} ms`,
    ratio: ms / START_LIMIT_MS,
    aim: { atMost: 1 },
  };
}

try {
  const freshMs = await bestStart("a new chain", (round) => join(folder, `new-${round}`));
  const againMs = await bestStart("a chain that is there", () => join(folder, "new-0"));
  publish({
    title: "Start and idle",
    figures: [
      startFigure("first answer, new chain", freshMs),
      startFigure("first answer, chain that is there", againMs),
      ...(await measureIdle(join(folder, "new-0"))),
    ],
    notes: [
      `\`aureon dev\` on ${availableParallelism()} cores; the best of ${STARTS} starts, until GET /chain/head answers.`,
      `Idle: over ${IDLE_MS / 1000} s, ${SETTLE_MS / 1000} s after the start; the resident memory counts the executable's own pages too.`,
    ],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
