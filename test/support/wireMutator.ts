// Spoils lines of the wire protocol: valid lines in, lines out that are wrong in one or a few places, from a seed.

/** A number from 0 inclusive to 1 exclusive. */
export type Random = () => number;

type Mutation = (line: string, random: Random, other: string) => string;

const LONG_LENGTH_MAX = 100_000;
const STRUCTURE = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "\\",
  " ",
  "0",
  "-",
  ".",
  "e",
  "null",
  "true",
  "\u0000",
  "\u00ff",
];
const NUMBERS = [
  ...["0", "-0", "-1", "1.5", "1e3", "00", "9007199254740991", "9007199254740992", "9007199254740990.6"],
  ...["18446744073709551616", "1e400", "null", '"7"', "[]", "{}", `1${"0".repeat(400)}`],
];
const NAMES = ["type", "kind", "nonce", "hash", "head", "block", "__proto__", "constructor", "toString", "", "x"];
const TEXTS = ["Ping", "hello", "blocks", "headers", "0x", "0x0", "0X00", "a:1", "[::1]:1", "\u00e9", "\ud800"];

export function integerBelow(random: Random, end: number): number {
  return Math.floor(random() * end);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[integerBelow(random, items.length)] as Item;
}

/** Replaces one of the places that `pattern` finds, chosen at random. */
function replaceOne(line: string, random: Random, pattern: RegExp, replacement: (found: string) => string): string {
  const found = [...line.matchAll(pattern)];
  if (found.length === 0) return line;
  const { 0: text, index } = pick(random, found);
  return line.slice(0, index) + replacement(text) + line.slice(index + text.length);
}

function cut(line: string, random: Random): readonly [start: number, end: number] {
  const start = integerBelow(random, line.length + 1);
  return [start, start + integerBelow(random, Math.min(line.length + 1 - start, 80))];
}

const flipByte: Mutation = (line, random) => {
  const at = integerBelow(random, line.length);
  const flipped = line.charCodeAt(at) ^ (1 << integerBelow(random, 8));
  return line.slice(0, at) + String.fromCharCode(flipped & 0xff) + line.slice(at + 1);
};

const truncate: Mutation = (line, random) => line.slice(0, integerBelow(random, line.length + 1));

const duplicatePart: Mutation = (line, random) => {
  const [start, end] = cut(line, random);
  return line.slice(0, end) + line.slice(start);
};

const removePart: Mutation = (line, random) => {
  const [start, end] = cut(line, random);
  return line.slice(0, start) + line.slice(end);
};

const splice: Mutation = (line, random, other) =>
  line.slice(0, integerBelow(random, line.length + 1)) + other.slice(integerBelow(random, other.length + 1));

const insertStructure: Mutation = (line, random) => {
  const at = integerBelow(random, line.length + 1);
  return line.slice(0, at) + pick(random, STRUCTURE) + line.slice(at);
};

const editNumber: Mutation = (line, random) => replaceOne(line, random, /(?<=[:[,])\d+/g, () => pick(random, NUMBERS));

const editKey: Mutation = (line, random) => replaceOne(line, random, /"\w+"(?=:)/g, () => `"${pick(random, NAMES)}"`);

const editText: Mutation = (line, random) =>
  replaceOne(line, random, /(?<=[:[,])"[^"]*"/g, () => `"${pick(random, TEXTS)}"`);

const editHex: Mutation = (line, random) =>
  replaceOne(line, random, /0x[0-9a-f]*/g, (hex) => {
    const at = 2 + integerBelow(random, hex.length - 1);
    const digits = pick(random, ["", "0", "f", "A", "g", "00", "é", "\u0000"]);
    return hex.slice(0, at) + digits + hex.slice(at + integerBelow(random, 3));
  });

const swapValue: Mutation = (line, random, other) => {
  const values = [...other.matchAll(/(?<=:)(?:"[^"]*"|\d+|null|\[[^[\]]*\]|\{[^{}]*\})/g)].map(([value]) => value);
  if (values.length === 0) return line;
  return replaceOne(line, random, /(?<=:)(?:"[^"]*"|\d+|null|\[[^[\]]*\])/g, () => pick(random, values));
};

const removeField: Mutation = (line, random) => replaceOne(line, random, /,"\w+":(?:"[^"]*"|\d+|null)/g, () => "");

const duplicateField: Mutation = (line, random) =>
  replaceOne(line, random, /"\w+":(?:"[^"]*"|\d+|null)/g, (field) => `${field},${field}`);

const nest: Mutation = (line, random) => {
  const depth = pick(random, [1, 2, 3, 4, 5, 32, 5000]);
  const [open, close] = pick(random, [["[", "]"] as const, ['{"a":', "}"] as const]);
  return replaceOne(
    line,
    random,
    /(?<=:)(?:"[^"]*"|\d+|null)/g,
    (value) => open.repeat(depth) + value + close.repeat(depth),
  );
};

const lengthen: Mutation = (line, random) => {
  const length = integerBelow(random, pick(random, [100, 3000, LONG_LENGTH_MAX]));
  const filling = pick(random, ["a", "00", "ff", ",0", "{", '"",']);
  return replaceOne(line, random, /(?<=:)"[^"]*(?=")/g, (text) => text + filling.repeat(length / filling.length));
};

const lengthenList: Mutation = (line, random) =>
  replaceOne(line, random, /\[[^[\]]+\]/g, (items) => {
    const count = integerBelow(random, pick(random, [8, 140, 1100]));
    return `[${new Array(count + 1).fill(items.slice(1, -1)).join()}]`;
  });

const MUTATIONS: readonly Mutation[] = [
  ...[flipByte, truncate, duplicatePart, removePart, splice, insertStructure, editNumber, editKey, editText, editHex],
  ...[swapValue, removeField, duplicateField, nest],
];

/** Few of these, since each costs as much as a hundred others. */
const LONG_MUTATIONS: readonly Mutation[] = [lengthen, lengthenList];
const LONG_SHARE = 0.01;
const UNCHANGED_SHARE = 0.05;

/** One of the lines with up to four mutations, or none; characters are bytes. May hold line feeds. */
export function mutateLine(lines: readonly string[], random: Random): string {
  let line = pick(random, lines);
  if (random() < UNCHANGED_SHARE) return line;
  for (let count = 1 + integerBelow(random, 4); count > 0; count--) {
    const mutation = pick(random, random() < LONG_SHARE ? LONG_MUTATIONS : MUTATIONS);
    line = mutation(line, random, pick(random, lines));
  }
  return line;
}
