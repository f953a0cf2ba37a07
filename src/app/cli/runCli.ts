// The command line: reads the arguments and runs the command. Every mistake of the user ends in words and an exit code.

import { resolve } from "node:path";
import type { Environment } from "../config/index.ts";
import type { CommandName } from "./commandTable.ts";
import { type Command, failAtRuntime, refuseUsage } from "./context.ts";
import type { CliDependencies } from "./dependencies.ts";
import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import { isFile } from "./files.ts";
import { parseCommandLine } from "./parse.ts";
import { describeError } from "./runNode.ts";

/** Each loads with what it needs only when it is run: a health probe that loaded the node would cost ten times as much. */
const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  dev: async () => (await import("./commands/dev.ts")).dev,
  start: async () => (await import("./commands/start.ts")).start,
  init: async () => (await import("./commands/init.ts")).init,
  rollback: async () => (await import("./commands/rollback.ts")).rollback,
  healthcheck: async () => (await import("./commands/healthcheck.ts")).healthcheck,
  config: async () => (await import("./commands/config.ts")).config,
  head: async () => (await import("./commands/head.ts")).head,
  account: async () => (await import("./commands/account.ts")).account,
  peers: async () => (await import("./commands/peers.ts")).peers,
  deploy: async () => (await import("./commands/deploy.ts")).deploy,
  call: async () => (await import("./commands/call.ts")).call,
  view: async () => (await import("./commands/view.ts")).view,
  send: async () => (await import("./commands/send.ts")).send,
  version: async () => (await import("./commands/version.ts")).version,
  help: async () => (await import("./commands/help.ts")).help,
};

/**
 * Runs one command to its end; a node runs until it is stopped.
 * @param argv the arguments after the program's name
 * @returns the exit code of the process
 */
export async function runCli(
  argv: readonly string[],
  environment: Environment,
  dependencies: CliDependencies,
): Promise<ExitCode> {
  const parsed = parseCommandLine(argv);
  switch (parsed.kind) {
    case "welcome":
      dependencies.stdout((await import("./help.ts")).welcomeText());
      return EXIT_CODES.ok;
    case "help": {
      const { commandText, overviewText } = await import("./help.ts");
      dependencies.stdout(parsed.command === undefined ? overviewText() : commandText(parsed.command));
      return EXIT_CODES.ok;
    }
    case "mistake":
      return refuseUsage(dependencies, `${parsed.message}\n  \`aureon help\` lists the commands and their flags`);
    case "invocation":
      break;
  }
  const { invocation } = parsed;
  const datadir = invocation.value("datadir");
  if (datadir !== undefined && isFile(resolve(dependencies.cwd, datadir))) {
    return refuseUsage(dependencies, `--datadir is ${datadir}, which is a file; expected a folder`);
  }
  try {
    const command = await LOADERS[invocation.command]();
    return await command({ invocation, environment, dependencies });
  } catch (error) {
    return failAtRuntime(dependencies, describeError(error, { withStack: false }));
  }
}
