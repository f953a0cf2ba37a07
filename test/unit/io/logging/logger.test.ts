// Levels by module, and lines that are written before `log` returns.

import { expect, test } from "bun:test";
import type { LogLevel } from "../../../../src/core/ports/index.ts";
import { createLogger } from "../../../../src/io/logging/logger.ts";

function record(options: { default: LogLevel; modules?: readonly (readonly [string, LogLevel])[] }) {
  const lines: string[] = [];
  const logger = createLogger({
    format: "json",
    levels: { default: options.default, modules: new Map(options.modules ?? []) },
    write: (line) => lines.push(line),
    nowMs: () => 0,
  });
  return { logger, lines };
}

test("a line is written, with its end, before log returns", () => {
  const { logger, lines } = record({ default: "info" });
  logger.module("chain").log("warn", "head moved", { height: 7 });
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"warn","module":"chain","event":"head moved","height":7}\n',
  ]);
});

test.each([
  ["debug", 4],
  ["info", 3],
  ["warn", 2],
  ["error", 1],
] as const)("level %s lets %i of the four levels through", (level, count) => {
  const { logger, lines } = record({ default: level });
  for (const each of ["debug", "info", "warn", "error"] as const) logger.log(each, "event");
  expect(lines).toHaveLength(count);
});

test("a module has its own level, which holds for modules inside it but not for namesakes", () => {
  const { logger, lines } = record({
    default: "warn",
    modules: [
      ["chain", "debug"],
      ["chain.import", "error"],
    ],
  });
  logger.log("info", "node");
  logger.module("chain").log("debug", "chain");
  logger.module("chain").module("forks").log("debug", "forks");
  logger.module("chain").module("import").log("warn", "import");
  logger.module("chainsaw").log("info", "chainsaw");
  expect(lines.map((line) => (JSON.parse(line) as { module: string }).module)).toEqual(["chain", "chain.forks"]);
});
