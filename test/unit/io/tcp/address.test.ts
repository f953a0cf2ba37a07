// One form for each IP address.

import { describe, expect, test } from "bun:test";
import { admissionKey, normalizeAddress } from "../../../../src/io/tcp/address.ts";

describe("an address has one form", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"],
    ["0:0:0:0:0:ffff:c000:0201", "192.0.2.1"],
    ["::ffff:255.255.0.255", "255.255.0.255"],
    ["::1", "0:0:0:0:0:0:0:1"],
    ["::", "0:0:0:0:0:0:0:0"],
    ["2001:DB8::00ff", "2001:db8:0:0:0:0:0:ff"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"],
    ["1::", "1:0:0:0:0:0:0:0"],
    ["64:ff9b::192.0.2.33", "64:ff9b:0:0:0:0:c000:221"],
    ["fe80::1%eth0", "fe80:0:0:0:0:0:0:1"],
    ["::1:ffff:192.0.2.1", "0:0:0:0:1:ffff:c000:201"],
    ["no address", "no address"],
    ["", ""],
  ])("%s is %s", (address, expected) => {
    expect(normalizeAddress(address)).toBe(expected);
    expect(normalizeAddress(expected)).toBe(expected);
  });
});

describe("connections are counted", () => {
  test("by the address of IPv4", () => {
    expect(admissionKey("192.0.2.1")).toBe("192.0.2.1");
    expect(admissionKey("192.0.2.2")).not.toBe(admissionKey("192.0.2.1"));
  });

  test("by the /64 of IPv6", () => {
    const key = (address: string) => admissionKey(normalizeAddress(address));
    expect(key("2001:db8:1:2::1")).toBe(key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    expect(key("2001:db8:1:2::1")).not.toBe(key("2001:db8:1:3::1"));
  });
});
