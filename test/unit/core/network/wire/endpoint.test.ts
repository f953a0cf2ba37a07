// Endpoints: hosts of each form, ports at their bounds, and spellings that resolvers would take for something else.

import { expect, test } from "bun:test";
import { isEndpoint } from "../../../../../src/core/network/wire/endpoint.ts";
import { ENDPOINT_CASES } from "../../../../support/wireCases.ts";

test("endpoints are told from other text", () => {
  const texts = (values: readonly unknown[]) => values.filter((value) => typeof value === "string");
  expect(texts(ENDPOINT_CASES.accepted).filter((text) => !isEndpoint(text))).toEqual([]);
  expect(texts(ENDPOINT_CASES.refused).filter(isEndpoint)).toEqual([]);
});

test("a label has at most 63 characters, a name 253", () => {
  expect(isEndpoint(`${"a".repeat(63)}:1`)).toBe(true);
  expect(isEndpoint(`${"a".repeat(64)}:1`)).toBe(false);
  const name = `${"a".repeat(63)}.`.repeat(3);
  expect(isEndpoint(`${name}${"a".repeat(61)}:65535`)).toBe(true);
  expect(isEndpoint(`${name}${"a".repeat(62)}:65535`)).toBe(false);
});
