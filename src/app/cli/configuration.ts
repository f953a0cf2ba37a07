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
import { formatTime } from "./time.ts";

export const CONFIG_FILE_NAME = "config.toml";
const DATADIR_DEFAULT = "aureon-data";

/** As far as a miner's clock may be behind without notice (docs/spec/proof-of-work.md, Timestamps). */
const GENESIS_AHEAD_MS_MAX = 15_000;
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

export type ReadConfiguration =
  | { readonly ok: true; readonly value: LoadedForCommand; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly warnings: readonly string[] };

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

/** A miner's block is later than its parent, so a chain waits for the time of its block 0. */
function genesisAheadWarning(genesis: Genesis, nowMs: number): string | undefined {
  const { timestampMs } = genesis;
  if (timestampMs <= nowMs + GENESIS_AHEAD_MS_MAX) return undefined;
  return (
    `genesis.timestamp_ms is ${timestampMs} (${formatTime(timestampMs)}), ahead of this machine's clock: ` +
    "no block can be made before that time"
  );
}

/** Loads `fileName` and tells nothing yet. */
export function readConfiguration(context: CommandContext, fileName: string): ReadConfiguration {
  const { invocation, environment, dependencies } = context;
  const { cwd } = dependencies;
  const file = readText(resolve(cwd, fileName));
  if (!file.ok) {
    return { ok: false, message: `can't read the configuration ${fileName}: ${file.reason}`, warnings: [] };
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
  const { warnings } = loaded;
  if (loaded.ok) {
    const { config, settings } = loaded;
    const genesis = configToGenesis(config);
    const ahead = genesisAheadWarning(genesis, dependencies.nowMs());
    const datadir = resolve(cwd, shownDatadir(invocation));
    return {
      ok: true,
      value: { config, genesis, settings, datadir, fileName },
      warnings: ahead === undefined ? warnings : [...warnings, ahead],
    };
  }
  const { problems } = loaded;
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => `  ${formatProblem(problem)}`);
  if (problems.length > shown.length) shown.push(`  ... and ${problems.length - shown.length} more`);
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return { ok: false, message: `the configuration has ${count}:\n${shown.join("\n")}`, warnings };
}

/** Loads `fileName`; problems are told and end in exit code 2, warnings are told. */
export function loadForCommand(context: CommandContext, fileName: string): LoadResult {
  const { dependencies } = context;
  const read = readConfiguration(context, fileName);
  for (const warning of read.warnings) dependencies.stderr(`warning: ${warning}\n`);
  return read.ok ? read : { ok: false, exitCode: refuseUsage(dependencies, read.message) };
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
