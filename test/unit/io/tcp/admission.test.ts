// Who may connect: the list, the caps and the rates, each at its bound.

import { beforeEach, describe, expect, test } from "bun:test";
import { AssertionError } from "../../../../src/core/primitives/index.ts";
import { Admission } from "../../../../src/io/tcp/admission.ts";
import { defaultTcpLimits, type TcpLimits } from "../../../../src/io/tcp/index.ts";

const NO_RATE = { perSecond: 1_000_000, burst: 1_000_000 };
const LIMITS: TcpLimits = {
  ...defaultTcpLimits({ lineSizeBytesMax: 1000, connectionsMax: 5, perAddressMax: 2 }),
  connectionRate: NO_RATE,
  connectionRateTotal: NO_RATE,
};

let admission: Admission;

beforeEach(() => {
  admission = new Admission(LIMITS, 0);
});

describe("connections at once", () => {
  test("are capped for an address, and each that ends makes room", () => {
    const admit = () => admission.admit("192.0.2.1", 0);
    expect([admit(), admit(), admit()]).toEqual(["admitted", "admitted", "too_many_of_address"]);
    admission.release("192.0.2.1");
    expect([admit(), admit()]).toEqual(["admitted", "too_many_of_address"]);
  });

  test("are capped for a /64 of IPv6", () => {
    const verdicts = [1, 2, 3].map((last) => admission.admit(`2001:db8:0:0:0:0:0:${last}`, 0));
    expect(verdicts).toEqual(["admitted", "admitted", "too_many_of_address"]);
    expect(admission.admit("2001:db8:0:1:0:0:0:1", 0)).toBe("admitted");
  });

  test("are capped in all", () => {
    const admit = (last: number) => admission.admit(`192.0.2.${last}`, 0);
    expect([1, 2, 3, 4, 5, 6].map(admit)).toEqual([...new Array(5).fill("admitted"), "too_many"]);
    admission.release("192.0.2.3");
    expect([7, 8].map(admit)).toEqual(["admitted", "too_many"]);
  });

  test("are released by those only that have one", () => {
    expect(() => admission.release("192.0.2.1")).toThrow(AssertionError);
  });
});

describe("the list of refused addresses", () => {
  test("is asked first, in any form of an address, and replaces the one before", () => {
    admission.refuse(["::ffff:192.0.2.1", "2001:DB8::1"]);
    expect(admission.admit("192.0.2.1", 0)).toBe("address_refused");
    expect(admission.admit("2001:db8:0:0:0:0:0:1", 0)).toBe("address_refused");
    expect(admission.admit("192.0.2.2", 0)).toBe("admitted");
    admission.refuse(["192.0.2.2"]);
    expect(admission.admit("192.0.2.1", 0)).toBe("admitted");
    expect(admission.admit("192.0.2.2", 0)).toBe("address_refused");
  });
});

describe("new connections", () => {
  function connectOnce(limited: Admission, address: string, nowMs: number): string {
    const verdict = limited.admit(address, nowMs);
    if (verdict === "admitted") limited.release(address);
    return verdict;
  }

  test("of an address have a rate of their own", () => {
    const limited = new Admission({ ...LIMITS, connectionRate: { perSecond: 1, burst: 2 } }, 0);
    const connect = (nowMs: number) => connectOnce(limited, "192.0.2.1", nowMs);
    expect([0, 0, 0, 999, 1000, 1000].map(connect)).toEqual([
      "admitted",
      "admitted",
      "too_fast",
      "too_fast",
      "admitted",
      "too_fast",
    ]);
    expect(connectOnce(limited, "192.0.2.2", 1000)).toBe("admitted");
  });

  test("of one address can't use up the rate of all", () => {
    const limits = {
      ...LIMITS,
      connectionRate: { perSecond: 1, burst: 2 },
      connectionRateTotal: { perSecond: 1, burst: 4 },
    };
    const limited = new Admission(limits, 0);
    for (let count = 0; count < 100; count += 1) connectOnce(limited, "192.0.2.1", 0);
    const verdicts = [2, 3, 4].map((last) => connectOnce(limited, `192.0.2.${last}`, 0));
    expect(verdicts).toEqual(["admitted", "admitted", "too_fast"]);
  });

  test("of more addresses than are remembered: the one that was longest quiet is forgotten", () => {
    const limited = new Admission({ ...LIMITS, connectionRate: { perSecond: 0.001, burst: 1 } }, 0);
    const connect = (index: number) => connectOnce(limited, `10.0.${index >> 8}.${index & 255}`, 0);
    for (let index = 0; index < 4096; index += 1) expect(connect(index)).toBe("admitted");
    expect(connect(0)).toBe("too_fast");
    expect(connect(4096)).toBe("admitted");
    expect(connect(0)).toBe("too_fast");
    expect(connect(1)).toBe("admitted");
  });
});
