// Reads the repository's source text for the architecture tests. The text is scanned rather than parsed, since a
// transpiler drops the type imports that the layer table is about.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const REPOSITORY = join(import.meta.dir, "../..");

/** Path from the repository's root, with forward slashes, to text. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Names taken from the module, by their name there; empty for a side effect, a dynamic import or a namespace. */
  readonly names: readonly string[];
}

/** Every file under `folder` whose name ends in one of `extensions`. Installed and fixture files are left out. */
export function readSources(folder: string, extensions: readonly string[] = [".ts", ".tsx"]): Sources {
  const sources = new Map<string, string>();
  const root = join(REPOSITORY, folder);
  if (statSync(root, { throwIfNoEntry: false }) === undefined) return sources;
  for (const entry of readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
    const path = `${folder}/${entry}`;
    if (!extensions.some((extension) => path.endsWith(extension))) continue;
    if (path.includes("/node_modules/") || path.includes("/fixtures/")) continue;
    sources.set(path, readFileSync(join(root, entry), "utf8"));
  }
  return sources;
}

// After one of these, a slash begins a regular expression; after anything else it divides.
const BEFORE_REGEX = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|=>|\breturn|\btypeof|\bcase|\bin|\bof)\s*$/;
const QUOTED = { '"': /"(?:\\.|[^"\\\n])*"/y, "'": /'(?:\\.|[^'\\\n])*'/y };
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function matchAt(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}

/** The text with the contents of comments, strings and regular expressions blanked; line numbers stay. */
export function codeOnly(text: string): string {
  let code = "";
  let index = 0;
  // One entry for each template literal that we are within a `${}` of: how many braces are open there.
  const openBraces: number[] = [];
  let inTemplate = false;
  while (index < text.length) {
    const character = text[index] as string;
    const depth = openBraces.length - 1;
    if (inTemplate) {
      if (text.startsWith("${", index)) {
        openBraces.push(0);
        inTemplate = false;
      } else if (character === "`") inTemplate = false;
      const length = character === "\\" || text.startsWith("${", index) ? 2 : 1;
      code += character === "`" ? "`" : blank(text.slice(index, index + length));
      index += length;
      continue;
    }
    const hidden =
      (character === "/" &&
        (matchAt(LINE_COMMENT, text, index) ??
          matchAt(BLOCK_COMMENT, text, index) ??
          (BEFORE_REGEX.test(code.slice(-40)) ? matchAt(REGEX, text, index) : undefined))) ||
      (character === '"' || character === "'" ? matchAt(QUOTED[character], text, index) : undefined);
    if (hidden !== undefined) {
      const isComment = hidden.startsWith("//") || hidden.startsWith("/*");
      code += isComment ? blank(hidden) : `"${blank(hidden.slice(2))}"`;
      index += hidden.length;
      continue;
    }
    if (character === "`") inTemplate = true;
    else if (character === "{" && depth >= 0) openBraces[depth] = (openBraces[depth] as number) + 1;
    else if (character === "}" && depth >= 0) {
      if (openBraces[depth] === 0) {
        openBraces.pop();
        inTemplate = true;
      } else openBraces[depth] = (openBraces[depth] as number) - 1;
    }
    code += character;
    index += 1;
  }
  return code;
}

const STATIC_IMPORT = /^(?:import|export)\b(?<clause>[^"'`;]*?)\bfrom\s*["'](?<specifier>[^"'\n]+)["']/gm;
const BARE_IMPORT = /^import\s*["'](?<specifier>[^"'\n]+)["']/gm;
const DYNAMIC_IMPORT = /\b(?:import|require)\s*\(\s*["'](?<specifier>[^"'\n]+)["']/g;

function namesOf(clause: string): { names: string[]; typeOnly: boolean } {
  const list = /\{(?<list>[^}]*)\}/.exec(clause)?.groups?.list ?? "";
  const items = list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  const names = items.map((item) => item.replace(/^type\s+/, "").split(/\s+as\s+/)[0] as string);
  const allTypes = items.length > 0 && items.every((item) => item.startsWith("type "));
  return { names, typeOnly: /^\s*type\b/.test(clause) || allTypes };
}

/** Every import, re-export, dynamic import and require with a literal specifier. */
export function importsOf(text: string): readonly Import[] {
  const lines = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  const imports: Import[] = [];
  for (const match of lines.matchAll(STATIC_IMPORT)) {
    const { clause = "", specifier = "" } = match.groups ?? {};
    imports.push({ specifier, ...namesOf(clause) });
  }
  for (const pattern of [BARE_IMPORT, DYNAMIC_IMPORT]) {
    for (const match of lines.matchAll(pattern)) {
      imports.push({ specifier: match.groups?.specifier ?? "", typeOnly: false, names: [] });
    }
  }
  return imports;
}
