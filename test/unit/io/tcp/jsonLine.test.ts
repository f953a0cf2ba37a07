// Lines as JSON: what is taken as `JSON.parse` takes it, and each form that is refused although it takes it.

import { expect, test } from "bun:test";
import { ENDPOINTS_PER_MESSAGE_MAX, TRANSACTIONS_PER_MESSAGE_MAX } from "../../../../src/core/network/limits.ts";
import { parseJsonLine } from "../../../../src/io/tcp/index.ts";
import { LINE_COMMAS_MAX, LINE_DEPTH_MAX, LINE_KEYS_PER_OBJECT_MAX } from "../../../../src/io/tcp/jsonLine.ts";

function messageOf(text: string): string {
  const parsed = parseJsonLine(text);
  if (parsed.ok) return "taken";
  expect(parsed.refusal.code).toBe("malformed_message");
  return parsed.refusal.message;
}

test("an object is read", () => {
  const lines = [
    "{}",
    '{"type":"Ping","nonce":0}',
    '{ "a" : [ 1 , 9007199254740991 , null , true , false , "" ] , "b" : { "a" : { } } } ',
    '{"a":"{[,:]}","a:":"b"}',
    '{"__proto__":1,"toString":2}',
    '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}',
    `{"a":"0x${"00".repeat(100_000)}"}`,
  ];
  for (const line of lines) expect(parseJsonLine(line)).toEqual({ ok: true, value: JSON.parse(line) });
});

test("what is no object is refused", () => {
  const lines = ["", " ", "null", "1", '"a"', "[]", '[{"a":1}]', ' {"a":1}', "\ufeff{}"];
  for (const line of lines) expect(messageOf(line)).toContain("one JSON object");
});

test("numbers are integers from 0 to 2^53-1, written in digits alone", () => {
  const value = (number: string) => `{"a":${number}}`;
  for (const number of ["0", "1", "10", "999999999999999", "9007199254740991"]) {
    expect(messageOf(value(number))).toBe("taken");
  }
  const past = ["9007199254740992", "9007199254740993", "9999999999999999", "10000000000000000", "1".repeat(400)];
  for (const number of past) expect(messageOf(value(number))).toContain("above 9007199254740991");
  for (const number of ["00", "01", "007", "00000000000000000"])
    expect(messageOf(value(number))).toContain("leading zero");
  const signs = ["-1", "-0", "+1", "1.0", "9007199254740990.6", ".5", "1E5"];
  for (const number of signs) expect(messageOf(value(number))).toContain("outside of JSON");
  for (const number of ["1e5", "1e+5", "0e0", "1e", "0x1", "1n"])
    expect(messageOf(value(number))).toContain("a letter");
  for (const number of ["Infinity", "NaN"]) expect(messageOf(value(number))).not.toBe("taken");
});

test("a key comes once in an object", () => {
  for (const line of ['{"a":1,"a":1}', '{"a":1,"b":2,"a" :3}', '{"x":[{"":1,"":2}]}', '{"a":{"b":1},"a":1}']) {
    expect(messageOf(line)).toContain("given twice");
  }
});

test("objects and arrays nest four deep, and not five", () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  for (const nest of [nested, nestedObjects]) {
    expect(messageOf(nest(LINE_DEPTH_MAX))).toBe("taken");
    expect(messageOf(nest(LINE_DEPTH_MAX + 1))).toContain("nested deeper than 4");
    expect(messageOf(nest(500_000))).toContain("nested deeper than 4");
  }
});

test("keys of an object and values of a line are bounded, above what messages have", () => {
  const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join()}}`;
  expect(messageOf(keys(LINE_KEYS_PER_OBJECT_MAX))).toBe("taken");
  expect(messageOf(keys(LINE_KEYS_PER_OBJECT_MAX + 1))).toContain("more than 16 keys");
  const values = (commas: number) => `{"a":[${"0,".repeat(commas)}0]}`;
  expect(messageOf(values(LINE_COMMAS_MAX))).toBe("taken");
  expect(messageOf(values(LINE_COMMAS_MAX + 1))).toContain("more than 2048 commas");
  expect(LINE_COMMAS_MAX).toBeGreaterThan(TRANSACTIONS_PER_MESSAGE_MAX + ENDPOINTS_PER_MESSAGE_MAX);
});

test("escapes, halves of surrogate pairs and control characters are refused", () => {
  for (const line of ['{"a":"\\n"}', '{"a":"\\ud800"}', '{"a":"\\""}', '{"\\u0061":1}', "{}\\"]) {
    expect(messageOf(line)).toContain("backslash");
  }
  expect(messageOf('{"a":"\ud800"}')).toContain("surrogate");
  for (const line of ['{"a":"\n"}', '{"a":"\u0000"}', '{"a":"\t"}', '{"a\u001f":1}']) {
    expect(messageOf(line)).toContain("no JSON");
  }
});

test("what is no JSON is refused", () => {
  const lines = [
    ...["{", "}", "{}}", "{}{}", "{} {}", "{]", '{"a":[}', '{"a":1]', '{"a"}', '{"a":}', '{"a":1,}', "{,}", '{"a" 1}'],
    ...['{"a":1 "b":2}', '{"a":tru}', '{"a":True}', '{"a":nulll}', "{a:1}", "{'a':1}", '{"a":"', '{"a', '{"a":"b}'],
    ...['{"a":[1 2]}', '{"a":["b":1]}', '{"a":1}x', '{"a":1}\n', '{"a":1}\u0000', '{"a":/**/1}', "{1:1}", '{"a":1\t}'],
  ];
  for (const line of lines) expect([line, messageOf(line) === "taken"]).toEqual([line, false]);
});
