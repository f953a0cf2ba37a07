// The health check against real servers and silent sockets.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { createServer, type Server } from "node:net";
import { createHarness, type Harness } from "../harness.ts";

let cli: Harness;
let http: ReturnType<typeof Bun.serve>;
let silent: Server;
let silentPort = 0;

beforeEach(async () => {
  cli = createHarness();
  http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => new Response("", { status: new URL(request.url).pathname === "/liveness" ? 200 : 503 }),
  });
  silent = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  silent.listen(0, "127.0.0.1", resolve);
  await promise;
  const bound = silent.address();
  silentPort = typeof bound === "object" && bound !== null ? bound.port : 0;
});
afterEach(async () => {
  cli.remove();
  await http.stop(true);
  silent.close();
});

test("a node that answers is alive, however it is named", async () => {
  expect(await cli.run(["healthcheck", "--port", String(http.port)])).toBe(0);
  expect(await cli.run(["healthcheck", "--url", `http://127.0.0.1:${http.port}/`])).toBe(0);
  expect(await cli.run(["healthcheck"], { AUREON_API_PORT: String(http.port) })).toBe(0);
  expect(await cli.run(["healthcheck", "--tcp", `127.0.0.1:${http.port}`])).toBe(0);
  expect(cli.output.stdout).toBe("alive\n".repeat(4));
  expect(await cli.run(["init", "--datadir", "data", "--port", String(http.port)])).toBe(0);
  cli.output.stdout = "";
  expect(await cli.run(["healthcheck", "--datadir", "data"])).toBe(0);
  expect(cli.output).toEqual({ stdout: "alive\n", stderr: "" });
});

test("another answer than 200 is not", async () => {
  const url = `http://127.0.0.1:${http.port}/readiness`;
  expect(await cli.run(["healthcheck", "--url", url])).toBe(1);
  expect(cli.output.stderr).toBe(`aureon: ${url} answered 503\n`);
});

test("neither is silence", async () => {
  expect(await cli.run(["healthcheck", "--port", String(silentPort), "--timeout-ms", "50"])).toBe(1);
  expect(cli.output.stderr).toBe(`aureon: http://127.0.0.1:${silentPort}/liveness did not answer within 50 ms\n`);
});

test("neither is a closed port", async () => {
  const { port } = http;
  await http.stop(true);
  expect(await cli.run(["healthcheck", "--port", String(port)])).toBe(1);
  expect(await cli.run(["healthcheck", "--tcp", `127.0.0.1:${port}`])).toBe(1);
  expect(cli.output.stderr).toBe(
    `aureon: http://127.0.0.1:${port}/liveness can't be reached\naureon: 127.0.0.1:${port} can't be reached\n`,
  );
});
