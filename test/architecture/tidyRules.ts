// What every file keeps to, beyond what the formatter and the linter check.

import { codeOnly } from "./sources.ts";

export const FILE_LINES_MAX = 400;
const HEADER_LINES_MAX = 5;

/** Larger files, each with the lines that it may have. An entry is lowered when its file shrinks, and never raised. */
export const LARGER_FILES: Readonly<Record<string, number>> = {};

const MARKERS = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"];
const MARKER = new RegExp(`\\b(?:${MARKERS.join("|")})\\b`);
// Folders of one machine or one person; a path that the code makes at run time is never written out.
const MACHINE_PATH = /(?<![\w.~-])\/(?:home|Users|root|work|tmp|private|mnt)\/[\w.-]/;

/** Undefined when the file opens with a comment of its purpose. A `#!` line may come before it. */
export function headerViolation(text: string): string | undefined {
  const lines = text.split("\n");
  const start = lines[0]?.startsWith("#!") ? 1 : 0;
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => !line.startsWith("//"));
  const count = end < 0 ? rest.length : end;
  if (count === 0) return "opens without a comment that says its purpose";
  const isLong = count > HEADER_LINES_MAX && !rest.slice(0, count).includes("//");
  return isLong ? `opens with ${count} lines of comment; at most ${HEADER_LINES_MAX} before an empty one` : undefined;
}

/** Undefined when the file is within the cap, or has just the lines of its entry in `larger`. */
export function sizeViolation(
  path: string,
  text: string,
  larger: Readonly<Record<string, number>>,
): string | undefined {
  const count = text.replace(/\n$/, "").split("\n").length;
  const exception = larger[path];
  if (exception === undefined)
    return count > FILE_LINES_MAX ? `has ${count} lines; at most ${FILE_LINES_MAX}` : undefined;
  if (count > exception) return `has grown to ${count} lines; its exception allows ${exception}`;
  if (count <= FILE_LINES_MAX) return "needs no exception any more: remove it";
  return count < exception ? `has shrunk to ${count} lines: lower its exception` : undefined;
}

/** Exports that hide what a folder's contract is. */
export function exportViolations(text: string): readonly string[] {
  const code = codeOnly(text);
  const violations: string[] = [];
  if (/^export\s*\*/m.test(code)) violations.push("re-exports a whole module; list the names");
  if (/^export\s+default\b/m.test(code) || /^export\s*\{[^}]*\bas\s+default\b/m.test(code)) {
    violations.push("has a default export; name it");
  }
  return violations;
}

/** Marks of unfinished work, and paths of one machine. */
export function textViolations(text: string): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const found = MARKER.exec(line)?.[0] ?? MACHINE_PATH.exec(line)?.[0];
    return found === undefined ? [] : [`line ${index + 1} has ${found}`];
  });
}

/** The source that a unit test is of: test/unit/core/x.test.ts is of src/core/x.ts. */
export function sourceOfTest(path: string): string {
  return path.replace(/^test\/unit\//, "src/").replace(/\.test\.ts$/, ".ts");
}
