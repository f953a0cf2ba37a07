// How the SDK reads and writes JSON: strictly, exactly, and like any other reader where it accepts.

import { beforeAll, describe, expect, test } from "bun:test";
import { deploySdkProbe, type SdkProbe } from "../support/sdkProbe.ts";
import { createSeededRng } from "../support/seededRng.ts";

let probe: SdkProbe;
beforeAll(async () => {
  probe = await deploySdkProbe();
}, 60_000);

const BACKSLASH = "\\";

describe("reads", () => {
  test.each([
    "{}",
    "[]",
    "0",
    "-1",
    '"text"',
    "true",
    "false",
    ' \t\r\n{ "a" : [ 1 , 2 ] , "b" : { "c" : false } } ',
    "18446744073709551616",
    '"Grüße, 世界 \u{1f600}"',
    `"${BACKSLASH}"${BACKSLASH}${BACKSLASH}${BACKSLASH}/${BACKSLASH}b${BACKSLASH}f${BACKSLASH}n${BACKSLASH}r${BACKSLASH}t"`,
    `"${BACKSLASH}u00e4${BACKSLASH}uD83D${BACKSLASH}ude00${BACKSLASH}u0000"`,
    '{"":1,"ä":2}',
    `${"[".repeat(16)}1${"]".repeat(16)}`,
  ])("%s", (text) => {
    const { outcome, text: answer } = probe.ask("echo", text);
    expect(outcome).toBe("success");
    expect(JSON.parse(answer)).toEqual(JSON.parse(text));
  });

  test("like another reader, whatever is put together", () => {
    const random = createSeededRng(20);
    const pick = <Item>(items: readonly Item[]): Item => items[random.uint(items.length)] as Item;
    const value = (depth: number): unknown => {
      const kind = random.uint(depth > 3 ? 3 : 5);
      if (kind === 0) return pick([0, 1, -1, 2 ** 31, -(2 ** 53 - 1), 2 ** 53 - 1]);
      if (kind === 1) return pick([true, false]);
      if (kind === 2) return pick(["", "a", '"', "\\", "\n\u0001", "äöü", "\u{1f600}", "x".repeat(100)]);
      const items = Array.from({ length: random.uint(4) }, () => value(depth + 1));
      return kind === 3 ? items : Object.fromEntries(items.map((item, index) => [`k${index}`, item]));
    };
    for (let round = 0; round < 100; round++) {
      const made = value(0);
      expect(JSON.parse(probe.ask("echo", JSON.stringify(made)).text)).toEqual(made);
    }
  });
});

describe("refuses", () => {
  test.each([
    ["", "JSON: no value at byte 0"],
    ["null", "JSON: no value at byte 0"],
    ["tru", "JSON: no value at byte 0"],
    ["{} {}", "JSON: something follows at byte 3"],
    ["1.0", "JSON: not a whole number at byte 1"],
    ["1e3", "JSON: not a whole number at byte 1"],
    ["1E3", "JSON: not a whole number at byte 1"],
    ["01", "JSON: not a whole number at byte 2"],
    ["-0", "JSON: not a whole number at byte 2"],
    ["-", "JSON: not a whole number at byte 1"],
    ["+1", "JSON: no value at byte 0"],
    ["[1,]", "JSON: no value at byte 3"],
    ["[1", "JSON: expected , or ] at byte 2"],
    ['{"a":1,}', "JSON: expected a key at byte 7"],
    ["{a:1}", "JSON: expected a key at byte 1"],
    ['{"a" 1}', "JSON: expected : at byte 5"],
    ['{"a":1', "JSON: expected , or } at byte 6"],
    ['{"a":1,"\\u0061":2}', "JSON: a key comes twice at byte 15"],
    ['"abc', "JSON: a text is not closed at byte 4"],
    ['"a\nb"', "JSON: a text is not closed at byte 2"],
    ['"\\x"', "JSON: no such escape at byte 3"],
    ['"\\u12g4"', "JSON: no such escape at byte 5"],
    ['"\\ud83d"', "JSON: no such escape at byte 7"],
    ['"\\ud83d\\u0041"', "JSON: no such escape at byte 13"],
    ['"\\ude00"', "JSON: no such escape at byte 7"],
    [`${"[".repeat(18)}`, "JSON: nested too deeply at byte 17"],
  ])("%s", (text, message) => {
    const { outcome, text: answer } = probe.ask("echo", text);
    expect({ outcome, answer }).toEqual({ outcome: "revert", answer: message });
  });
});

