// What `aureon peers` prints of a node's answer, against a server that gives it.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHarness, type Harness, NOW_MS } from "../harness.ts";

const OWN_KEY = `0x${"aa".repeat(20)}`;
const ALICE = `0x${"01".repeat(20)}`;
const BOB = `0x${"02".repeat(20)}`;
const PEER = {
  nodeKey: ALICE,
  address: "10.0.0.1",
  port: 6000,
  direction: "outbound",
  isBootstrap: true,
  listenEndpoint: "10.0.0.1:6000",
  height: 12,
  headHash: `0x${"0a".repeat(32)}`,
  totalWork: "0xc0",
  roundTripMs: 3,
  score: 0,
  bytesIn: 1000,
  bytesOut: 20,
  connectedAtMs: NOW_MS,
};
const NEWCOMER = {
  ...PEER,
  nodeKey: BOB,
  address: "10.0.0.22",
  port: 50_123,
  direction: "inbound",
  isBootstrap: false,
  roundTripMs: null,
  score: 25,
};
const REPORT = { enabled: true, nodeKey: OWN_KEY, listenEndpoint: "10.0.0.9:6000", peers: [PEER, NEWCOMER], bans: [] };

let cli: Harness;
let node: ReturnType<typeof Bun.serve>;
let answer: object;

beforeEach(() => {
  cli = createHarness();
  node = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => Response.json(new URL(request.url).pathname === "/peers" ? answer : {}),
  });
});
afterEach(async () => {
  cli.remove();
  await node.stop(true);
});

async function printed(report: object): Promise<string> {
  answer = { status: "ok", ...report };
  expect(await cli.run(["peers", "--url", `http://127.0.0.1:${node.port}`])).toBe(0);
  expect(cli.output.stderr).toBe("");
  return cli.output.stdout;
}

test("peers come in columns, without a round-trip time where none is known", async () => {
  expect(await printed(REPORT)).toBe(
    [
      `this node  ${OWN_KEY} at 10.0.0.9:6000`,
      "connected  2",
      "",
      `NODE KEY${" ".repeat(34)}  ADDRESS          DIRECTION            HEIGHT  PING MS  SCORE  IN    OUT`,
      `${ALICE}  10.0.0.1:6000    outbound, bootstrap  12      3        0      1000  20`,
      `${BOB}  10.0.0.22:50123  inbound              12      -        25     1000  20`,
      "",
    ].join("\n"),
  );
});

test("without a peer there are no columns, and without an endpoint none is named", async () => {
  const text = await printed({ ...REPORT, listenEndpoint: null, peers: [] });
  expect(text).toBe(`this node  ${OWN_KEY}\nconnected  0\n`);
});

test("bans come with their end and why", async () => {
  const bans = [{ address: "10.0.0.66", untilMs: NOW_MS, reason: "invalid_block: its seal is wrong" }];
  expect(await printed({ ...REPORT, peers: [], bans })).toEndWith(
    `connected  0\n\nbanned:\n10.0.0.66 until ${new Date(NOW_MS).toISOString()}: invalid_block: its seal is wrong\n`,
  );
});

test("a node without a network says so", async () => {
  const report = { enabled: false, nodeKey: null, listenEndpoint: null, peers: [], bans: [] };
  expect(await printed(report)).toBe("this node connects to no others: network.enabled is false\n");
});

test("a node that does not answer ends it with 1, and a wrong URL with 2", async () => {
  const url = `http://127.0.0.1:${node.port}`;
  await node.stop(true);
  expect(await cli.run(["peers", "--url", url])).toBe(1);
  expect(cli.output).toEqual({
    stdout: "",
    stderr: `aureon: no node answers at ${url}; \`aureon dev\` starts one, --url names another\n`,
  });
  expect(await cli.run(["peers", "--url", "ftp://a"])).toBe(2);
});
