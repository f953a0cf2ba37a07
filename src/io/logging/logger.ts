// Adapter of the Logger port: one line an event, written before `log` returns. Each thread makes its own.

import type { LogFields, Logger, LogLevel } from "../../core/ports/index.ts";
import { formatEntry, type LogFormat } from "./format.ts";
import { writeFully } from "./write.ts";

/** Which events are written. A module's own level also holds for the modules inside it (`a` for `a.b`). */
export interface LogLevels {
  readonly default: LogLevel;
  readonly modules: ReadonlyMap<string, LogLevel>;
}

export interface LoggerOptions {
  readonly format: LogFormat;
  readonly levels: LogLevels;
  /** Takes one line with its end; standard error when absent. */
  readonly write?: (line: string) => void;
  /** Milliseconds since the Unix epoch; the system's clock when absent. */
  readonly nowMs?: () => number;
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const STANDARD_ERROR = 2;
const NO_FIELDS: LogFields = {};

function levelOf(levels: LogLevels, module: string): LogLevel {
  let name = module;
  while (name !== "") {
    const level = levels.modules.get(name);
    if (level !== undefined) return level;
    name = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  }
  return levels.default;
}

export function createLogger(options: LoggerOptions): Logger {
  const { format, levels } = options;
  const write = options.write ?? ((line: string) => writeFully(STANDARD_ERROR, line));
  const nowMs = options.nowMs ?? Date.now;

  function loggerOf(module: string): Logger {
    const rankMin = RANKS[levelOf(levels, module)];
    return {
      log(level, event, fields = NO_FIELDS) {
        if (RANKS[level] < rankMin) return;
        write(`${formatEntry(format, { timeMs: nowMs(), level, module, event, fields })}\n`);
      },
      module: (name) => loggerOf(module === "" ? name : `${module}.${name}`),
    };
  }
  return loggerOf("");
}
