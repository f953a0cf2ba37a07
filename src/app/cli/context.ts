// What every command gets, and the words in which commands refuse.

import { type ClientError, nextStepOf } from "../../client/index.ts";
import type { Environment } from "../config/index.ts";
import type { CliDependencies } from "./dependencies.ts";
import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import type { Invocation } from "./parse.ts";

export interface CommandContext {
  readonly invocation: Invocation;
  readonly environment: Environment;
  readonly dependencies: CliDependencies;
}

export type Command = (context: CommandContext) => ExitCode | Promise<ExitCode>;

/** Says what is wrong and answers with the exit code for it. */
export function refuseUsage(dependencies: CliDependencies, message: string): ExitCode {
  dependencies.stderr(`aureon: ${message}\n`);
  return EXIT_CODES.usage;
}

export function failAtRuntime(dependencies: CliDependencies, message: string): ExitCode {
  dependencies.stderr(`aureon: ${message}\n`);
  return EXIT_CODES.runtime;
}

/** Says what a node, or the way to it, answered: code and message, and what to do about it. */
export function failByClient(dependencies: CliDependencies, error: ClientError): ExitCode {
  return error.kind === "network"
    ? failAtRuntime(
        dependencies,
        `no node answers at ${new URL(error.url).origin}; \`aureon dev\` starts one, --url names another`,
      )
    : failAtRuntime(dependencies, `${error.code}: ${error.message}\n  ${nextStepOf(error.code)}`);
}
