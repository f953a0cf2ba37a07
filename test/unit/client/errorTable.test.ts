// The table of error codes and its page in the documentation say the same, and every code has a next step.

import { expect, test } from "bun:test";
import { CLIENT_ERRORS, createClient, FAILURES, nextStepOf, SERVER_ERRORS } from "../../../src/client/index.ts";
import { REASONS } from "../../../src/core/protocol/index.ts";

const page = await Bun.file(new URL("../../../docs/spec/errors.md", import.meta.url)).text();

test("the page has each code of the server once, in the table's order and words", () => {
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)].map(
    ([, code, httpStatus, meaning, nextStep]) => ({ code, httpStatus: Number(httpStatus), meaning, nextStep }),
  );
  expect(rows).toEqual(Object.entries(SERVER_ERRORS).map(([code, entry]) => ({ code, ...entry })) as never);
});

test("and so each code of the client", () => {
  const rows = [...page.matchAll(/^\| `[a-z]+` \| `([a-z_]+)` \| (.+) \| (.+) \|$/gm)].map(
    ([, code, meaning, nextStep]) => ({ code, meaning, nextStep }),
  );
  expect(rows).toEqual(Object.entries(CLIENT_ERRORS).map(([code, entry]) => ({ code, ...entry })) as never);
});

test("and so each reason that a contract fails of", () => {
  const rows = [...page.matchAll(/^\| `([a-zA-Z]+)` \| ([A-Z].+\.) \| (.+\.) \|$/gm)].map(
    ([, reason, meaning, nextStep]) => ({ reason, meaning, nextStep }),
  );
  expect(rows).toEqual(Object.entries(FAILURES).map(([reason, entry]) => ({ reason, ...entry })) as never);
  expect(Object.keys(FAILURES)).toEqual(REASONS.filter((reason) => reason !== "none"));
});

test("causes and next steps are full sentences", () => {
  const tables = [SERVER_ERRORS, CLIENT_ERRORS, FAILURES];
  for (const { meaning, nextStep } of tables.flatMap((table) => Object.values(table))) {
    expect([meaning, nextStep]).toEqual([expect.stringMatching(/^[A-Z`].+\.$/), expect.stringMatching(/^[A-Z`].+\.$/)]);
  }
  expect(nextStepOf("duplicate_key")).toBe(SERVER_ERRORS.duplicate_key.nextStep);
  expect(nextStepOf("wait_timeout")).toBe(CLIENT_ERRORS.wait_timeout.nextStep);
});

test("an error whose code the table does not have is no error of a server", async () => {
  for (const code of ["no_such_code", "toString", "network_error"]) {
    const body = JSON.stringify({ status: "error", error: { code, message: "words" } });
    const client = createClient({ url: "http://node.test", fetch: async () => new Response(body, { status: 400 }) });
    expect(await client.head()).toMatchObject({
      ok: false,
      error: { kind: "response", code: "unexpected_response", httpStatus: 400, message: expect.stringContaining(code) },
    });
  }
});
