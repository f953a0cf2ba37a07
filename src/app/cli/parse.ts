// Reads the arguments of the process against the table of commands.

import { parseArgs } from "node:util";
import { didYouMean } from "../suggest.ts";
import {
  COMMAND_NAMES,
  type CommandName,
  type CommandSpec,
  commandOf,
  HELP_FLAG,
  isCommandName,
} from "./commandTable.ts";

/** The arguments of one command, checked against its table. */
export interface Invocation {
  readonly command: CommandName;
  readonly arguments: readonly string[];
  /** The value of a flag; the last one where it is given several times. */
  readonly value: (flag: string) => string | undefined;
  readonly has: (flag: string) => boolean;
}

export type Parsed =
  | { readonly kind: "invocation"; readonly invocation: Invocation }
  | { readonly kind: "help"; readonly command: CommandName | undefined }
  /** No argument at all. */
  | { readonly kind: "welcome" }
  | { readonly kind: "mistake"; readonly message: string };

function mistake(message: string): Parsed {
  return { kind: "mistake", message };
}

const HELP_WORDS: readonly string[] = ["--help", "-h"];
const VERSION_WORDS: readonly string[] = ["--version", "-v", "-V"];

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];

function tokensOf(args: readonly string[], command: CommandSpec): readonly Token[] {
  const options = Object.fromEntries(
    command.flags.map((flag) => [flag.name, { type: flag.value === undefined ? "boolean" : "string" } as const]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** What is wrong with one flag, if anything. */
function checkFlag(token: Token & { kind: "option" }, command: CommandSpec): string | undefined {
  const flag = command.flags.find((candidate) => candidate.name === token.name && token.rawName.startsWith("--"));
  if (flag === undefined) {
    const hint = didYouMean(
      token.name,
      command.flags.map((candidate) => candidate.name),
    ).replace('"', '"--');
    return `${command.name} has no flag ${token.rawName}${hint}`;
  }
  if (flag.value === undefined) {
    return token.value === undefined ? undefined : `--${flag.name} takes no value`;
  }
  const isNextFlag = token.inlineValue === false && token.value?.startsWith("--") === true;
  return token.value === undefined || token.value === "" || isNextFlag
    ? `--${flag.name} needs a value: --${flag.name} ${flag.value}`
    : undefined;
}

function checkArguments(args: readonly string[], command: CommandSpec): string | undefined {
  const [min, max] = command.argumentCount;
  if (args.length < min)
    return `${command.name} needs an argument: aureon ${command.name} ${command.arguments.join(" ")}`;
  const extra = args[max];
  return extra === undefined ? undefined : `${command.name} takes no argument "${extra}"`;
}

function parseCommand(name: CommandName, args: readonly string[]): Parsed {
  const command = commandOf(name);
  const tokens = tokensOf(args, command);
  const values = new Map<string, string | undefined>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (HELP_WORDS.includes(token.rawName) && token.value === undefined) return { kind: "help", command: name };
    const message = checkFlag(token, command);
    if (message !== undefined) return mistake(message);
    values.set(token.name, token.value);
  }
  const message = checkArguments(positionals, command);
  if (message !== undefined) return mistake(message);
  const invocation: Invocation = {
    command: name,
    arguments: positionals,
    value: (flag) => values.get(flag),
    has: (flag) => values.has(flag),
  };
  return { kind: "invocation", invocation };
}

/** @param argv the arguments after the program's name */
export function parseCommandLine(argv: readonly string[]): Parsed {
  const [first, ...rest] = argv;
  if (first === undefined) return { kind: "welcome" };
  if (HELP_WORDS.includes(first)) return { kind: "help", command: undefined };
  if (VERSION_WORDS.includes(first)) return parseCommand("version", rest);
  if (isCommandName(first)) return parseCommand(first, rest);
  if (first.startsWith("-")) {
    return mistake(`expected a command before ${first}; --${HELP_FLAG.name} lists the commands`);
  }
  return mistake(`there is no command "${first}"${didYouMean(first, COMMAND_NAMES)}`);
}
