// `aureon help`: the list of commands, or the page of one.

import { didYouMean } from "../../suggest.ts";
import { COMMAND_NAMES, isCommandName } from "../commandTable.ts";
import { type Command, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { commandText, overviewText } from "../help.ts";

export const help: Command = ({ invocation, dependencies }) => {
  const [name] = invocation.arguments;
  if (name !== undefined && !isCommandName(name)) {
    return refuseUsage(dependencies, `there is no command "${name}"${didYouMean(name, COMMAND_NAMES)}`);
  }
  dependencies.stdout(name === undefined ? overviewText() : commandText(name));
  return EXIT_CODES.ok;
};
