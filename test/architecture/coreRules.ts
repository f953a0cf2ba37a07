// What the core may not name although every JavaScript engine has it: results that depend on the time, on chance, on the
// machine's locale, on rounding or on the order in which promises settle. tsc finds the rest, which only some environments
// have (coreEnvironment.test.ts).

import { codeOnly } from "./sources.ts";

const FORBIDDEN: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /\bDate\b/, reason: "the core is given the time" },
  { pattern: /\bMath\.random\b/, reason: "the core has no randomness" },
  {
    pattern: /\bMath\.(?!abs\b|ceil\b|clz32\b|floor\b|imul\b|max\b|min\b|sign\b|trunc\b)\w+/,
    reason: "only Math's exact functions agree everywhere",
  },
  { pattern: /\bIntl\b/, reason: "the core knows no locale" },
  { pattern: /\.\s*(?:localeCompare|toLocale\w+|normalize)\b/, reason: "the core knows no locale" },
  { pattern: /\.\s*(?:toLowerCase|toUpperCase)\b/, reason: "case mapping follows the engine's version of Unicode" },
  { pattern: /\bparseFloat\b/, reason: "the core has no floating point" },
  { pattern: /\.\s*(?:toFixed|toPrecision|toExponential)\b/, reason: "the core has no floating point" },
  { pattern: /(?<![\w.])\d[\d_]*\.\d/, reason: "the core has no floating point" },
  { pattern: /\b(?:async|await|Promise)\b/, reason: "the core is synchronous" },
  {
    pattern: /\b(?:WeakRef|FinalizationRegistry|SharedArrayBuffer|Atomics)\b/,
    reason: "the core depends on no other thread",
  },
  { pattern: /\bJSON\s*\./, reason: "the core never parses or prints JSON" },
  { pattern: /\bglobalThis\b/, reason: "the core reaches no environment" },
  {
    pattern: /\bthrow new (?:Type|Range|Syntax)?Error\s*\(/,
    reason: "the core throws assertions alone; a refusal is returned",
  },
];

/** One line a violation: `path:line: reason (text)`. */
export function coreViolations(path: string, text: string): readonly string[] {
  const lines = codeOnly(text).split("\n");
  return lines.flatMap((line, index) =>
    FORBIDDEN.flatMap(({ pattern, reason }) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1}: ${reason} (${found})`];
    }),
  );
}
