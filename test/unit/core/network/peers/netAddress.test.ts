// Kinds and groups of addresses, and the one way in which an endpoint is written.

import { describe, expect, test } from "bun:test";
import { addressKind, groupOf, isSharedWith, parseEndpoint } from "../../../../../src/core/network/peers/netAddress.ts";

test.each([
  ["8.8.8.8", "public", "8.8"],
  ["172.15.255.255", "public", "172.15"],
  ["172.16.0.0", "private", undefined],
  ["172.31.255.255", "private", undefined],
  ["172.32.0.0", "public", "172.32"],
  ["10.1.2.3", "private", undefined],
  ["192.168.1.1", "private", undefined],
  ["169.254.1.1", "private", undefined],
  ["100.63.255.255", "public", "100.63"],
  ["100.64.0.1", "private", undefined],
  ["100.128.0.1", "public", "100.128"],
  ["127.0.0.1", "loopback", undefined],
  ["127.255.255.255", "loopback", undefined],
  ["0.0.0.0", "unusable", "0.0"],
  ["224.0.0.1", "unusable", "224.0"],
  ["255.255.255.255", "unusable", "255.255"],
  ["::1", "loopback", undefined],
  ["::", "unusable", "0:0"],
  ["2001:db8:1::5", "public", "2001:db8"],
  ["2001:db8::", "public", "2001:db8"],
  ["fc00::1", "private", undefined],
  ["fdff::1", "private", undefined],
  ["fe00::1", "public", "fe00:0"],
  ["fe80::1", "private", undefined],
  ["fec0::1", "public", "fec0:0"],
  ["ff02::1", "unusable", "ff02:0"],
  ["::ffff:1.2.3.4", "public", "1.2"],
  ["::ffff:127.0.0.1", "loopback", undefined],
  ["localhost", "loopback", undefined],
  ["node-2", "private", undefined],
  ["node.example.org", "public", "name"],
] as const)("%s is %s", (host, kind, group) => {
  expect([addressKind(host), groupOf(host)]).toEqual([kind, group as string]);
});

describe("an endpoint", () => {
  test.each([
    ["1.2.3.4:1", { host: "1.2.3.4", port: 1 }],
    ["1.2.3.4:65535", { host: "1.2.3.4", port: 65_535 }],
    ["node_1.example:6000", { host: "node_1.example", port: 6000 }],
    ["[::1]:6000", { host: "::1", port: 6000 }],
    ["[2001:db8:0:0:0:0:0:1]:6000", { host: "2001:db8:0:0:0:0:0:1", port: 6000 }],
  ])("%s is one", (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
  });

  test.each([
    "",
    ":6000",
    "1.2.3.4",
    "1.2.3.4:",
    "1.2.3.4:0",
    "1.2.3.4:65536",
    "1.2.3.4:06000",
    "1.2.3.4: 6000",
    "1.2.3.256:6000",
    "01.2.3.4:6000",
    "1.2.3:6000",
    "0.0.0.0:6000",
    "[::]:6000",
    "[ff02::1]:6000",
    "::1:6000",
    "[1.2.3.4]:6000",
    "[::1::]:6000",
    "[1:2:3:4:5:6:7:8:9]:6000",
    "[1:2:3:4:5:6:7]:6000",
    "[fe80::1%eth0]:6000",
    "Node:6000",
    "a..b:6000",
    "-a:6000",
    "a-:6000",
    "a b:6000",
    `${"a".repeat(64)}:6000`,
    `${"a.".repeat(140)}a:6000`,
    "a:6000\n",
  ])("%p is none", (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });
});

test.each([
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "10.0.0.1", false],
  ["127.0.0.1", "8.8.8.8", false],
  ["10.0.0.1", "127.0.0.1", true],
  ["10.0.0.1", "192.168.0.1", true],
  ["10.0.0.1", "8.8.8.8", false],
  ["node-2", "8.8.8.8", false],
  ["8.8.8.8", "10.0.0.1", true],
  ["node.example.org", "8.8.4.4", true],
])("an endpoint at %s is shared with a node at %s: %p", (endpointHost, address, isShared) => {
  expect(isSharedWith({ endpointHost, address })).toBe(isShared);
});
