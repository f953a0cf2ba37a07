// The command line: reads the arguments and runs the command. Every mistake of the user ends in words and an exit code.

import { resolve } from "node:path";
import type { Environment } from "../config/index.ts";
import { account } from "./commands/account.ts";
import { call } from "./commands/call.ts";
import { config } from "./commands/config.ts";
import { deploy } from "./commands/deploy.ts";
import { dev } from "./commands/dev.ts";
import { head } from "./commands/head.ts";
import { healthcheck } from "./commands/healthcheck.ts";
import { help } from "./commands/help.ts";
import { init } from "./commands/init.ts";
import { peers } from "./commands/peers.ts";
import { rollback } from "./commands/rollback.ts";
import { send } from "./commands/send.ts";
import { start } from "./commands/start.ts";
import { version } from "./commands/version.ts";
import { view } from "./commands/view.ts";
import type { CommandName } from "./commandTable.ts";
import { type Command, failAtRuntime, refuseUsage } from "./context.ts";
import type { CliDependencies } from "./dependencies.ts";
import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import { isFile } from "./files.ts";
import { commandText, overviewText, welcomeText } from "./help.ts";
import { parseCommandLine } from "./parse.ts";
import { describeError } from "./runNode.ts";

const RUNNERS: Readonly<Record<CommandName, Command>> = {
  dev,
  start,
  init,
  rollback,
  healthcheck,
  config,
  head,
  account,
  peers,
  send,
  deploy,
  call,
  view,
  version,
  help,
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
      dependencies.stdout(welcomeText());
      return EXIT_CODES.ok;
    case "help":
      dependencies.stdout(parsed.command === undefined ? overviewText() : commandText(parsed.command));
      return EXIT_CODES.ok;
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
    return await RUNNERS[invocation.command]({ invocation, environment, dependencies });
  } catch (error) {
    return failAtRuntime(dependencies, describeError(error, { withStack: false }));
  }
}
