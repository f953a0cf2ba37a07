// The strict JSON parser: what it takes, and the reason and place of what it refuses.

import { describe, expect, test } from "bun:test";
import { compactJson, isJsonObject, JSON_DEPTH_MAX, type JsonCode, parseJson } from "../../../../src/app/json/index.ts";
import { JsonText } from "../../../../src/client/json/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function refusal(body: string | Uint8Array) {
  const parsed = parseJson(typeof body === "string" ? bytes(body) : body);
  return parsed.ok ? undefined : parsed.refusal;
}

describe("accepts", () => {
  const values: readonly unknown[] = [
    null,
    true,
    false,
    0,
    Number.MAX_SAFE_INTEGER,
    "",
    'quote " backslash \\ slash / \b\f\n\r\t',
    "é € 😀 \u0000 \u2028",
    [],
    {},
    [1, [2, [3]], { a: { b: [] } }],
    { tx: { from: "0xab", amount: 100 }, "": 1, constructor: 2 },
  ];
  for (const value of values) {
    test(JSON.stringify(value), () => {
      expect(parseJson(bytes(JSON.stringify(value)))).toEqual({ ok: true, value: value as never });
      expect(parseJson(bytes(` \n\t\r${JSON.stringify(value, null, 2)} `))).toEqual({
        ok: true,
        value: value as never,
      });
    });
  }

  test("escapes of any character, a pair of surrogates among them", () => {
    expect(parseJson(bytes('"\\u0041\\ud83d\\ude00\\u00E9\\/"'))).toEqual({ ok: true, value: "A😀é/" });
  });

  test(`${JSON_DEPTH_MAX} levels`, () => {
    expect(refusal("[".repeat(JSON_DEPTH_MAX) + "]".repeat(JSON_DEPTH_MAX))).toBeUndefined();
  });

  test("__proto__ as a key like any other", () => {
    const parsed = parseJson(bytes('{"__proto__": {"polluted": 1}}'));
    const value = (parsed as { value: Record<string, unknown> }).value;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(value.polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("refuses numbers by their source text", () => {
  const texts = [
    "9007199254740992",
    "9007199254740990.6",
    "0.99999999999999999999",
    "99999999999999999999999999",
    "-1",
    "-0",
    "1.0",
    "1.",
    "1e3",
    "1E0",
    "01",
    "00",
    "-",
    "0x10",
    "1n",
  ];
  for (const text of texts) {
    test(text, () => {
      const found = refusal(`{"amount": ${text}}`);
      expect(found?.code).toBe("invalid_number");
      expect(found?.details).toEqual({ position: 11, text });
      expect(found?.message).toContain(text);
    });
  }

  test("and shows no more than the start of a long one", () => {
    expect(refusal("1".repeat(1000))?.details).toEqual({ position: 0, text: "1".repeat(40) });
  });
});

describe("refuses", () => {
  const cases: readonly (readonly [body: string, code: JsonCode, position: number])[] = [
    ["", "invalid_json", 0],
    ["  ", "invalid_json", 2],
    ["nul", "invalid_json", 0],
    ["True", "invalid_json", 0],
    ["NaN", "invalid_json", 0],
    ["undefined", "invalid_json", 0],
    ["{} {}", "invalid_json", 3],
    ["truefalse", "invalid_json", 4],
    ["[1,]", "invalid_json", 3],
    ["[1 2]", "invalid_json", 3],
    ["[", "invalid_json", 1],
    ["[1", "invalid_json", 2],
    ["]", "invalid_json", 0],
    ['{"a"}', "invalid_json", 4],
    ['{"a":}', "invalid_json", 5],
    ['{"a":1,}', "invalid_json", 7],
    ['{"a":1', "invalid_json", 6],
    ["{a:1}", "invalid_json", 1],
    ["{'a':1}", "invalid_json", 1],
    ["{1:1}", "invalid_json", 1],
    ["/* */1", "invalid_json", 0],
    ['"a', "invalid_json", 2],
    ['"a\\', "invalid_json", 2],
    ['"a\nb"', "invalid_json", 2],
    ['"\\n\u0001"', "invalid_json", 3],
    ['"\\x41"', "invalid_json", 1],
    ['"\\u12"', "invalid_json", 1],
    ['"\\u12g4"', "invalid_json", 1],
    ["\u00a01", "invalid_json", 0],
    ['{"a":1,"b":2,"a":1}', "duplicate_key", 13],
    ['{"a":1,"\\u0061":2}', "duplicate_key", 7],
    ['{"__proto__":1,"__proto__":2}', "duplicate_key", 15],
    ['["\\ud800"]', "lone_surrogate", 1],
    ['["\\ude00\\ud83d"]', "lone_surrogate", 1],
    ['{"\\udfff":1}', "lone_surrogate", 1],
    ["[".repeat(JSON_DEPTH_MAX + 1), "nesting_too_deep", JSON_DEPTH_MAX],
    ['{"a":'.repeat(JSON_DEPTH_MAX + 1), "nesting_too_deep", 5 * JSON_DEPTH_MAX],
  ];
  for (const [body, code, position] of cases) {
    test(`${JSON.stringify(body.slice(0, 30))} as ${code}`, () => {
      const found = refusal(body);
      expect(found?.code).toBe(code);
      expect(found?.details?.position).toBe(position);
    });
  }

  test("a byte order mark", () => {
    expect(refusal("\ufeff{}")).toMatchObject({
      code: "invalid_json",
      message: expect.stringContaining("byte order mark"),
    });
  });

  const malformed: Readonly<Record<string, readonly number[]>> = {
    "a lone continuation byte": [0x22, 0x80, 0x22],
    "an overlong form": [0x22, 0xc0, 0x80, 0x22],
    "half of a surrogate pair in bytes": [0x22, 0xed, 0xa0, 0x80, 0x22],
    "a sequence that is cut off": [0x22, 0xe2, 0x82],
    "a code point past U+10FFFF": [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
  };
  for (const [name, body] of Object.entries(malformed)) {
    test(name, () => {
      expect(refusal(Uint8Array.from(body))).toMatchObject({
        code: "invalid_json",
        message: expect.stringContaining("UTF-8"),
      });
    });
  }
});

describe("a value that is wanted as text", () => {
  const read = (body: string) => parseJson(bytes(body), { textKeys: ["args"] });

  test("keeps its numbers, the order of its keys and its strings, without space", () => {
    const source =
      ' { "b" : [ -0.50 , 1E+3, 90071992547409930 ] , "1":null,"a":{"args": [true]}, "\\u0041":"\\u00e9\\n" } ';
    const parsed = read(`{"tx":[{"args":${source},"nonce":1}]}`);
    const text = '{"b":[-0.50,1E+3,90071992547409930],"1":null,"a":{"args":[true]},"A":"é\\n"}';
    expect(parsed).toEqual({ ok: true, value: { tx: [{ args: new JsonText(text), nonce: 1 }] } as never });
    expect(compactJson(source)).toEqual({ ok: true, value: text });
    expect(JSON.parse(text)).toEqual(JSON.parse(source));
  });

  test("is itself where it is a string", () => {
    expect(read('{"args":"[ 1 ]","function":"f"}')).toEqual({ ok: true, value: { args: "[ 1 ]", function: "f" } });
  });

  test("is no object", () => {
    const parsed = read('{"args":{}}');
    expect(parsed.ok && isJsonObject(parsed.value) && isJsonObject(parsed.value.args ?? null)).toBe(false);
  });

  const refused: readonly (readonly [args: string, code: JsonCode])[] = [
    ["01", "invalid_number"],
    ["[1.]", "invalid_number"],
    ["[-]", "invalid_number"],
    ["[1e]", "invalid_number"],
    ["[+1]", "invalid_json"],
    ["[.5]", "invalid_json"],
    ["[NaN]", "invalid_json"],
    ['{"a":1,"a":2}', "duplicate_key"],
    ['["\\ud800"]', "lone_surrogate"],
    ["[1,]", "invalid_json"],
    ["[".repeat(JSON_DEPTH_MAX) + "]".repeat(JSON_DEPTH_MAX), "nesting_too_deep"],
  ];
  for (const [args, code] of refused) {
    test(`${args.slice(0, 20)} is refused as ${code}`, () => {
      const parsed = read(`{"args":${args}}`);
      expect(parsed.ok ? undefined : parsed.refusal.code).toBe(code);
    });
  }

  test("does not loosen the rules for what stands around it", () => {
    for (const body of ['{"args":[-1],"amount":-1}', '{"amount":1.0,"args":[1.0]}', '{"args":1.5,"nonce":1e3}']) {
      const parsed = read(body);
      expect(parsed.ok ? undefined : parsed.refusal.code).toBe("invalid_number");
    }
  });
});
