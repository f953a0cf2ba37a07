// The configuration file: TOML, in which every table and key must be one of ours.

import { parse, TomlError } from "smol-toml";
import { didYouMean } from "../suggest.ts";
import { KEY_LIST, type KeyEntry, SECTION_LIST } from "./config.ts";
import { createLayer, type Layer, putRaw } from "./layer.ts";
import { locateKeys } from "./locate.ts";
import type { Origin } from "./problem.ts";
import { isTable, showRaw } from "./valueTypes.ts";

/** Deeper nesting than any key has; refused before it can exhaust the parser. */
const NESTING_DEPTH_MAX = 16;

export interface ConfigFile {
  /** As messages show it. */
  readonly name: string;
  readonly text: string;
}

type Parsed =
  | { readonly ok: true; readonly document: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly line: number; readonly message: string };

function parseToml(text: string): Parsed {
  try {
    // With bigint for integers, 1.0 stays apart from 1 and no digit of a large number is lost.
    const document = parse(text, { integersAsBigInt: true, maxDepth: NESTING_DEPTH_MAX });
    return { ok: true, document };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [firstLine = ""] = error.message.split("\n");
    const reason = firstLine.replace("Invalid TOML document: ", "");
    return { ok: false, line: error.line, message: `this is no valid TOML: ${reason} (column ${error.column})` };
  }
}

/** What to say of a key that its section doesn't have. */
function unknownKey(section: string, key: string): string {
  const siblings = KEY_LIST.filter((entry) => entry.section === section).map((entry) => entry.key);
  const near = didYouMean(key, siblings);
  const message = `${section}.${key} is no key of the configuration`;
  if (near !== "") return `${message}${near}`;
  const elsewhere = KEY_LIST.filter((entry) => entry.key === key).map((entry) => `[${entry.section}]`);
  if (elsewhere.length > 0) return `${message}; ${key} is a key of ${elsewhere.join(" and ")}`;
  return siblings.length === 0
    ? `${message}; [${section}] has no keys yet`
    : `${message}; [${section}] has ${siblings.join(", ")}`;
}

function unknownSection(name: string): string {
  const owners = KEY_LIST.filter((entry) => entry.key === name).map((entry) => `[${entry.section}]`);
  if (owners.length > 0) return `${name} stands outside of its section; expected it under ${owners.join(" or ")}`;
  const sections = SECTION_LIST.map((section) => section.name);
  const hint = didYouMean(name, sections);
  return `[${name}] is no section of the configuration${hint === "" ? `; expected ${sections.join(", ")}` : hint}`;
}

/** Where the keys of one section stand, for their origins and problems. */
interface SectionContext {
  readonly layer: Layer;
  readonly section: string;
  readonly known: ReadonlyMap<string, KeyEntry>;
  readonly originOf: (path: readonly string[]) => Origin & { kind: "file" };
  readonly report: (path: readonly string[], message: string) => void;
}

function readSection(table: Readonly<Record<string, unknown>>, context: SectionContext): void {
  const { layer, section, known, originOf, report } = context;
  for (const [key, raw] of Object.entries(table)) {
    const entry = known.get(key);
    if (entry === undefined) {
      report([section, key], unknownKey(section, key));
      continue;
    }
    putRaw(layer, {
      entry,
      raw,
      originOf: (tableEntry) => originOf(tableEntry === undefined ? [section, key] : [section, key, tableEntry]),
    });
  }
}

export function readFileLayer(file: ConfigFile): Layer {
  const layer = createLayer();
  const parsed = parseToml(file.text);
  if (!parsed.ok) {
    layer.problems.push({ where: `${file.name}:${parsed.line}`, key: undefined, message: parsed.message });
    return layer;
  }
  const lineOf = locateKeys(file.text);
  const originOf = (path: readonly string[]) => ({ kind: "file", file: file.name, line: lineOf(path) }) as const;
  const report = (path: readonly string[], message: string) => {
    const line = lineOf(path);
    const where = line === undefined ? file.name : `${file.name}:${line}`;
    layer.problems.push({ where, key: path.join("."), message });
  };
  for (const [name, table] of Object.entries(parsed.document)) {
    const section = SECTION_LIST.find((candidate) => candidate.name === name);
    if (section === undefined) {
      report([name], unknownSection(name));
    } else if (!isTable(table)) {
      report([name], `${name} is ${showRaw(table)}; expected the section [${name}]`);
    } else {
      const known = new Map(section.keys.map((entry) => [entry.key, entry]));
      readSection(table, { layer, section: name, known, originOf, report });
    }
  }
  return layer;
}
