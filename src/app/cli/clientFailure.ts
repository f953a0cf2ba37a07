// The words for what a node refused, or for why none answered. It stands apart from context.ts, so that commands that ask
// nothing of the client library do not load it.

import { type ClientError, nextStepOf } from "../../client/index.ts";
import { failAtRuntime } from "./context.ts";
import type { CliDependencies } from "./dependencies.ts";
import type { ExitCode } from "./exitCodes.ts";

/** Says what a node, or the way to it, answered: code and message, and what to do about it. */
export function failByClient(dependencies: CliDependencies, error: ClientError): ExitCode {
  return error.kind === "network"
    ? failAtRuntime(
        dependencies,
        `no node answers at ${new URL(error.url).origin}; \`aureon dev\` starts one, --url names another`,
      )
    : failAtRuntime(dependencies, `${error.code}: ${error.message}\n  ${nextStepOf(error.code)}`);
}
