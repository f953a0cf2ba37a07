// The contract of the command line: what the composition root runs and supplies.

export { versionInfo } from "./commands/version.ts";
export type {
  CliDependencies,
  NodeUrls,
  RollbackOptions,
  RollbackReport,
  RunningNode,
  Signal,
  StartNodeOptions,
} from "./dependencies.ts";
export { EXIT_CODES, type ExitCode, StartError } from "./exitCodes.ts";
export { readText } from "./files.ts";
export { runCli } from "./runCli.ts";
export { createSignalWaiter } from "./signals.ts";
