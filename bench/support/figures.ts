// What a benchmark hands back: figures, each beside a limit, a peer or an aim, and their table. A figure never fails a run,
// since it tells of the machine and its other work as much as of the program.

import { writeFileSync } from "node:fs";

export interface Figure {
  readonly what: string;
  /** With its unit. */
  readonly measured: string;
  /** What it is held against, with its value. */
  readonly beside: string;
  readonly ratio: number;
  /** What the ratio should be. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Report {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** Single sentences: how it was measured, what disturbs it. */
  readonly notes: readonly string[];
}

/** Set by `bench/all.ts`: where a benchmark leaves its table. */
const TABLE_PATH_VARIABLE = "BENCH_TABLE_PATH";

function aimText({ aim, ratio }: Figure): string {
  if (aim === undefined) return "";
  if ("atLeast" in aim) return `at least ${aim.atLeast}: ${ratio >= aim.atLeast ? "met" : "missed"}`;
  return `at most ${aim.atMost}: ${ratio <= aim.atMost ? "met" : "missed"}`;
}

function renderReport(report: Report): string {
  const rows = report.figures.map((figure) => {
    const { what, measured, beside, ratio } = figure;
    return `| ${what} | ${measured} | ${beside} | ${ratio.toFixed(2)} | ${aimText(figure)} |`;
  });
  const table = ["| what | measured | beside | ratio | aim |", "| --- | --- | --- | --- | --- |", ...rows];
  const notes = report.notes.length === 0 ? [] : ["", ...report.notes.map((note) => `- ${note}`)];
  return [`## ${report.title}`, "", ...table, ...notes, ""].join("\n");
}

/** Prints a report, and leaves it where `bench/all.ts` gathers the tables. */
export function publish(report: Report): void {
  const text = renderReport(report);
  console.log(text);
  const path = process.env[TABLE_PATH_VARIABLE];
  if (path !== undefined) writeFileSync(path, `${text}\n`);
}

/** Progress goes to standard error, so that standard output is the table alone. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Four digits at most: `12,300`, `45.6`. */
export function readable(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
