// Finds and loads the configuration that a command is about, and tells its problems.

import { isAbsolute, join, resolve } from "node:path";
import type { Genesis } from "../../core/protocol/index.ts";
import {
  type Config,
  configToGenesis,
  type FlagValue,
  formatProblem,
  loadConfig,
  type Settings,
} from "../config/index.ts";
import { type CommandContext, refuseUsage } from "./context.ts";
import type { ExitCode } from "./exitCodes.ts";
import { isPresent, readText } from "./files.ts";
import type { Invocation } from "./parse.ts";

export const CONFIG_FILE_NAME = "config.toml";
const DATADIR_DEFAULT = "aureon-data";

/** More problems than this are counted, not shown. */
const PROBLEMS_SHOWN_MAX = 50;
/** Flags that set a key of the configuration. */
const KEY_FLAGS: ReadonlyMap<string, string> = new Map([
  ["port", "api.port"],
  ["host", "api.host"],
]);

export interface LoadedForCommand {
  readonly config: Config;
  readonly genesis: Genesis;
  readonly settings: Settings;
  /** Absolute. */
  readonly datadir: string;
  /** As messages show it. */
  readonly fileName: string;
}

export type LoadResult =
  | { readonly ok: true; readonly value: LoadedForCommand }
  | { readonly ok: false; readonly exitCode: ExitCode };

/** As the user wrote it, or the default. */
export function shownDatadir(invocation: Invocation): string {
  return invocation.value("datadir") ?? DATADIR_DEFAULT;
}

/** `--config`, else the data folder's own file, else the one in the current folder; undefined where there is none. */
function findConfigFile({ invocation, dependencies }: CommandContext): string | undefined {
  const given = invocation.value("config");
  if (given !== undefined) return given;
  const candidates = [join(shownDatadir(invocation), CONFIG_FILE_NAME), CONFIG_FILE_NAME];
  return candidates.find((candidate) => isPresent(resolve(dependencies.cwd, candidate)));
}

function flagValues(invocation: Invocation): readonly FlagValue[] {
  return [...KEY_FLAGS].flatMap(([flag, key]) => {
    const text = invocation.value(flag);
    return text === undefined ? [] : [{ flag: `--${flag}`, key, text }];
  });
}

/** Loads `fileName`; problems are told and end in exit code 2, warnings are told. */
export function loadForCommand(context: CommandContext, fileName: string): LoadResult {
  const { invocation, environment, dependencies } = context;
  const { cwd } = dependencies;
  const file = readText(resolve(cwd, fileName));
  if (!file.ok) {
    return {
      ok: false,
      exitCode: refuseUsage(dependencies, `can't read the configuration ${fileName}: ${file.reason}`),
    };
  }
  const loaded = loadConfig({
    file: { name: fileName, text: file.value },
    environment,
    flags: flagValues(invocation),
    readFile(path) {
      const result = readText(isAbsolute(path) ? path : resolve(cwd, path));
      return result.ok ? { ok: true, text: result.value } : result;
    },
  });
  for (const warning of loaded.warnings) dependencies.stderr(`warning: ${warning}\n`);
  if (loaded.ok) {
    const { config, settings } = loaded;
    const datadir = resolve(cwd, shownDatadir(invocation));
    return { ok: true, value: { config, genesis: configToGenesis(config), settings, datadir, fileName } };
  }
  const { problems } = loaded;
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => `  ${formatProblem(problem)}`);
  if (problems.length > shown.length) shown.push(`  ... and ${problems.length - shown.length} more`);
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return { ok: false, exitCode: refuseUsage(dependencies, `the configuration has ${count}:\n${shown.join("\n")}`) };
}

/** Finds and loads the configuration of a command that needs one to be there. */
export function findAndLoad(context: CommandContext): LoadResult {
  const fileName = findConfigFile(context);
  if (fileName !== undefined) return loadForCommand(context, fileName);
  const own = join(shownDatadir(context.invocation), CONFIG_FILE_NAME);
  const message =
    `there is no configuration: neither ${own} nor ./${CONFIG_FILE_NAME}\n` +
    "  `aureon init` writes one; `aureon dev` starts a chain for development without one";
  return { ok: false, exitCode: refuseUsage(context.dependencies, message) };
}
