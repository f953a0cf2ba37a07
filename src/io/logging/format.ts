// How a log line looks: words for a person at a terminal, or one JSON object for a program. Whatever the values hold,
// an event stays one line and cannot steer the terminal.

import type { LogFields, LogLevel } from "../../core/ports/index.ts";

export type LogFormat = "human" | "colour" | "json";

export interface LogEntry {
  readonly timeMs: number;
  readonly level: LogLevel;
  /** Empty for the node as a whole. */
  readonly module: string;
  readonly event: string;
  readonly fields: LogFields;
}

/** Longer texts are cut, so that one value from a peer cannot fill the log. */
const TEXT_LENGTH_MAX = 2048;

// C0 and C1 controls, line separators, and the marks that reorder text from right to left. A terminal acts on them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const NEEDS_QUOTES = /[\s"=\\]/;
const RESERVED_NAMES: ReadonlySet<string> = new Set(["time", "level", "module", "event"]);

const LEVEL_COLOURS: Readonly<Record<LogLevel, string>> = {
  debug: "\u001b[90m",
  info: "\u001b[32m",
  warn: "\u001b[33m",
  error: "\u001b[31m",
};
const DIM = "\u001b[2m";
const RESET = "\u001b[0m";

function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function cut(text: string): string {
  return text.length <= TEXT_LENGTH_MAX
    ? text
    : `${text.slice(0, TEXT_LENGTH_MAX)}... (${text.length - TEXT_LENGTH_MAX} more characters)`;
}

/** JSON of a text, on one line and with nothing a terminal would act on. */
function quote(text: string): string {
  return escapeUnsafe(JSON.stringify(cut(text)));
}

function humanValue(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  return value === "" || NEEDS_QUOTES.test(value) ? quote(value) : escapeUnsafe(cut(value));
}

function jsonValue(value: string | number | boolean): string {
  if (typeof value === "string") return quote(value);
  // JSON has no NaN or Infinity.
  return typeof value === "number" && !Number.isFinite(value) ? `"${value}"` : String(value);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** The time of day where the terminal stands; the date is no news to somebody who watches. */
function localTime(timeMs: number): string {
  const date = new Date(timeMs);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function formatHuman(entry: LogEntry, paint: (code: string, text: string) => string): string {
  const level = paint(LEVEL_COLOURS[entry.level], entry.level.toUpperCase().padEnd(5));
  let line = `${paint(DIM, localTime(entry.timeMs))} ${level} `;
  if (entry.module !== "") line += `${paint(DIM, `${escapeUnsafe(entry.module)}:`)} `;
  line += escapeUnsafe(cut(entry.event));
  for (const [name, value] of Object.entries(entry.fields)) {
    if (value !== undefined) line += ` ${paint(DIM, `${escapeUnsafe(name)}=`)}${humanValue(value)}`;
  }
  return line;
}

function formatJson(entry: LogEntry): string {
  const parts = [
    `"time":"${new Date(entry.timeMs).toISOString()}"`,
    `"level":"${entry.level}"`,
    `"module":${quote(entry.module)}`,
    `"event":${quote(entry.event)}`,
  ];
  for (const [name, value] of Object.entries(entry.fields)) {
    if (value === undefined) continue;
    parts.push(`${quote(RESERVED_NAMES.has(name) ? `_${name}` : name)}:${jsonValue(value)}`);
  }
  return `{${parts.join(",")}}`;
}

/** One line without its end. */
export function formatEntry(format: LogFormat, entry: LogEntry): string {
  if (format === "json") return formatJson(entry);
  return formatHuman(entry, format === "colour" ? (code, text) => `${code}${text}${RESET}` : (_code, text) => text);
}

/** What `auto` stands for: words at a terminal, JSON elsewhere; colour where it is not unwanted (no-color.org). */
export function chooseLogFormat(options: {
  format: "auto" | "human" | "json";
  isTerminal: boolean;
  noColor: string | undefined;
}): LogFormat {
  const { format, isTerminal, noColor } = options;
  if (format === "json" || (format === "auto" && !isTerminal)) return "json";
  return isTerminal && (noColor === undefined || noColor === "") ? "colour" : "human";
}
