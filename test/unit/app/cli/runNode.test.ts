// Commands that run a node: what they start, what they print, and how they end.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_CODES, StartError } from "../../../../src/app/cli/exitCodes.ts";
import { hashGenesis } from "../../../../src/core/protocol/index.ts";
import { createHarness, type Harness, LOCKED } from "./harness.ts";

let cli: Harness;
beforeEach(() => {
  cli = createHarness();
});
afterEach(() => cli.remove());

/** Runs a command whose node is stopped by a signal as soon as it serves. */
function runOnce(argv: readonly string[]): Promise<number> {
  const ended = cli.run(argv);
  cli.signal("SIGTERM");
  return ended;
}

describe("dev", () => {
  test("starts a development chain in a folder of its own and prints accounts and URLs", async () => {
    expect(await runOnce(["dev"])).toBe(0);
    expect(cli.started).toHaveLength(1);
    expect(cli.started[0]?.datadir).toBe(join(cli.folder, "aureon-data"));
    expect(cli.started[0]?.genesis).toMatchObject({ chainName: "aureon-dev", development: true });
    expect(cli.stops.count).toBe(1);
    const { stdout } = cli.output;
    expect(stdout.match(/^ {2}\(\d\) 0x[0-9a-f]{40} {2}key 0x[0-9a-f]{64} {2}1000000000 at the start$/gm)).toHaveLength(
      10,
    );
    expect(stdout).toContain("WARNING: everybody knows these keys.");
    expect(stdout).toContain("  API        http://127.0.0.1:8080\n  Swagger    http://127.0.0.1:8080/swagger\n");
    expect(cli.output.stderr).toBe("");
  });

  test("goes on with the same chain at later starts, on another port if asked", async () => {
    await runOnce(["dev"]);
    await runOnce(["dev", "--port", "9000", "--host", "0.0.0.0"]);
    const [first, second] = cli.started;
    expect(first && second && hashGenesis(second.genesis) === hashGenesis(first.genesis)).toBe(true);
    expect(second?.config.api).toMatchObject({ host: "0.0.0.0", port: 9000, websocketPort: 9001 });
  });

  test("is another chain in another folder", async () => {
    await runOnce(["dev"]);
    await runOnce(["dev", "--datadir", join(cli.folder, "elsewhere")]);
    expect(cli.started[1]?.datadir).toBe(join(cli.folder, "elsewhere"));
    expect(cli.started[1]?.genesis.entropy).not.toBe(cli.started[0]?.genesis.entropy);
  });

  test("refuses a chain that is not for development", async () => {
    await cli.run(["init"]);
    expect(await cli.run(["dev"])).toBe(2);
    expect(cli.output.stderr).toContain("aureon-data/config.toml is of a chain that is not for development");
    expect(cli.started).toEqual([]);
  });

  test("prints only accounts that the chain knows", async () => {
    await cli.run(["init", "--dev"]);
    const path = join(cli.folder, "aureon-data/config.toml");
    writeFileSync(path, readFileSync(path, "utf8").replace(/^"0x.*\n/gm, ""));
    expect(await runOnce(["dev"])).toBe(0);
    expect(cli.output.stdout).toContain("Chain aureon-dev, kept in ");
    expect(cli.output.stdout).not.toContain("Accounts:");
  });
});

describe("start", () => {
  beforeEach(() => {
    mkdirSync(join(cli.folder, "data"));
    writeFileSync(join(cli.folder, "data/config.toml"), "[consensus]\nblock_reward = 5\n[mining]\nenabled = false\n");
  });

  test("prints the URLs at a terminal", async () => {
    expect(await runOnce(["start", "--datadir", "data"])).toBe(0);
    expect(cli.output.stdout).toBe(
      "API        http://127.0.0.1:8080\nSwagger    http://127.0.0.1:8080/swagger\nWebSocket  ws://127.0.0.1:8081/ws\n",
    );
    expect(cli.started[0]?.datadir).toBe(join(cli.folder, "data"));
    expect(cli.started[0]?.genesis.parameters.blockReward as number | undefined).toBe(5);
  });

  test("prints one JSON object beside a log in JSON", async () => {
    cli.remove();
    cli = createHarness({ isTerminal: false });
    writeFileSync(join(cli.folder, "config.toml"), "[consensus]\nblock_reward = 5\n[mining]\nenabled = false\n");
    expect(await runOnce(["start"])).toBe(0);
    expect(JSON.parse(cli.output.stdout)).toEqual({
      event: "ready",
      api: "http://127.0.0.1:8080",
      swagger: "http://127.0.0.1:8080/swagger",
      websocket: "ws://127.0.0.1:8081/ws",
    });
  });

  test("prints nothing where there is no API", async () => {
    cli.node.start = () =>
      Promise.resolve({ urls: undefined, stop: () => cli.node.stop(), failed: new Promise<StartError>(() => {}) });
    expect(await runOnce(["start", "--datadir", "data"])).toBe(0);
    expect(cli.output.stdout).toBe("");
  });
});

describe("the end", () => {
  test("a node that can't start ends with the code of its reason", async () => {
    cli.node.start = () => Promise.reject(LOCKED);
    expect(await cli.run(["dev"])).toBe(3);
    expect(cli.output.stderr).toBe("aureon: the data folder is in use by process 42\n");
    expect(cli.output.stdout).toBe("");
  });

  test("a node that dies ends with the code of its reason and is not stopped again", async () => {
    const ended = cli.run(["dev"]);
    cli.fail(new StartError(EXIT_CODES.databaseCorrupt, "a page of the database is damaged"));
    expect(await ended).toBe(4);
    expect(cli.output.stderr).toBe("aureon: a page of the database is damaged\n");
    expect(cli.stops.count).toBe(0);
  });

  test("an unexpected error is one line, and has its stack only where the log is at level debug", async () => {
    cli.node.start = () => Promise.reject(new Error("something broke"));
    expect(await cli.run(["dev"])).toBe(1);
    expect(cli.output.stderr).toBe("aureon: something broke\n");
    cli.output.stderr = "";
    expect(await cli.run(["dev"], { AUREON_LOGGING_LEVEL: "debug" })).toBe(1);
    expect(cli.output.stderr).toMatch(/^aureon: Error: something broke\n\s+at /);
  });

  test("a signal while the node starts stops it once it has started", async () => {
    const start = Promise.withResolvers<void>();
    const usual = cli.node.start;
    cli.node.start = (options) => start.promise.then(() => usual(options));
    const ended = cli.run(["dev"]);
    cli.signal("SIGINT");
    expect(cli.stops.count).toBe(0);
    start.resolve();
    expect(await ended).toBe(0);
    expect(cli.stops.count).toBe(1);
  });

  test("a second signal does not wait for the node to stop", async () => {
    const stopping = Promise.withResolvers<void>();
    cli.node.stop = () => {
      stopping.resolve();
      return new Promise(() => {});
    };
    const ended = cli.run(["dev"]);
    cli.signal("SIGINT");
    await stopping.promise;
    cli.signal("SIGTERM");
    expect(await ended).toBe(1);
    expect(cli.output.stderr).toBe("aureon: SIGTERM again: ended at once\n");
  });

  test("a node that can't stop in good order ends with 1", async () => {
    cli.node.stop = () => Promise.reject(new Error("the disk is full"));
    expect(await runOnce(["dev"])).toBe(1);
    expect(cli.output.stderr).toBe("aureon: the disk is full\n");
  });
});
