// A log line: one line whatever the values hold, and JSON that parses back to them.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { chooseLogFormat, formatEntry, type LogEntry } from "../../../../src/io/logging/format.ts";

const ENTRY: LogEntry = {
  timeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  level: "info",
  module: "chain",
  event: "block imported",
  fields: { height: 5, hash: "0xab", slow: false, note: undefined },
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

describe("JSON", () => {
  test("has the time, level, module and event first, then the fields that are set", () => {
    expect(formatEntry("json", ENTRY)).toBe(
      '{"time":"2026-01-02T03:04:05.006Z","level":"info","module":"chain","event":"block imported",' +
        '"height":5,"hash":"0xab","slow":false}',
    );
  });

  test("renames fields that would hide the line's own, and quotes numbers that JSON has not", () => {
    const line = formatEntry("json", { ...ENTRY, fields: { time: 1, event: "x", rate: Number.NaN } });
    expect(JSON.parse(line)).toMatchObject({ event: "block imported", _time: 1, _event: "x", rate: "NaN" });
  });

  test("gives any text back, on one line without control characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (value) => {
        const line = formatEntry("json", { ...ENTRY, event: value, fields: { value } });
        expect(line).not.toMatch(UNSAFE);
        expect(JSON.parse(line)).toMatchObject({ event: value, value });
      }),
    );
  });
});

describe("words", () => {
  test("show time of day, level, module, event and fields", () => {
    const date = new Date(ENTRY.timeMs);
    const hours = String(date.getHours()).padStart(2, "0");
    const minutes = String(date.getMinutes()).padStart(2, "0");
    expect(formatEntry("human", ENTRY)).toBe(
      `${hours}:${minutes}:05.006 INFO  chain: block imported height=5 hash=0xab slow=false`,
    );
  });

  test("leave out the module of the node as a whole", () => {
    expect(formatEntry("human", { ...ENTRY, module: "", fields: {} })).toEndWith("INFO  block imported");
  });

  test("quote values that would be ambiguous", () => {
    const fields = { a: "two words", b: "", c: 'x="y"', d: "plain" };
    expect(formatEntry("human", { ...ENTRY, fields })).toEndWith('a="two words" b="" c="x=\\"y\\"" d=plain');
  });

  test("let no value start a new line or steer the terminal", () => {
    const fields = { a: "x\n12:00 ERROR forged", b: "\u001b[2J", c: "\u009b2J", d: "\u202eoops" };
    const line = formatEntry("human", { ...ENTRY, module: "m\r", event: "e\u0007", fields });
    expect(line).not.toMatch(UNSAFE);
    expect(line).toContain('a="x\\n12:00 ERROR forged" b=\\u001b[2J c=\\u009b2J d=\\u202eoops');
  });

  test("are coloured only when asked to be", () => {
    expect(formatEntry("human", ENTRY)).not.toContain("\u001b");
    expect(formatEntry("colour", { ...ENTRY, level: "error" })).toContain("\u001b[31mERROR\u001b[0m");
  });
});

test("a long text is cut and its length told", () => {
  const { value } = JSON.parse(formatEntry("json", { ...ENTRY, fields: { value: "x".repeat(5000) } })) as {
    value: string;
  };
  expect(value).toHaveLength(2048 + "... (2952 more characters)".length);
  expect(value).toEndWith("x... (2952 more characters)");
});

test.each([
  ["auto", true, undefined, "colour"],
  ["auto", true, "1", "human"],
  ["auto", true, "", "colour"],
  ["auto", false, undefined, "json"],
  ["human", false, undefined, "human"],
  ["human", true, undefined, "colour"],
  ["json", true, undefined, "json"],
] as const)("format %s with terminal %p and NO_COLOR %p is %s", (format, isTerminal, noColor, expected) => {
  expect(chooseLogFormat({ format, isTerminal, noColor })).toBe(expected);
});
