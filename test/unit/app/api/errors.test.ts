// The table of error codes and its page in the documentation say the same.

import { describe, expect, test } from "bun:test";
import { ERRORS, errorResponse } from "../../../../src/app/api/errors.ts";

const page = await Bun.file(new URL("../../../../docs/spec/errors.md", import.meta.url)).text();
const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)].map(
  ([, code, httpStatus, meaning, nextStep]) => ({ code, httpStatus: Number(httpStatus), meaning, nextStep }),
);

describe("docs/spec/errors.md", () => {
  test("has each code of the table once, in its order and words", () => {
    const expected = Object.entries(ERRORS).map(([code, entry]) => ({ code, ...entry }));
    expect(rows).toEqual(expected as never);
  });
});

test("statuses are those of errors", () => {
  for (const { httpStatus } of Object.values(ERRORS)) expect(httpStatus >= 400 && httpStatus < 600).toBe(true);
});

test("an answer carries status, code, message and details, and leaves absent details out", async () => {
  const plain = errorResponse({ code: "node_busy", message: "later" });
  expect(plain.status).toBe(503);
  expect(await plain.json()).toEqual({ status: "error", error: { code: "node_busy", message: "later" } });
  const detailed = errorResponse({ code: "expired", message: "late", details: { height: 3 } }, { allow: "GET" });
  expect(detailed.headers.get("allow")).toBe("GET");
  expect(await detailed.json()).toEqual({
    status: "error",
    error: { code: "expired", message: "late", details: { height: 3 } },
  });
});
