// Which events are logged: a general level, and those of single modules after it, as in "info,mempool=debug".

import type { LogLevel } from "../../core/ports/index.ts";
import { didYouMean } from "../suggest.ts";
import { fault, type ReadValue, showRaw, type ValueType } from "./valueTypes.ts";

/** Every module that logs under a name of its own; a test holds the list to the code. */
export const LOG_MODULES: readonly string[] = [
  "api",
  "chain",
  "crypto",
  "mempool",
  "miner",
  "network",
  "replica",
  "sync",
];

export interface LogLevels {
  readonly default: LogLevel;
  readonly modules: ReadonlyMap<string, LogLevel>;
}

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const EXPECTED = '"debug", "info", "warn" or "error", and levels of modules as in "info,mempool=debug"';
const MODULE_LEVEL_PATTERN = /^([^=\s]+)=(debug|info|warn|error)$/;

function unknownModule(name: string): string {
  return `names ${showRaw(name)}; the modules are ${LOG_MODULES.join(", ")}${didYouMean(name, LOG_MODULES)}`;
}

function readLogLevels(raw: unknown): ReadValue<LogLevels> {
  const mismatch = () => fault(`is ${showRaw(raw)}; expected ${EXPECTED}`);
  if (typeof raw !== "string") return mismatch();
  let general: LogLevel | undefined;
  const modules = new Map<string, LogLevel>();
  for (const part of raw.split(",").map((piece) => piece.trim())) {
    const level = LEVELS.find((candidate) => candidate === part);
    const [, name, moduleLevel] = MODULE_LEVEL_PATTERN.exec(part) ?? [];
    if (level !== undefined && general === undefined) {
      general = level;
    } else if (name === undefined || modules.has(name)) {
      return mismatch();
    } else if (!LOG_MODULES.includes(name)) {
      return fault(unknownModule(name));
    } else {
      modules.set(name, moduleLevel as LogLevel);
    }
  }
  return { ok: true, value: { default: general ?? "info", modules } };
}

function printLogLevels(levels: LogLevels): string {
  return [levels.default, ...[...levels.modules].map(([name, level]) => `${name}=${level}`)].join(",");
}

export const logLevels: ValueType<LogLevels> = {
  shape: "text",
  expected: EXPECTED,
  read: readLogLevels,
  toToml: (levels) => JSON.stringify(printLogLevels(levels)),
};
