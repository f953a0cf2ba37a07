// The configuration as text: the commented file that users start from, the dump of what is in force, and the
// description of each key.

import { parse } from "smol-toml";
import { KEY_LIST, type KeyEntry, SECTION_LIST, type SectionEntry } from "./config.ts";
import { variableOf } from "./environmentLayer.ts";
import type { Settings } from "./load.ts";
import { formatOrigin } from "./problem.ts";

const LINE_LENGTH_MAX = 100;
const HIDDEN = "***";

/** Breaks a sentence into comment lines. */
function comment(sentence: string): string {
  const lines: string[] = [];
  let line = "#";
  for (const word of sentence.split(" ")) {
    if (line.length + 1 + word.length > LINE_LENGTH_MAX) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

export interface KeyDescription {
  readonly name: string;
  readonly section: string;
  readonly key: string;
  readonly variable: string;
  /** What values it takes. */
  readonly expected: string;
  /** The default as TOML. */
  readonly standard: string;
  readonly description: string;
}

function standardOf(entry: KeyEntry): string {
  return entry.spec.type.toToml(entry.spec.default);
}

/** All keys, in the order of the documentation. */
export function describeKeys(): readonly KeyDescription[] {
  return KEY_LIST.map((entry) => ({
    name: entry.name,
    section: entry.section,
    key: entry.key,
    variable: variableOf(entry),
    expected: entry.spec.type.expected,
    standard: standardOf(entry),
    description: entry.spec.description,
  }));
}

function templateKey(entry: KeyEntry, values: ReadonlyMap<string, unknown>): string {
  const { type, description } = entry.spec;
  const isSet = values.has(entry.name);
  const about = comment(`${description} Expected: ${type.expected}.`);
  if (type.shape === "table") {
    const lines = isSet ? `\n${type.toToml(values.get(entry.name))}` : "";
    return `${about}\n[${entry.name}]${lines}`;
  }
  const line = isSet
    ? `${entry.key} = ${type.toToml(values.get(entry.name))}`
    : `# ${entry.key} = ${standardOf(entry)}`;
  return `${about}\n${line}`;
}

function templateSection(section: SectionEntry, values: ReadonlyMap<string, unknown>): string {
  const isOnlyTables = section.keys.length > 0 && section.keys.every((entry) => entry.spec.type.shape === "table");
  const heading = isOnlyTables ? [] : [`[${section.name}]`];
  const keys = section.keys.map((entry) => templateKey(entry, values));
  return [comment(section.description), ...heading, "", ...keys.flatMap((text) => [text, ""])].join("\n");
}

/**
 * A configuration file with every key explained.
 * @param values what is set, by `section.key`; all other keys stand in comments with their defaults
 */
export function renderTemplate(options: { title: string; values: ReadonlyMap<string, unknown> }): string {
  const intro = [
    comment(options.title),
    "# A key that stands in a comment has the value shown there. AUREON_<SECTION>_<KEY> in the environment",
    "# overrides a key, e.g. AUREON_API_PORT=9000; `aureon config dump` shows what is in force.",
    "",
  ];
  const sections = SECTION_LIST.map((section) => templateSection(section, options.values));
  return `${[...intro, ...sections].join("\n").trimEnd()}\n`;
}

function shownValue(entry: KeyEntry, value: unknown): string {
  if (!entry.spec.secret) return entry.spec.type.toToml(value);
  const count = Array.isArray(value) ? value.length : 0;
  return `[${Array.from({ length: count }, () => `"${HIDDEN}"`).join(", ")}]`;
}

function dumpKey(entry: KeyEntry, settings: Settings): string {
  const setting = settings.get(entry.name);
  const from = setting === undefined ? "default" : formatOrigin(setting.origin);
  const shown = shownValue(entry, setting?.value ?? entry.spec.default);
  if (entry.spec.type.shape === "table") return `[${entry.name}] # ${from}${shown === "" ? "" : `\n${shown}`}`;
  return `${entry.key} = ${shown} # ${from}`;
}

/** The values in force as TOML, each with where it came from. Secrets are hidden. */
export function dumpToml(settings: Settings): string {
  const sections = SECTION_LIST.map((section) => {
    const isOnlyTables = section.keys.length > 0 && section.keys.every((entry) => entry.spec.type.shape === "table");
    const lines = section.keys.map((entry) => dumpKey(entry, settings));
    return [...(isOnlyTables ? [] : [`[${section.name}]`]), ...lines].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

/** The values in force as JSON. Secrets are hidden. */
export function dumpJson(settings: Settings): string {
  return `${JSON.stringify(parse(dumpToml(settings)), undefined, 2)}\n`;
}
