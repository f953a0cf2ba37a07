// The listening socket: what it says when it can't listen, and whom it cuts off before anything else happens.

import { afterEach, describe, expect, test } from "bun:test";
import { createTcpTransport, type TcpTransportOptions } from "../../../../src/io/tcp/index.ts";
import { silentLogger } from "../../../support/inProcessNode.ts";
import {
  createTextLines,
  startTransport,
  stopTransports,
  TEST_LIMITS,
  textCodec,
} from "../../../support/tcpFixture.ts";
import { NODE_A, NODE_B } from "../../../support/tlsIdentities.ts";
import { connectRaw, HAS_IPV6, type RawPeer } from "./rawPeer.ts";

const peers: RawPeer[] = [];

afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.destroy();
  await stopTransports();
});

async function connectFrom(port: number, address?: string): Promise<RawPeer> {
  const peer = await connectRaw(port, address === undefined ? {} : { address });
  peers.push(peer);
  return peer;
}

describe("a node that can't listen says why", () => {
  async function failure(listen: { host: string; port: number }, tls?: TcpTransportOptions<string>["tls"]) {
    const created = await createTcpTransport<string>({
      listen,
      codec: textCodec,
      createLineSource: () => createTextLines(1000),
      limits: TEST_LIMITS,
      emit: () => undefined,
      logger: silentLogger,
      now: () => performance.now(),
      tls,
    });
    if (!created.ok) return created.refusal;
    await created.value.stop();
    return undefined;
  }

  test.each([undefined, NODE_A])("the port is in use, with TLS and without", async (tls) => {
    const { port } = await startTransport();
    expect(await failure({ host: "127.0.0.1", port }, tls)).toEqual({
      code: "port_in_use",
      message: `port ${port} on 127.0.0.1 is in use by another process; set another [network] listen_port`,
      details: { host: "127.0.0.1", port },
    });
  });

  test("the address is not of this machine", async () => {
    const refusal = await failure({ host: "198.51.100.7", port: 0 });
    expect(refusal?.code).toBe("address_not_available");
    expect(refusal?.message).toContain("this machine has no address 198.51.100.7");
  });

  test("the address is none", async () => {
    expect((await failure({ host: "no-such-host.invalid", port: 0 }))?.code).toBe("listen_failed");
  });

  test("its TLS identity can't be used", async () => {
    const refusal = await failure({ host: "127.0.0.1", port: 0 }, { ...NODE_A, key: NODE_B.key });
    expect(refusal?.code).toBe("tls_unusable");
  });

  test("and the port is free again after a stop", async () => {
    const { transport, port } = await startTransport();
    await transport.stop();
    expect(await failure({ host: "127.0.0.1", port })).toBeUndefined();
  });
});

describe("a connection is cut off without an event", () => {
  test("when its address is refused, and others come in", async () => {
    const { transport, recorder, port } = await startTransport();
    transport.refuse(["127.0.0.2"]);
    await (await connectFrom(port, "127.0.0.2")).ended;
    expect(recorder.events).toEqual([]);
    await connectFrom(port, "127.0.0.3");
    expect((await recorder.next("connected")).address).toBe("127.0.0.3");
  });

  test("when its address has too many; each that ends makes room", async () => {
    const { recorder, port } = await startTransport({ limits: { perAddressMax: 2 } });
    const first = await connectFrom(port);
    await connectFrom(port);
    await recorder.next("connected", { count: 2 });
    await (await connectFrom(port)).ended;
    await connectFrom(port, "127.0.0.2");
    await recorder.next("connected", { count: 3 });
    first.socket.destroy();
    await recorder.next("disconnected");
    await connectFrom(port);
    await recorder.next("connected", { count: 4 });
  });

  test("when there are too many in all", async () => {
    const { recorder, port } = await startTransport({ limits: { connectionsMax: 3 } });
    for (const last of [1, 2, 3]) await connectFrom(port, `127.0.0.${last}`);
    await recorder.next("connected", { count: 3 });
    await (await connectFrom(port, "127.0.0.4")).ended;
    expect(recorder.of("connected")).toHaveLength(3);
  });

  test("when its address connects too often", async () => {
    const { recorder, port } = await startTransport({ limits: { connectionRate: { perSecond: 0.001, burst: 2 } } });
    for (const count of [1, 2]) {
      (await connectFrom(port)).socket.destroy();
      await recorder.next("disconnected", { count });
    }
    await (await connectFrom(port)).ended;
    expect(recorder.of("connected")).toHaveLength(2);
  });

  test.if(HAS_IPV6)("by its IPv4 address also on a socket of IPv6", async () => {
    const { transport, recorder, port } = await startTransport({ host: "::" });
    await connectFrom(port, "127.0.0.3");
    expect((await recorder.next("connected")).address).toBe("127.0.0.3");
    transport.refuse(["127.0.0.3"]);
    await (await connectFrom(port, "127.0.0.3")).ended;
    expect(recorder.of("connected")).toHaveLength(1);
  });
});

test("2,000 quick connections from one address leave nothing behind, and another address still gets in", async () => {
  const { recorder, port } = await startTransport({
    limits: { perAddressMax: 8, connectionRate: { perSecond: 1, burst: 16 } },
  });
  const heldBefore = process.memoryUsage().rss;
  for (let round = 0; round < 20; round += 1) {
    const attackers = await Promise.all(Array.from({ length: 100 }, () => connectRaw(port, { address: "127.0.0.66" })));
    for (const { socket } of attackers) socket.destroy();
  }
  await connectFrom(port, "127.0.0.3");
  await recorder.until(() => recorder.of("connected").some((event) => event.address === "127.0.0.3"), "an honest peer");
  const attacks = recorder.of("connected").filter((event) => event.address === "127.0.0.66");
  expect(attacks.length).toBeLessThanOrEqual(16 + 4);
  await recorder.next("disconnected", { count: attacks.length });
  // Both ends are in this process: 2,000 connections that stayed would take 25 KiB each at the least.
  expect(process.memoryUsage().rss - heldBefore).toBeLessThan(50 * 1024 * 1024);
});
