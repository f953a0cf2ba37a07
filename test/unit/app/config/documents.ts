// The parts of config.toml and docs/spec/configuration.md that follow from the table of keys. The tests hold the files
// to them; `bun test/unit/app/config/documents.ts` writes them anew after the table has changed.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SECTION_LIST } from "../../../../src/app/config/config.ts";
import { describeKeys, renderTemplate } from "../../../../src/app/config/render.ts";

const ROOT = join(import.meta.dir, "../../../..");
export const DEFAULT_CONFIG_PATH = join(ROOT, "config.toml");
export const REFERENCE_PATH = join(ROOT, "docs/spec/configuration.md");

const START = "<!-- keys -->\n";
const END = "<!-- end of keys -->\n";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** The documented default configuration: every key in a comment. */
export function defaultConfig(): string {
  return renderTemplate({ title: "The default configuration of an Aureon node.", values: new Map() });
}

/** A table for each section. */
function keyTables(): string {
  const descriptions = describeKeys();
  const sections = SECTION_LIST.map(({ name, description }) => {
    const rows = descriptions
      .filter((key) => key.section === name)
      .map((key) => {
        const standard = key.standard === "" ? "none" : `\`${key.standard}\``;
        return `| \`${key.key}\` | ${standard} | ${cell(key.expected)} | ${cell(key.description)} |\n`;
      });
    const table =
      rows.length === 0 ? "" : `\n| key | default | takes | meaning |\n| --- | --- | --- | --- |\n${rows.join("")}`;
    return `### \`[${name}]\`\n\n${description}\n${table}`;
  });
  return `${sections.join("\n")}\n`;
}

/** The reference with its tables as they should be. */
export function reference(current: string): string {
  const start = current.indexOf(START);
  const end = current.indexOf(END);
  return start < 0 || end < start
    ? ""
    : `${current.slice(0, start + START.length)}\n${keyTables()}${current.slice(end)}`;
}

if (import.meta.main) {
  writeFileSync(DEFAULT_CONFIG_PATH, defaultConfig());
  writeFileSync(REFERENCE_PATH, reference(readFileSync(REFERENCE_PATH, "utf8")));
}
