// The texts of help: the first words to a newcomer, the list of commands, and the page of each.

import { describeKeys } from "../config/index.ts";
import { COMMAND_NAMES, type CommandName, commandOf, HELP_FLAG } from "./commandTable.ts";

/** Pairs as two columns. */
function columns(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}

/** What `aureon` alone says: the three commands that a newcomer wants next. */
export function welcomeText(): string {
  const rows = [
    ["aureon dev", "start a chain on this machine, with ten funded accounts"],
    ["aureon init", "write the configuration of a new chain, to be started with `aureon start`"],
    ["aureon help", "list all commands"],
  ] as const;
  return `Aureon, a blockchain node in one file. Where to go next:\n\n${columns(rows)}`;
}

export function overviewText(): string {
  const rows = COMMAND_NAMES.map((name) => {
    const command = commandOf(name);
    return [[command.name, ...command.arguments].join(" "), command.summary] as const;
  });
  return (
    `usage: aureon COMMAND [--flag value ...]\n\n${columns(rows)}\n` +
    "`aureon help COMMAND` explains one; `aureon help config` lists every key of the configuration.\n"
  );
}

function keysText(): string {
  const lines: string[] = ["\nKeys of the configuration, with what they take and their defaults:\n"];
  let section = "";
  for (const key of describeKeys()) {
    if (key.section !== section) lines.push(`\n[${key.section}]\n`);
    ({ section } = key);
    const standard = key.standard === "" ? "none" : key.standard;
    lines.push(`  ${key.key}: ${key.expected}; default ${standard}\n      ${key.description}\n`);
  }
  lines.push(
    "\nAUREON_<SECTION>_<KEY> in the environment sets a key; AUREON_<SECTION>_<KEY>_FILE names a file for it.\n",
  );
  return lines.join("");
}

export function commandText(name: CommandName): string {
  const command = commandOf(name);
  const usage = ["usage: aureon", command.name, ...command.arguments, command.flags.length > 0 ? "[flags]" : ""];
  const flags = [...command.flags, HELP_FLAG].map((flag) => {
    const left = flag.value === undefined ? `--${flag.name}` : `--${flag.name} ${flag.value}`;
    return [left, flag.description] as const;
  });
  const summary = `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`;
  const details = command.details.map((paragraph) => `${paragraph}\n`).join("");
  const keys = name === "config" ? keysText() : "";
  return `${usage.join(" ").trimEnd()}\n\n${summary}\n${details}\n${columns(flags)}${keys}`;
}
