// The API on a socket: ports, limits of bodies, and its end.

import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { type RunningApi, startApi } from "../../../../src/app/api/index.ts";
import { createTestNode, silentLogger } from "../../../support/inProcessNode.ts";

const running: RunningApi[] = [];

function start(options: { port?: number; host?: string } = {}) {
  const started = startApi({
    node: createTestNode().handle,
    wallet: undefined,
    version: "1",
    logger: silentLogger,
    config: { host: options.host ?? "127.0.0.1", hostsAllowed: [], corsOrigins: [], bodySizeBytesMax: 1000 },
    port: options.port ?? 0,
  });
  if (started.ok) running.push(started.value);
  return started;
}

function startOrThrow(): RunningApi {
  const started = start();
  if (!started.ok) throw new RangeError(started.refusal.message);
  return started.value;
}

afterEach(async () => {
  for (const api of running.splice(0)) await api.stop();
});

/** Sends `text` as it is and resolves with the first bytes of the answer. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.once("data", (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

describe("a running API", () => {
  test("says where it is reached", async () => {
    const api = startOrThrow();
    expect(api.url).toBe(`http://127.0.0.1:${api.port}`);
    expect((await fetch(`${api.url}/liveness`)).status).toBe(200);
  });

  test("answers HEAD as GET without the body", async () => {
    const response = await fetch(`${startOrThrow().url}/chain/head`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("serves Swagger's files", async () => {
    const response = await fetch(`${startOrThrow().url}/swagger/swagger-ui-bundle.js`);
    expect((await response.text()).length).toBeGreaterThan(1_000_000);
  });

  test("answers 413 in JSON to a body whose announced length is too large, before it has come", async () => {
    const { port } = startOrThrow();
    const head = "POST /submit-tx HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const answer = await exchange(port, `${head}Content-Length: 1000000000\r\n\r\n{`);
    expect(answer).toStartWith("HTTP/1.1 413");
    expect(answer).toContain('"code":"body_too_large"');
  });

  test("answers 403 to a POST for a host that it does not go by", async () => {
    const { port } = startOrThrow();
    const head = "POST /submit-tx HTTP/1.1\r\nHost: rebound.example\r\nContent-Type: application/json\r\n";
    const answer = await exchange(port, `${head}Content-Length: 2\r\n\r\n{}`);
    expect(answer).toStartWith("HTTP/1.1 403");
    expect(answer).toContain('"code":"host_not_allowed"');
  });

  test("frees its port when it stops", async () => {
    const api = startOrThrow();
    await api.stop();
    expect(start({ port: api.port }).ok).toBe(true);
  });
});

describe("an API that cannot listen", () => {
  test("is refused a port that another one has", () => {
    const { port } = startOrThrow();
    expect(start({ port })).toMatchObject({ ok: false, refusal: { code: "port_in_use", details: { port } } });
  });

  test("is refused an address that this machine does not have", () => {
    // A block that is set aside for documentation (RFC 5737), so no machine has it.
    expect(start({ host: "192.0.2.1" })).toMatchObject({ ok: false, refusal: { code: "listen_failed" } });
  });
});
