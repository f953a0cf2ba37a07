// One attempt: names with several addresses, the time it may take, and the words of its failures.

import { afterEach, describe, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import { type DialOptions, dial, resolveWithSystem } from "../../../../src/io/tcp/dial.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

function startServer(host = "127.0.0.1"): Promise<number> {
  const server = createServer((socket) => sockets.push(socket));
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve((server.address() as { port: number }).port));
  });
}

async function reach(endpoint: string, options: Partial<DialOptions> = {}): Promise<string> {
  const result = await dial({
    endpoint,
    timeoutMs: 2000,
    tls: undefined,
    resolve: resolveWithSystem,
    now: () => performance.now(),
    signal: new AbortController().signal,
    ...options,
  });
  if (!result.ok) return result.refusal.message;
  sockets.push(result.value);
  return `connected to ${result.value.remoteAddress}`;
}

const never = new Promise<never>(() => undefined);

describe("an attempt", () => {
  test("reaches an address of IPv4", async () => {
    const port = await startServer();
    expect(await reach(`127.0.0.1:${port}`)).toBe("connected to 127.0.0.1");
  });

  test("reaches a name through the system's resolver", async () => {
    const port = await startServer();
    expect(await reach(`localhost:${port}`)).toStartWith("connected to ");
  });

  test("tries a name's addresses one after the other", async () => {
    const port = await startServer("127.0.0.3");
    const resolve = () => Promise.resolve(["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
    expect(await reach(`node.test:${port}`, { resolve })).toBe("connected to 127.0.0.3");
  });

  test("asks for a name's addresses every time", async () => {
    const port = await startServer("127.0.0.3");
    const answers = [["127.0.0.2"], ["127.0.0.3"]];
    const resolve = () => Promise.resolve(answers.shift() ?? []);
    expect(await reach(`node.test:${port}`, { resolve })).toContain("nobody accepts connections there");
    expect(await reach(`node.test:${port}`, { resolve })).toBe("connected to 127.0.0.3");
  });

  test("tries no more than 8 addresses", async () => {
    const port = await startServer("127.0.0.20");
    const others = Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 2}`);
    const resolve = () => Promise.resolve([...others, "127.0.0.20"]);
    expect(await reach(`node.test:${port}`, { resolve })).toContain("is not reached");
  });
});

describe("a failure says what failed", () => {
  test("nobody listens", async () => {
    expect(await reach("127.0.0.1:1")).toBe("127.0.0.1:1 is not reached: nobody accepts connections there");
  });

  test("the name is not known", async () => {
    const resolve = () => Promise.reject(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
    expect(await reach("no.test:1", { resolve })).toBe("no.test:1 is not reached: no address is known for this name");
    expect(await reach("no.test:1", { resolve: () => Promise.resolve([]) })).toContain("no address is known");
  });

  test("the resolver does not answer in time", async () => {
    const reason = await reach("slow.test:1", { resolve: () => never, timeoutMs: 100 });
    expect(reason).toBe("slow.test:1 is not reached: the other end does not answer");
  });

  test("the other end does not answer, and the next address still gets its share of the time", async () => {
    const port = await startServer("127.0.0.3");
    // An address of a network for documentation: packets to it get no answer, or the system knows no way.
    const resolve = () => Promise.resolve(["198.51.100.7", "127.0.0.3"]);
    expect(await reach(`node.test:${port}`, { resolve, timeoutMs: 600 })).toBe("connected to 127.0.0.3");
  });

  test("it is given up", async () => {
    const abort = new AbortController();
    const reached = reach("slow.test:1", { resolve: () => never, signal: abort.signal });
    abort.abort();
    expect(await reached).toContain("is not reached");
  });

  test("the endpoint is none", async () => {
    expect(await reach("nowhere")).toContain("an endpoint is host:port");
  });
});
