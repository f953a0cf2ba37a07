// Names of functions: read from the custom section when it can be read, and never a reason to refuse.

import { expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import {
  body,
  END,
  functionType,
  list,
  moduleOf,
  refusalOf,
  SECTION,
  section,
  sized,
  text,
} from "../../../../support/moduleBytes.ts";

function withNames(code: readonly number[], ...content: readonly number[]): Uint8Array {
  return moduleOf(
    list(SECTION.type, [functionType([], [])]),
    list(SECTION.function, [[0]]),
    list(SECTION.export, [[...text("run"), 0, 0]]),
    list(SECTION.code, [body([...code, END])]),
    section(SECTION.custom, [...text("name"), ...content]),
  );
}

function part(id: number, ...content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function namesOf(...content: readonly number[]): ReadonlyMap<number, string> | undefined {
  const result = decodeAndValidate(withNames([], ...content));
  return result.ok ? result.value.functionNames : undefined;
}

test("names are read, other parts passed over", () => {
  expect(namesOf(...part(0, ...text("module")), ...part(1, 1, 0, ...text("transfer")))).toEqual(
    new Map([[0, "transfer"]]),
  );
});

test("what cannot be read is left", () => {
  expect(namesOf()).toEqual(new Map());
  expect(namesOf(1, 50, 1, 0)).toEqual(new Map());
  expect(namesOf(...part(1, 2, 0, ...text("a"), 1, 1, 0xff))).toEqual(new Map([[0, "a"]]));
  expect(namesOf(...part(1, 0xff, 0xff, 0xff, 0xff, 0x0f))).toEqual(new Map());
});

test("a refusal tells the name, or that of an export", () => {
  const names = part(1, 1, 0, ...text('tra"nsfer\n'));
  expect(refusalOf(withNames([0x1a], ...names))).toMatchObject({
    message: expect.stringContaining('in function 0 ("tra\\u{22}nsfer\\u{a}");'),
    details: { functionIndex: 0, functionName: 'tra"nsfer\n' },
  });
  expect(refusalOf(withNames([0x1a]))?.details).toMatchObject({ functionName: "run" });
});

test("a long name is cut in the message", () => {
  const message = refusalOf(withNames([0x1a], ...part(1, 1, 0, ...text("a".repeat(100)))))?.message;
  expect(message).toContain(`("${"a".repeat(64)}...")`);
});
