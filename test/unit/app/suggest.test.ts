// Near names.

import { expect, test } from "bun:test";
import { didYouMean, suggest } from "../../../src/app/suggest.ts";

const NAMES = ["port", "host", "websocket_port", "cors_origins", "dev", "config"];

test.each([
  ["prot", "port"],
  ["porr", "port"],
  ["hosts", "host"],
  ["websocket-port", "websocket_port"],
  ["corsorigins", "cors_origins"],
  ["conf", "config"],
  ["DEV", "dev"],
  ["dve", "dev"],
])("%s is near %s", (name, expected) => {
  expect(suggest(name, NAMES)).toBe(expected);
});

test.each(["", "zebra", "x", "start", "p".repeat(100)])("%j is near nothing", (name) => {
  expect(suggest(name, NAMES)).toBeUndefined();
});

test("the nearest wins", () => {
  expect(suggest("porta", ["ports", "porta1", "port"])).toBe("ports");
  expect(suggest("porta", ["ports", "porta", "port"])).toBe("porta");
});

test("the question is left out where there is nothing to ask", () => {
  expect(didYouMean("prot", NAMES)).toBe('; did you mean "port"?');
  expect(didYouMean("zebra", NAMES)).toBe("");
});
