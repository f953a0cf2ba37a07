// The composition root: joins the command line to the process, and to the node where a command needs one.

import "./io/engine/index.ts";
import { type CliDependencies, createSignalWaiter, runCli } from "./app/cli/index.ts";
import { systemClock } from "./io/clock/index.ts";
import { writeFully } from "./io/logging/index.ts";

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

const dependencies: CliDependencies = {
  stdout: (text) => writeFully(STANDARD_OUTPUT, text),
  stderr: (text) => writeFully(STANDARD_ERROR, text),
  // Asked for late: what it takes to know would be most of what a health probe costs.
  get isTerminal() {
    return process.getBuiltinModule("node:tty").isatty(STANDARD_ERROR);
  },
  cwd: process.cwd(),
  nowMs: () => systemClock.nowMs(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  startNode: async (options) => (await import("./composition/index.ts")).startNode(options),
  rollBack: async (options) => (await import("./composition/index.ts")).rollBack(options),
  waitForSignal: createSignalWaiter(process),
};

process.exit(await runCli(process.argv.slice(2), process.env, dependencies));
