// Mutual TLS over real sockets: who is let in, who is not and why, and what binds the two ends.

import { afterEach, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { type AddressInfo, connect, createServer } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { LogFields, Logger } from "../../../../src/core/ports/index.ts";
import type { TlsIdentity } from "../../../../src/io/tcp/index.ts";
import { bindingOf, checkTlsIdentity } from "../../../../src/io/tcp/tls.ts";
import { startTransport, stopTransports, type TestTransportOptions } from "../../../support/tcpFixture.ts";
import { DISTRUSTFUL, EXPIRED, NODE_A, NODE_B, STRANGER } from "../../../support/tlsIdentities.ts";

const OWN_ID = 2;

afterEach(stopTransports);

function createLog() {
  const lines: LogFields[] = [];
  let onLine: (() => void) | undefined;
  const logger: Logger = {
    log: (_level, event, fields) => {
      lines.push({ event, ...fields });
      onLine?.();
    },
    module: () => logger,
  };
  const next = () =>
    new Promise<LogFields>((resolve) => {
      const look = () => lines[0] !== undefined && resolve(lines[0]);
      onLine = look;
      look();
    });
  return { logger, lines, next };
}

function start(tls: TlsIdentity | undefined, options: TestTransportOptions = {}) {
  return startTransport({ tls, ...options });
}

const der = (identity: TlsIdentity) => new Uint8Array(new X509Certificate(identity.cert).raw);

describe("two nodes of one network", () => {
  test("carry messages, large ones too, and have one channel binding at both ends", async () => {
    const listener = await start(NODE_A);
    const dialer = await start(NODE_B);
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    const own = await dialer.recorder.next("connected");
    const other = await listener.recorder.next("connected");
    expect(own.channelBinding).toEqual(bindingOf([der(NODE_A), der(NODE_B)]));
    expect(other.channelBinding).toEqual(own.channelBinding);
    expect(own.channelBinding).toHaveLength(32);

    const texts = ["first", "x".repeat(3_000_000), "last"];
    for (const text of texts) {
      dialer.transport.send([OWN_ID], text);
      listener.transport.send([other.connectionId], text);
    }
    dialer.transport.close(OWN_ID);
    await listener.recorder.next("disconnected");
    await dialer.recorder.next("disconnected");
    expect(listener.recorder.texts()).toEqual(texts);
  });

  test("may have the same certificate", async () => {
    const listener = await start(NODE_A);
    const dialer = await start(NODE_A);
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    const own = await dialer.recorder.next("connected");
    expect((await listener.recorder.next("connected")).channelBinding).toEqual(own.channelBinding);
  });

  test("stop reading and go on as without TLS", async () => {
    const listener = await start(NODE_A, { isAcknowledging: false, limits: { unacknowledgedMax: 1 } });
    const dialer = await start(NODE_B, { limits: { sendBufferBytesMax: 32 * 1024 * 1024 } });
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    const { connectionId } = await listener.recorder.next("connected");
    await dialer.recorder.next("connected");
    for (let index = 0; index < 20; index += 1) dialer.transport.send([OWN_ID], `${index}`.padEnd(1_000_000));
    for (let count = 1; count <= 20; count += 1) {
      await listener.recorder.next("message", { count });
      expect(listener.recorder.texts()).toHaveLength(count);
      listener.transport.acknowledge(connectionId, 1);
    }
    expect(listener.recorder.texts().map(Number)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });
});

describe("a connection is refused, with the reason in the log, when the node that opens it", () => {
  async function refusedReason(attack: (port: number) => void): Promise<LogFields> {
    const { logger, next } = createLog();
    const listener = await start(NODE_A, { logger, limits: { handshakeTimeoutMs: 50 } });
    attack(listener.port);
    const line = await next();
    expect(listener.recorder.events).toEqual([]);
    return line;
  }

  test.each([
    ["has a certificate of another authority", STRANGER, /not of this network's certificate authority/],
    ["has a certificate that has expired", EXPIRED, /expired/],
  ])("%s", async (_, identity, reason) => {
    const dialer = await start(identity, { isListening: false });
    // In TLS 1.3 this end may send before the other one has seen its certificate.
    dialer.recorder.onEvent = (event) => {
      if (event.kind === "connected") dialer.transport.send([OWN_ID], "let me in");
    };
    const line = await refusedReason((port) =>
      dialer.transport.connect({ connectionId: OWN_ID, endpoint: `127.0.0.1:${port}` }),
    );
    expect(line).toMatchObject({ event: "connection refused", address: "127.0.0.1" });
    expect(line.reason).toMatch(reason);
    const isOver = () => dialer.recorder.of("failed").length + dialer.recorder.of("disconnected").length === 1;
    await dialer.recorder.until(isOver, "end of the attempt");
    expect(dialer.recorder.of("message")).toEqual([]);
  });

  test("shows no certificate", async () => {
    const line = await refusedReason((port) => {
      const socket = tlsConnect({ host: "127.0.0.1", port, ca: NODE_A.ca, checkServerIdentity: () => undefined });
      socket.on("error", () => undefined);
    });
    expect(line.reason).toBe("it shows no certificate");
  });

  test("does not speak TLS", async () => {
    const line = await refusedReason((port) => {
      const socket = connect(port, "127.0.0.1", () => socket.write('{"type":"Ping"}\n'));
      socket.on("error", () => undefined);
    });
    expect(line.reason).toBe("it does not speak TLS");
  });

  test("says nothing", async () => {
    const line = await refusedReason((port) => {
      connect(port, "127.0.0.1").on("error", () => undefined);
    });
    expect(line.reason).toBe("its TLS handshake takes too long");
  });
});

describe("an attempt fails, with the reason in its event, when the other end", () => {
  async function failedReason(identity: TlsIdentity | undefined, own: TlsIdentity): Promise<string> {
    const listener = await start(identity);
    const dialer = await start(own, { isListening: false });
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    const { reason } = await dialer.recorder.next("failed");
    expect(listener.recorder.of("message")).toEqual([]);
    return reason;
  }

  test("has a certificate of another authority", async () => {
    expect(await failedReason(STRANGER, NODE_B)).toContain("not of this network's certificate authority");
    expect(await failedReason(NODE_A, DISTRUSTFUL)).toContain("not of this network's certificate authority");
  });

  test("has a certificate that has expired", async () => {
    expect(await failedReason(EXPIRED, NODE_B)).toContain("its certificate has expired");
  });

  test("answers with what is no TLS", async () => {
    const server = createServer((socket) =>
      socket.on("error", () => undefined).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    );
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    const dialer = await start(NODE_B, { isListening: false });
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: `127.0.0.1:${port}` });
    expect((await dialer.recorder.next("failed")).reason).toContain("it does not speak TLS");
    server.close();
  });
});

describe("admission comes before the handshake", () => {
  test("and those whose handshake is under way count", async () => {
    const listener = await start(NODE_A, { limits: { perAddressMax: 1 } });
    const silent = connect(listener.port, "127.0.0.1");
    await new Promise((resolve) => silent.once("connect", resolve));
    const dialer = await start(NODE_B, { isListening: false });
    dialer.transport.connect({ connectionId: OWN_ID, endpoint: listener.endpoint });
    await dialer.recorder.next("failed");

    silent.destroy();
    // The listener hears of the end after the next attempt may have come.
    for (let connectionId = 4; dialer.recorder.of("connected").length === 0; connectionId += 2) {
      dialer.transport.connect({ connectionId, endpoint: listener.endpoint });
      const isOver = () => dialer.recorder.events.some((event) => event.connectionId === connectionId);
      await dialer.recorder.until(isOver, "end of the attempt");
    }
  });
});

test("a connection that speaks TLS to a node without it is a fault that says so, whatever its bytes", async () => {
  const plain = await startTransport();
  const { transport } = await startTransport({ tls: NODE_A, isListening: false });
  transport.connect({ connectionId: OWN_ID, endpoint: plain.endpoint });
  const { fault, reason } = await plain.recorder.next("fault");
  expect(fault).toBe("malformed_message");
  expect(reason).toBe("it speaks TLS, and [network] tls_cert_file is not set here");
});

test("a connection that the other end drops without a word says what may be wrong", async () => {
  const silent = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => {
    silent.listen(0, "127.0.0.1", resolve);
  });
  const { port } = silent.address() as AddressInfo;
  const { transport, recorder } = await startTransport({ isListening: false });
  transport.connect({ connectionId: OWN_ID, endpoint: `127.0.0.1:${port}` });
  const { reason } = await recorder.next("disconnected");
  silent.close();
  expect(reason).toBe(
    "the other end closed the connection before it said anything; perhaps it connects by TLS alone, or refuses this address",
  );
});

describe("an identity that can't be used is said before anything listens", () => {
  test.each([
    ["no certificate", { cert: "nothing" }, "tls_cert_file does not hold a certificate in PEM"],
    ["an empty certificate", { cert: "" }, "tls_cert_file does not hold a certificate in PEM"],
    ["no key", { key: NODE_A.cert }, "tls_key_file does not hold a secret key in PEM"],
    ["no authority", { ca: "nothing" }, "tls_ca_file does not hold the certificate of an authority in PEM"],
    // OpenSSL would trust the authorities of the web.
    ["an empty authority", { ca: "" }, "tls_ca_file does not hold the certificate of an authority in PEM"],
    ["a key for an authority", { ca: NODE_A.key }, "tls_ca_file does not hold the certificate of an authority in PEM"],
    ["the key of another certificate", { key: NODE_B.key }, "tls_key_file is not that of the certificate of tls_cert"],
  ])("%s", (_, part, message) => {
    const refusal = { code: "tls_unusable", message: expect.stringContaining(message) };
    expect(checkTlsIdentity({ ...NODE_A, ...part })).toMatchObject({ ok: false, refusal });
  });

  test("and one that can is accepted", () => {
    expect(checkTlsIdentity(NODE_A).ok).toBe(true);
  });
});
