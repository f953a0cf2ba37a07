// `host:port` and `[IPv6]:port`.

import { describe, expect, test } from "bun:test";
import { parseEndpoint } from "../../../../src/io/tcp/endpoint.ts";

describe("an endpoint", () => {
  test.each([
    ["192.0.2.1:6000", { host: "192.0.2.1", port: 6000 }],
    ["node-1.example:1", { host: "node-1.example", port: 1 }],
    ["node_1:65535", { host: "node_1", port: 65_535 }],
    ["[::1]:6000", { host: "::1", port: 6000 }],
    ["[::ffff:192.0.2.1]:6000", { host: "::ffff:192.0.2.1", port: 6000 }],
    [`${"a".repeat(253)}:1`, { host: "a".repeat(253), port: 1 }],
  ])("%s is taken apart", (text, expected) => {
    expect(parseEndpoint(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    "",
    "host",
    ":6000",
    "host:",
    "host:0",
    "host:01",
    "host:65536",
    "host:99999",
    "host:123456",
    "host:-1",
    "host:6000 ",
    "ho st:6000",
    "::1:6000",
    "[]:6000",
    "[::1]",
    "[::1]6000",
    "[1:2]:6000",
    "[192.0.2.1]:6000",
    "http://host:6000",
    "host:6000\n",
    `${"a".repeat(254)}:1`,
  ])("%j is refused", (text) => {
    expect(parseEndpoint(text)).toMatchObject({ ok: false, refusal: { code: "invalid_endpoint" } });
  });
});
