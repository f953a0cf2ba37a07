// The golden vectors are what this code writes. A difference is a change of the protocol: see scripts/vectors.ts.

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { VECTOR_FILES, vectorText } from "../../scripts/vectors.ts";

test.each([...VECTOR_FILES])("%s.json is what the code writes", async (file) => {
  const stored = await Bun.file(new URL(`${file}.json`, import.meta.url)).json();
  expect(JSON.parse(vectorText(file))).toEqual(stored);
});

test("there is no vector file without a builder", () => {
  const names = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".json"));
  expect(names.toSorted()).toEqual(VECTOR_FILES.map((file) => `${file}.json`).toSorted());
});
