// What a value of the configuration may be, whether it stands in TOML or in text: the general kinds. Those that know of
// the chain are in chainTypes.ts.

/** How a value is written; text from the environment or a flag is brought into this shape first. */
export type Shape = "boolean" | "integer" | "text" | "list" | "table";

/** One thing that is wrong, to be read after the key's name: `is "x"; expected ...`. */
export interface Fault {
  readonly reason: string;
  /** The entry of a table that it is about. */
  readonly entry?: string;
}

export type ReadValue<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export interface ValueType<Value> {
  readonly shape: Shape;
  /** What is expected, to be read after "expected". */
  readonly expected: string;
  /** @param raw a value of the TOML parser, integers as bigint */
  read(raw: unknown): ReadValue<Value>;
  /** The value as TOML; for a table its lines. */
  toToml(value: Value): string;
}

const SHOWN_LENGTH_MAX = 60;
/** A longer list is printed with an entry a line. */
const LIST_LINE_LENGTH_MAX = 90;
const INTEGER_TEXT = /^(?:0|[1-9][0-9]{0,18})$/;

/** A raw value as a message repeats it. */
export function showRaw(raw: unknown): string {
  if (typeof raw === "string") {
    const text = raw.length <= SHOWN_LENGTH_MAX ? raw : `${raw.slice(0, SHOWN_LENGTH_MAX)}...`;
    return JSON.stringify(text);
  }
  if (typeof raw === "number") return Number.isInteger(raw) ? `${raw}.0` : String(raw);
  if (typeof raw === "bigint" || typeof raw === "boolean") return String(raw);
  if (Array.isArray(raw)) return "a list";
  return raw instanceof Date ? "a date" : "a table";
}

export function fault(reason: string): { readonly ok: false; readonly faults: readonly Fault[] } {
  return { ok: false, faults: [{ reason }] };
}

function mismatch(raw: unknown, expected: string) {
  return fault(`is ${showRaw(raw)}; expected ${expected}`);
}

export function isTable(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw) && !(raw instanceof Date);
}

export const boolean: ValueType<boolean> = {
  shape: "boolean",
  expected: "true or false",
  read: (raw) => (typeof raw === "boolean" ? { ok: true, value: raw } : mismatch(raw, "true or false")),
  toToml: String,
};

/** Integers from `min` to `max`, both inclusive. `1.0` is none, whatever its value. */
export function integer<Value extends number = number>(options: { min: number; max: number }): ValueType<Value> {
  const { min, max } = options;
  const limit = max === Number.MAX_SAFE_INTEGER ? "2^53-1" : String(max);
  const expected = `an integer from ${min} to ${limit}`;
  return {
    shape: "integer",
    expected,
    read(raw) {
      if (typeof raw !== "bigint" || raw < BigInt(min) || raw > BigInt(max)) return mismatch(raw, expected);
      return { ok: true, value: Number(raw) as Value };
    },
    toToml: String,
  };
}

export function choice<const Value extends string>(values: readonly Value[]): ValueType<Value> {
  const quoted = values.map((value) => JSON.stringify(value));
  const expected = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return {
    shape: "text",
    expected,
    read(raw) {
      const value = values.find((candidate) => candidate === raw);
      return value === undefined ? mismatch(raw, expected) : { ok: true, value };
    },
    toToml: (value) => JSON.stringify(value),
  };
}

/** Text that `parse` makes a value of; it answers undefined to what it does not take. */
export function text<Value = string>(options: {
  expected: string;
  parse: (text: string) => Value | undefined;
  print?: (value: Value) => string;
}): ValueType<Value> {
  const { expected, parse, print = String } = options;
  return {
    shape: "text",
    expected,
    read(raw) {
      const value = typeof raw === "string" ? parse(raw) : undefined;
      return value === undefined ? mismatch(raw, expected) : { ok: true, value };
    },
    toToml: (value) => JSON.stringify(print(value)),
  };
}

/** Text that may be absent; in TOML and in text, absent is the empty text. */
export function optional<Value>(type: ValueType<Value>): ValueType<Value | undefined> {
  return {
    shape: type.shape,
    expected: `${type.expected}, or "" for none`,
    read: (raw) => (raw === "" ? { ok: true, value: undefined } : type.read(raw)),
    toToml: (value) => (value === undefined ? '""' : type.toToml(value)),
  };
}

function printList(entries: readonly string[]): string {
  const line = `[${entries.join(", ")}]`;
  return line.length <= LIST_LINE_LENGTH_MAX ? line : `[\n${entries.map((entry) => `  ${entry},\n`).join("")}]`;
}

/** A list without repeated entries. */
export function list<Value>(
  type: ValueType<Value>,
  options: { expected: string; countMax: number },
): ValueType<readonly Value[]> {
  const expected = `a list of ${options.expected}`;
  return {
    shape: "list",
    expected,
    read(raw) {
      // The text itself may be a secret that lacks its brackets.
      if (!Array.isArray(raw))
        return fault(`is ${typeof raw === "string" ? "a text" : showRaw(raw)}; expected ${expected}`);
      if (raw.length > options.countMax)
        return fault(`has ${raw.length} entries; expected at most ${options.countMax}`);
      const values = new Set<Value>();
      const faults: Fault[] = [];
      raw.forEach((entry, index) => {
        const result = type.read(entry);
        if (!result.ok) {
          for (const { reason } of result.faults) faults.push({ reason: `entry ${index + 1} ${reason}` });
        } else if (values.has(result.value)) {
          faults.push({ reason: `entry ${index + 1} repeats an earlier one; expected each once` });
        } else {
          values.add(result.value);
        }
      });
      return faults.length > 0 ? { ok: false, faults } : { ok: true, value: [...values] };
    },
    toToml: (values) => printList(values.map((value) => type.toToml(value))),
  };
}

function textToScalar(text: string): unknown {
  return INTEGER_TEXT.test(text) ? BigInt(text) : text;
}

function textToTable(entries: readonly string[]): ReadValue<unknown> {
  const table = new Map<string, unknown>();
  for (const entry of entries) {
    const equals = entry.indexOf("=");
    if (equals < 0) return fault(`has the entry ${showRaw(entry)}; expected NAME=VALUE`);
    const name = entry.slice(0, equals).trim();
    if (table.has(name)) return fault(`names ${showRaw(name)} twice`);
    table.set(name, textToScalar(entry.slice(equals + 1).trim()));
  }
  return { ok: true, value: Object.fromEntries(table) };
}

/**
 * Brings text from the environment or a flag into a shape. Text that doesn't fit is passed on as it is, for the type's
 * own message. The entries of lists and tables are parted by commas or line ends.
 */
export function textToRaw(shape: Shape, text: string): ReadValue<unknown> {
  if (shape === "integer") return { ok: true, value: textToScalar(text) };
  if (shape === "boolean") return { ok: true, value: text === "true" ? true : text === "false" ? false : text };
  if (shape === "text") return { ok: true, value: text };
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return shape === "list" ? { ok: true, value: entries } : textToTable(entries);
}
