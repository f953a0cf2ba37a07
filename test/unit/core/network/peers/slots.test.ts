// Places for connections that others open: bounds, and who leaves when all are taken.

import { describe, expect, test } from "bun:test";
import { admitInbound, type InboundConnection } from "../../../../../src/core/network/peers/slots.ts";
import { DEFAULT_NETWORK_SETTINGS, type NetworkSettings } from "../../../../../src/core/network/settings.ts";

function connection(connectionId: number, changes: Partial<InboundConnection> = {}): InboundConnection {
  return {
    connectionId,
    address: `10.0.${connectionId >> 8}.${connectionId & 255}`,
    openedAtMs: connectionId,
    roundTripMs: undefined,
    usefulAtMs: undefined,
    isBootstrap: false,
    ...changes,
  };
}

function admit(connections: readonly InboundConnection[], address: string, settings: Partial<NetworkSettings> = {}) {
  return admitInbound({ connections, address, settings: { ...DEFAULT_NETWORK_SETTINGS, ...settings } });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("bounds", () => {
  test("of one address", () => {
    const from = (count: number) => range(count).map((id) => connection(id, { address: "10.0.0.1" }));
    expect(admit(from(7), "10.0.0.1").kind).toBe("admit");
    expect(admit(from(8), "10.0.0.1")).toMatchObject({ kind: "refuse", message: expect.stringContaining("10.0.0.1") });
    expect(admit(from(8), "10.0.0.2").kind).toBe("admit");
  });

  test("of one group, which private addresses are not", () => {
    const from = (count: number) => range(count).map((id) => connection(id, { address: `1.2.3.${id}` }));
    expect(admit(from(23), "1.2.9.9").kind).toBe("admit");
    expect(admit(from(24), "1.2.9.9")).toMatchObject({ kind: "refuse", message: expect.stringContaining("1.2") });
    expect(admit(from(24), "1.3.9.9").kind).toBe("admit");
    expect(
      admit(
        range(40).map((id) => connection(id)),
        "10.0.0.99",
      ).kind,
    ).toBe("admit");
  });

  test("of all", () => {
    const all = range(64).map((id) => connection(id));
    expect(admit(all.slice(1), "10.9.9.9").kind).toBe("admit");
    expect(admit(all, "10.9.9.9").kind).toBe("evict");
    expect(admit([], "10.9.9.9", { inboundMax: 0 }).kind).toBe("refuse");
  });
});

describe("who leaves when all places are taken", () => {
  test("the youngest, where groups are alike", () => {
    expect(
      admit(
        range(64).map((id) => connection(id)),
        "10.9.9.9",
      ),
    ).toEqual({ kind: "evict", connectionId: 64 });
  });

  test("not those that are near, that told news, that have been there longest, or that are bootstrap peers", () => {
    const places = 8;
    const all = [
      connection(8, { roundTripMs: 1 }),
      connection(7, { usefulAtMs: 50 }),
      connection(6, { isBootstrap: true }),
      connection(1),
      connection(2),
      connection(3),
      connection(4),
      connection(5),
    ];
    // 1 and 2 have been there longest.
    const left = [...all];
    const order: number[] = [];
    for (;;) {
      const verdict = admit(left, "10.9.9.9", { inboundMax: Math.min(places, left.length) });
      if (verdict.kind !== "evict") break;
      order.push(verdict.connectionId);
      left.splice(
        left.findIndex((item) => item.connectionId === verdict.connectionId),
        1,
      );
      if (order.length === 3) break;
    }
    expect(order).toEqual([5, 4, 3]);
  });

  test("nobody where few places are all worth keeping", () => {
    for (const inboundMax of [1, 2, 3]) {
      const verdict = admit(
        range(inboundMax).map((id) => connection(id)),
        "10.9.9.9",
        { inboundMax },
      );
      expect(verdict).toMatchObject({ kind: "refuse", message: expect.stringContaining(`all ${inboundMax} places`) });
    }
    expect(
      admit(
        range(4).map((id) => connection(id)),
        "10.9.9.9",
        { inboundMax: 4 },
      ).kind,
    ).toBe("evict");
  });

  test("the largest group's youngest", () => {
    const many = range(10).map((id) => connection(id, { address: `1.2.3.${id}` }));
    const others = range(10).map((id) => connection(100 + id, { address: `${20 + id}.1.1.1` }));
    expect(admit([...many, ...others], "99.1.1.1", { inboundMax: 20 })).toEqual({ kind: "evict", connectionId: 10 });
  });

  test("a group never grows at the cost of one that is not larger: an attacker drives out himself alone", () => {
    let attackers = 0;
    let connections = range(32).map((id) => connection(id, { address: `${id}.1.1.1` }));
    for (let id = 100; id < 400; id++) {
      const address = `200.1.${id >> 8}.${id & 255}`;
      const verdict = admit(connections, address, { inboundMax: 32 });
      if (verdict.kind === "refuse") continue;
      if (verdict.kind === "evict") {
        connections = connections.filter((item) => item.connectionId !== verdict.connectionId);
      }
      connections.push(connection(id, { address }));
      attackers = connections.filter((item) => item.address.startsWith("200.1.")).length;
    }
    expect(attackers).toBe(1);
    expect(connections).toHaveLength(32);
  });

  test("not even where the larger group's own connections are all safe", () => {
    const near = range(3).map((id) => connection(100 + id, { address: `200.1.1.${id}`, roundTripMs: 1 }));
    const others = range(29).map((id) => connection(id, { address: `${id}.1.1.1` }));
    const connections = [...near, ...others];
    expect(admit(connections, "200.1.1.9", { inboundMax: 32 }).kind).toBe("refuse");
    expect(admit(connections, "7.1.9.9", { inboundMax: 32 }).kind).toBe("refuse");
    expect(admit(connections, "99.1.1.1", { inboundMax: 32 })).toEqual({ kind: "evict", connectionId: 29 });
  });

  test("the first of a new group gets in where a group has several", () => {
    const connections = range(32).map((id) => connection(id, { address: `1.${id % 4}.3.${id}` }));
    const verdict = admit(connections, "99.1.1.1", { inboundMax: 32 });
    expect(verdict.kind).toBe("evict");
  });
});
