// `aureon config validate` and `aureon config dump`.

import { dumpJson, dumpToml } from "../../config/index.ts";
import { didYouMean } from "../../suggest.ts";
import { findAndLoad } from "../configuration.ts";
import { type Command, type CommandContext, refuseUsage } from "../context.ts";
import { EXIT_CODES, type ExitCode } from "../exitCodes.ts";

const ACTIONS: readonly string[] = ["validate", "dump"];
const FORMATS: readonly string[] = ["toml", "json"];

function validate(context: CommandContext): ExitCode {
  const loaded = findAndLoad(context);
  if (!loaded.ok) return loaded.exitCode;
  context.dependencies.stdout(`${loaded.value.fileName} is valid\n`);
  return EXIT_CODES.ok;
}

function dump(context: CommandContext, format: string): ExitCode {
  const loaded = findAndLoad(context);
  if (!loaded.ok) return loaded.exitCode;
  const { settings } = loaded.value;
  context.dependencies.stdout(format === "json" ? dumpJson(settings) : dumpToml(settings));
  return EXIT_CODES.ok;
}

export const config: Command = (context) => {
  const { invocation, dependencies } = context;
  const [action = ""] = invocation.arguments;
  const format = invocation.value("format") ?? "toml";
  if (!ACTIONS.includes(action)) {
    const hint = didYouMean(action, ACTIONS);
    return refuseUsage(
      dependencies,
      `there is no config ${action}${hint === "" ? "; expected validate or dump" : hint}`,
    );
  }
  if (!FORMATS.includes(format)) {
    return refuseUsage(dependencies, `--format is "${format}"; expected toml or json`);
  }
  return action === "validate" ? validate(context) : dump(context, format);
};
