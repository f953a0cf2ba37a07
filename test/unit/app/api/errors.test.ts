// What an answer to a refused request carries.

import { expect, test } from "bun:test";
import { errorResponse } from "../../../../src/app/api/errors.ts";
import { SERVER_ERRORS } from "../../../../src/client/index.ts";

test("statuses are those of errors", () => {
  for (const { httpStatus } of Object.values(SERVER_ERRORS)) expect(httpStatus >= 400 && httpStatus < 600).toBe(true);
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
