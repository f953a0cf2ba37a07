// Runs the command line in process, in a folder of its own, with a node that only pretends to serve.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  CliDependencies,
  RollbackOptions,
  RollbackReport,
  RunningNode,
  Signal,
  StartNodeOptions,
} from "../../../../src/app/cli/dependencies.ts";
import { EXIT_CODES, StartError } from "../../../../src/app/cli/exitCodes.ts";
import { runCli } from "../../../../src/app/cli/runCli.ts";
import type { Environment } from "../../../../src/app/config/index.ts";

export const NOW_MS = 1_800_000_000_000;

export interface Harness {
  readonly folder: string;
  /** What was written, in order. */
  readonly output: { stdout: string; stderr: string };
  /** The options of each start. */
  readonly started: StartNodeOptions[];
  readonly stops: { count: number };
  /** Lets a signal arrive. */
  readonly signal: (signal: Signal) => void;
  /** Lets the running node die. */
  readonly fail: (error: StartError) => void;
  /** Replaced by a test to have starting or stopping go wrong. */
  readonly node: {
    start: (options: StartNodeOptions) => Promise<RunningNode>;
    stop: () => Promise<void>;
    rollBack: (options: RollbackOptions) => Promise<RollbackReport>;
  };
  readonly dependencies: CliDependencies;
  readonly run: (argv: readonly string[], environment?: Environment) => Promise<number>;
  readonly remove: () => void;
}

export function createHarness(options: { isTerminal?: boolean } = {}): Harness {
  const folder = mkdtempSync(join(tmpdir(), "aureon-cli-"));
  const output = { stdout: "", stderr: "" };
  const started: StartNodeOptions[] = [];
  const stops = { count: 0 };
  const queue: Signal[] = [];
  const waiting: ((signal: Signal) => void)[] = [];
  const failure = Promise.withResolvers<StartError>();
  let filler = 0;

  const node: Harness["node"] = {
    start: ({ config }) => {
      const api = `http://${config.api.host}:${config.api.port}`;
      const websocket = `ws://${config.api.host}:${config.api.websocketPort}/ws`;
      const urls = { api, swagger: `${api}/swagger`, websocket };
      return Promise.resolve({ urls, stop: () => node.stop(), failed: failure.promise });
    },
    stop: () => {
      stops.count++;
      return Promise.resolve();
    },
    rollBack: ({ height }) => Promise.resolve({ heightBefore: 8, height, hash: `0x${"ab".repeat(32)}` }),
  };
  const dependencies: CliDependencies = {
    stdout: (text) => {
      output.stdout += text;
    },
    stderr: (text) => {
      output.stderr += text;
    },
    isTerminal: options.isTerminal ?? true,
    cwd: folder,
    nowMs: () => NOW_MS,
    randomBytes: (count) => new Uint8Array(count).fill(++filler),
    startNode: (startOptions) => {
      started.push(startOptions);
      return node.start(startOptions);
    },
    rollBack: (rollbackOptions) => node.rollBack(rollbackOptions),
    waitForSignal: () => {
      const { promise, resolve } = Promise.withResolvers<Signal>();
      const queued = queue.shift();
      if (queued === undefined) waiting.push(resolve);
      else resolve(queued);
      return promise;
    },
  };
  return {
    folder,
    output,
    started,
    stops,
    node,
    dependencies,
    signal: (signal) => {
      const next = waiting.shift();
      if (next === undefined) queue.push(signal);
      else next(signal);
    },
    fail: (error) => failure.resolve(error),
    run: (argv, environment = {}) => {
      // What an earlier run still waits for would swallow this run's signals; a process has one run only.
      waiting.length = 0;
      return runCli(argv, environment, dependencies);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export const LOCKED = new StartError(EXIT_CODES.datadirLocked, "the data folder is in use by process 42");