describe("arguments", () => {
  test("of every kind are read and written", () => {
    const args = {
      u64: 9_007_199_254_740_991,
      bool: false,
      text: 'a "b" \\ ä\n\u0001',
      bytes: "0x00ff10",
      array: [1, "18446744073709551615"],
    };
    expect(JSON.parse(probe.ask("kinds", args).text)).toEqual(args);
  });

  test("above 2^53-1 are texts", () => {
    expect(probe.ask("kinds", { u64: "9007199254740991" }).text).toBe('{"u64":9007199254740991}');
    expect(probe.ask("kinds", '{"u64": 9007199254740992}').text).toBe('{"u64":"9007199254740992"}');
    expect(probe.ask("kinds", { u64: "18446744073709551615" }).text).toBe('{"u64":"18446744073709551615"}');
  });

  test.each([
    ["9223372036854775807", "9223372036854775807"],
    ["-9223372036854775808", "9223372036854775808"],
    ["-1", "18446744073709551615"],
  ])("of 64 bits with a sign: %s", (value, bits) => {
    expect(probe.ask("bits", { value }).text).toBe(`"${bits}"`);
  });

  test.each([
    ["kinds", '{"u64": "18446744073709551616"}', "u64 is not a number from 0 to 2^64-1"],
    ["kinds", '{"u64": 99999999999999999999}', "u64 is not a number from 0 to 2^64-1"],
    ["kinds", '{"u64": ""}', "u64 is not a number from 0 to 2^64-1"],
    ["kinds", '{"u64": "01"}', "u64 is not a number from 0 to 2^64-1"],
    ["kinds", '{"u64": "1٣"}', "u64 is not a number from 0 to 2^64-1"],
    ["bits", '{"value": 9223372036854775808}', "value does not fit into 64 bits"],
    ["bits", '{"value": -9223372036854775809}', "value does not fit into 64 bits"],
    ["kinds", '{"bool": 1}', "bool is not true or false"],
    ["kinds", '{"text": 1}', "text is not a text"],
    ["kinds", '{"array": {}}', "array is not an array"],
    ["kinds", '{"array": [1, true]}', "array[1] is not a whole number"],
    ["kinds", '{"bytes": "0x0"}', "bytes is not hexadecimal"],
    ["kinds", '{"bytes": "0X00"}', "bytes is not hexadecimal"],
    ["kinds", '{"bytes": "0x0g"}', "bytes is not hexadecimal"],
    ["kinds", '{"other": 1}', "there is no argument other"],
    ["bits", "{}", "the argument value is missing"],
    ["bits", "[]", "args is not an object"],
  ])("%s refuses %s", (name, args, message) => {
    const { outcome, text } = probe.ask(name, args);
    expect({ outcome, text }).toEqual({ outcome: "revert", text: message });
  });
});

describe("bytes", () => {
  const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
  const isText = (bytes: Uint8Array) => probe.ask("isText", { bytes: hex(bytes) }).text === "true";
  const decodes = (bytes: Uint8Array) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };

  test("are UTF-8 where every other decoder says so", () => {
    const edges = [
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee,
    ];
    const leads = [...edges, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff];
    const random = createSeededRng(21);
    const pick = () => leads[random.uint(leads.length)] as number;
    let texts = 0;
    for (let round = 0; round < 1000; round++) {
      const tails = Array.from({ length: random.uint(4) }, () =>
        random.chance(3, 4) ? 0x80 + random.uint(64) : pick(),
      );
      const bytes = Uint8Array.of(...new Array(random.uint(9)).fill(0x61), pick(), ...tails);
      expect(isText(bytes)).toBe(decodes(bytes));
      if (decodes(bytes)) texts++;
    }
    expect(texts).toBeGreaterThan(80);
  });

  test("that are no text are no JSON", () => {
    expect(probe.ask("parse", { bytes: hex(Buffer.from('"ä"')) }).text).toBe('"ä"');
    expect(probe.ask("parse", { bytes: "0x22ff22" }).text).toBe("JSON: not UTF-8");
  });
});
