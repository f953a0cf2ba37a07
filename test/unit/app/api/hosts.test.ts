// Which Host headers a POST may carry, by what the server is bound to.

import { describe, expect, test } from "bun:test";
import { createHostCheck } from "../../../../src/app/api/hosts.ts";

const LOOPBACK = ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:8080", "127.0.0.2", "[::1]", "[::1]:8080"];
const PRIVATE = ["aureon-node-2:8080", "10.0.0.4:8080", "192.168.1.9", "[fd00::1]:8080", "node.local", "api.ns.svc"];
const FOREIGN = ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "", "a b"];

function refused(
  settings: { host: string; hostsAllowed?: readonly string[]; isWalletEnabled?: boolean },
  headers: readonly string[],
) {
  const check = createHostCheck({ hostsAllowed: [], isWalletEnabled: true, ...settings });
  return headers.filter((header) => !check(header));
}

for (const host of ["127.0.0.1", "localhost", "::1"]) {
  describe(`bound to ${host}`, () => {
    test("takes loopback names alone", () => {
      expect(refused({ host }, LOOPBACK)).toEqual([]);
      expect(refused({ host }, [...PRIVATE, ...FOREIGN])).toEqual([...PRIVATE, ...FOREIGN]);
    });

    test("with a wallet or without", () => {
      expect(refused({ host, isWalletEnabled: false }, FOREIGN)).toEqual(FOREIGN);
    });
  });
}

describe("bound to all addresses", () => {
  test("takes addresses and names that nobody outside can own", () => {
    expect(refused({ host: "0.0.0.0" }, [...LOOPBACK, ...PRIVATE])).toEqual([]);
    expect(refused({ host: "0.0.0.0" }, FOREIGN)).toEqual(FOREIGN);
  });

  test("takes any name when there is no wallet to protect", () => {
    expect(refused({ host: "0.0.0.0", isWalletEnabled: false }, FOREIGN)).toEqual([]);
  });
});

describe("the list of the configuration", () => {
  test("adds names, whatever their case", () => {
    expect(refused({ host: "0.0.0.0", hostsAllowed: ["API.Example"] }, ["api.example:443", "other.example"])).toEqual([
      "other.example",
    ]);
  });

  test("allows all with an asterisk", () => {
    expect(refused({ host: "127.0.0.1", hostsAllowed: ["*"] }, FOREIGN)).toEqual([]);
  });
});
