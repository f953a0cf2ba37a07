// The command line of the compiled program, as a user meets it: what it prints where, and its exit codes.
// AUREON_BINARY names another program than dist/aureon.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { freePort, ISOLATED_ENVIRONMENT } from "../support/binary.ts";

const BINARY = resolve(process.env.AUREON_BINARY ?? join(import.meta.dir, "../../dist/aureon"));
const RECEIVER = `0x${"11".repeat(20)}`;
const FIRST_DEVELOPMENT_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

let folder = "";
const running = new Set<Bun.Subprocess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aureon-e2e-cli-"));
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await Promise.all([...running].map((child) => child.exited));
  running.clear();
  rmSync(folder, { recursive: true });
});

function spawn(argv: readonly string[], environment: Record<string, string> = {}) {
  const env = { ...ISOLATED_ENVIRONMENT, ...environment };
  const child = Bun.spawn([BINARY, ...argv], { cwd: folder, env, stdout: "pipe", stderr: "pipe" });
  running.add(child);
  return child;
}

async function run(argv: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(argv, environment);
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, code };
}

/** Starts a node on a free port and waits until it has printed its URL, which must be followed by a line end. */
async function startNode(
  argv: readonly string[],
  environment: Record<string, string> = {},
  port: readonly string[] = ["--port", "0"],
) {
  const child = spawn([...argv, ...port], environment);
  return { child, ...(await untilServing(child)) };
}

async function untilServing(child: ReturnType<typeof spawn>): Promise<{ url: string; stdout: string }> {
  const decoder = new TextDecoder();
  let stdout = "";
  for await (const chunk of child.stdout) {
    stdout += decoder.decode(chunk, { stream: true });
    const url = /(http:\/\/127\.0\.0\.1:\d+)\/swagger[^\n]*\n/.exec(stdout)?.[1];
    if (url !== undefined) return { url, stdout };
  }
  throw new Error(`the node ended before it served: ${await new Response(child.stderr).text()}`);
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

describe("help and version", () => {
  test("alone, it names the three commands to begin with", async () => {
    const { stdout, stderr, code } = await run([]);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    for (const next of ["aureon dev", "aureon init", "aureon help"]) expect(stdout).toContain(`  ${next} `);
  });

  test("help lists the commands and explains each", async () => {
    const { stdout } = await run(["help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? "");
    expect(commands).toContain("start");
    for (const command of commands) {
      const page = await run([command, "--help"]);
      expect(page).toMatchObject({ stderr: "", code: 0 });
      expect(page.stdout).toStartWith(`usage: aureon ${command}`);
    }
  });

  test("version tells what was built", async () => {
    const { stdout, code } = await run(["version", "--json"]);
    expect(code).toBe(0);
    const info = JSON.parse(stdout) as Record<string, string>;
    expect(info).toMatchObject({ version: packageJson.version, platform: `${process.platform}-${process.arch}` });
    expect(info.bun).toMatch(/^\d+\.\d+\.\d+/);
    expect(info.buildDate).toMatch(/^\d{4}-\d{2}-\d{2}T/);
    expect(info.commit).toMatch(/^(?:[0-9a-f]{40}|unknown)$/);
    expect((await run(["version"])).stdout).toStartWith(`aureon ${packageJson.version} (commit ${info.commit}, `);
  });
});

describe("mistakes end with 2, in words", () => {
  test.each([
    [["strat"], 'there is no command "strat"; did you mean "start"?'],
    [["dev", "--prot", "1"], 'dev has no flag --prot; did you mean "--port"?'],
    [["start"], "there is no configuration: neither aureon-data/config.toml nor ./config.toml"],
    [["start", "--config", "none.toml"], "can't read the configuration none.toml: there is no such file"],
    [["dev", "--port", "70000"], "--port: api.port is 70000; expected an integer from 0 to 65535"],
    [["dev", "--datadir", "/dev/null"], "--datadir is /dev/null, which is a file; expected a folder"],
    [["send", "--url", "http://a", "--port", "1"], "--url alone says where the node is; expected it without --port"],
  ])("%j", async (argv, message) => {
    const { stdout, stderr, code } = await run(argv);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("every problem of a configuration, with its line or variable", async () => {
    write("config.toml", '[api]\nport = "8080"\nprot = 5\n\n[mining]\nthreads = 1.0\n');
    for (const argv of [["config", "validate"], ["start"]]) {
      const { stderr, code } = await run(argv, { AUREON_DATABASE_CACHE_SIZE_MB: "lots" });
      expect(code).toBe(2);
      expect(stderr).toBe(
        [
          "aureon: the configuration has 4 problems:",
          '  config.toml:2: api.port is "8080"; expected an integer from 0 to 65535',
          '  config.toml:3: api.prot is no key of the configuration; did you mean "port"?',
          "  config.toml:6: mining.threads is 1.0; expected an integer from 1 to 256",
          '  AUREON_DATABASE_CACHE_SIZE_MB: database.cache_size_mb is "lots"; expected an integer from 1 to 65536',
          "",
        ].join("\n"),
      );
    }
    expect(existsSync(join(folder, "aureon-data"))).toBe(false);
  });

  test("broken TOML, with its line", async () => {
    write("config.toml", "[api]\nport = \n");
    const { stderr, code } = await run(["config", "validate"]);
    expect(code).toBe(2);
    expect(stderr).toContain("  config.toml:2: this is no valid TOML: ");
  });
});

describe("configuration files", () => {
  test("init writes one that is valid, and another chain each time", async () => {
    expect((await run(["init", "--datadir", "a", "--chain-name", "town"])).code).toBe(0);
    expect((await run(["init", "--datadir", "b", "--chain-name", "town"])).code).toBe(0);
    const [first, second] = ["a", "b"].map((name) => readFileSync(join(folder, name, "config.toml"), "utf8"));
    expect(first).toContain('\nchain_name = "town"\n');
    expect(first).not.toBe(second as string);
    expect(await run(["config", "validate", "--datadir", "a"])).toMatchObject({
      stdout: "a/config.toml is valid\n",
      code: 0,
    });
    expect(await run(["init", "--datadir", "a"])).toMatchObject({ stdout: "", code: 2 });
    expect(readFileSync(join(folder, "a/config.toml"), "utf8")).toBe(first as string);
  });

  test("the default one of the repository is valid", async () => {
    const path = join(import.meta.dir, "../../config.toml");
    expect((await run(["config", "validate", "--config", path])).code).toBe(0);
  });

  test("dump tells values and sources, without secrets", async () => {
    await run(["init", "--dev"]);
    const environment = { AUREON_MINING_THREADS: "2", AUREON_NODE_PORT: "tcp://10.0.0.1:6000" };
    const toml = await run(["config", "dump", "--port", "9000"], environment);
    expect(toml.code).toBe(0);
    expect(toml.stdout).toContain("\nport = 9000 # --port\n");
    expect(toml.stdout).toContain("\nthreads = 2 # AUREON_MINING_THREADS\n");
    expect(toml.stderr).toBe("warning: ignored what Kubernetes set for services: AUREON_NODE_PORT\n");
    const json = await run(["config", "dump", "--format", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ genesis: { chain_name: "aureon-dev" }, wallet: { enabled: true } });
    expect(toml.stdout + json.stdout).not.toContain(FIRST_DEVELOPMENT_KEY);
  });
});

describe("a running node", () => {
  test("serves a newcomer from an empty folder, and stops at SIGTERM", async () => {
    const { child, url, stdout } = await startNode(["dev"]);
    expect(stdout).toContain(FIRST_DEVELOPMENT_KEY);
    expect(stdout).toContain("WARNING: everybody knows these keys.");
    expect(await run(["healthcheck", "--url", url])).toMatchObject({ stdout: "alive\n", code: 0 });
    expect(await run(["healthcheck", "--tcp", new URL(url).host])).toMatchObject({ stdout: "alive\n", code: 0 });
    expect((await run(["head", "--url", url])).stdout).toMatch(/^height +\d+\nhash +0x[0-9a-f]{64}\n/);

    const sent = await run(["send", "--to", RECEIVER, "--amount", "5", "--url", url]);
    expect(sent).toMatchObject({ stderr: "", code: 0 });
    expect(sent.stdout).toMatch(/^sent 0x[0-9a-f]{64}\nincluded in block \d+: success\n$/);
    expect((await run(["account", RECEIVER, "--url", url])).stdout).toContain("\nbalance  5\n");
    const tooMuch = await run(["send", "--to", RECEIVER, "--amount", "9007199254740991", "--url", url]);
    expect(tooMuch).toMatchObject({ stdout: "", code: 1 });

    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    const gone = await run(["head", "--port", new URL(url).port]);
    expect(gone).toMatchObject({
      stderr: `aureon: no node answers at ${url}; \`aureon dev\` starts one, --url names another\n`,
      code: 1,
    });
    expect(await run(["healthcheck", "--url", url])).toMatchObject({ stdout: "", code: 1 });

    const again = await startNode(["dev"]);
    expect((await run(["account", RECEIVER, "--url", again.url])).stdout).toContain("\nbalance  5\n");
  });

  test("holds its data folder: another process ends with 3 and names it", async () => {
    const { child } = await startNode(["dev"]);
    const { stderr, code } = await run(["dev", "--port", "0"]);
    expect(code).toBe(3);
    expect(stderr).toContain(String(child.pid));
  });

  test("ends with 5 on the data folder of another chain", async () => {
    const { child } = await startNode(["dev"]);
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
    await run(["init", "--dev", "--force"]);
    expect((await run(["dev", "--port", "0"])).code).toBe(5);
  });

  test("is found by its port and by its data folder", async () => {
    const port = freePort();
    await run(["init", "--dev", "--datadir", "data", "--port", String(port)]);
    await startNode(["start", "--datadir", "data"], {}, []);
    for (const flags of [
      ["--port", String(port)],
      ["--datadir", "data"],
    ]) {
      expect(await run(["healthcheck", ...flags])).toEqual({ stdout: "alive\n", stderr: "", code: 0 });
      expect(await run(["head", ...flags])).toMatchObject({ stderr: "", code: 0 });
      expect(await run(["account", RECEIVER, ...flags])).toMatchObject({ stderr: "", code: 0 });
      expect(await run(["send", "--to", RECEIVER, "--amount", "1", ...flags])).toMatchObject({ stderr: "", code: 0 });
    }
  });

  test("peers tells who is connected, and that a node by itself has no network", async () => {
    await run(["init", "--dev", "--datadir", "one"]);
    mkdirSync(join(folder, "two"));
    write("two/config.toml", readFileSync(join(folder, "one/config.toml"), "utf8"));
    const enabled = { AUREON_NETWORK_ENABLED: "true" };
    const one = await startNode(["start", "--datadir", "one"], enabled);
    const alone = await run(["peers", "--url", one.url]);
    expect(alone.stdout).toMatch(/^this node {2}0x[0-9a-f]{40} at 127\.0\.0\.1:\d+\nconnected {2}0\n$/);
    const [endpoint = ""] = alone.stdout.match(/127\.0\.0\.1:\d+/) ?? [];
    const two = await startNode(["start", "--datadir", "two"], {
      ...enabled,
      AUREON_NETWORK_BOOTSTRAP_PEERS: endpoint,
    });
    let connected = "";
    while (!connected.includes("connected  1\n")) connected = (await run(["peers", "--url", two.url])).stdout;
    expect(connected).toMatch(/^NODE KEY .* ADDRESS .* OUT$/m);
    expect(connected).toContain(`  ${endpoint}  outbound, bootstrap  `);
    const dev = await startNode(["dev", "--datadir", "three"]);
    expect(await run(["peers", "--url", dev.url])).toEqual({
      stdout: "this node connects to no others: network.enabled is false\n",
      stderr: "",
      code: 0,
    });
  });

  test("under start it is ready with one line of JSON", async () => {
    await run(["init", "--dev", "--datadir", "data"]);
    const { child, url, stdout } = await startNode(["start", "--datadir", "data"]);
    expect(JSON.parse(stdout)).toEqual({ event: "ready", api: url, swagger: `${url}/swagger` });
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
  });
});

describe("the README's commands do what it says", () => {
  const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");

  /** The sh blocks of a section, in order. */
  function blocksOf(title: string): readonly string[] {
    const section = readme.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? "";
    return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  }

  /**
   * Runs a block in a shell to which `aureon` is this executable. Only the usual port is replaced, by one that is free.
   * The shell leads a group of its own, since a node that it started outlives it.
   */
  function spawnBlock(block: string, port: number) {
    mkdirSync(join(folder, "bin"), { recursive: true });
    if (!existsSync(join(folder, "bin/aureon"))) symlinkSync(BINARY, join(folder, "bin/aureon"));
    const child = Bun.spawn(["sh", "-euc", block.replaceAll(":8080", `:${port}`)], {
      cwd: folder,
      env: {
        ...ISOLATED_ENVIRONMENT,
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        AUREON_API_PORT: String(port),
      },
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
    });
    running.add(child);
    return child;
  }

  /** Runs the blocks in order, each against the node that an earlier one has started; gives what each printed. */
  async function runBlocks(blocks: readonly string[], port: number): Promise<readonly string[]> {
    const servers: Bun.Subprocess[] = [];
    const printed: string[] = [];
    try {
      for (const block of blocks) {
        const child = spawnBlock(block, port);
        if (/^aureon (?:dev|start)\b/m.test(block)) {
          servers.push(child);
          printed.push((await untilServing(child)).stdout);
        } else {
          const [stdout, stderr] = await Promise.all([
            new Response(child.stdout).text(),
            new Response(child.stderr).text(),
          ]);
          expect({ block, stderr, code: await child.exited }).toMatchObject({ code: 0 });
          printed.push(stdout);
        }
      }
      return printed;
    } finally {
      for (const { pid, exitCode } of servers) if (exitCode === null) process.kill(-pid, "SIGTERM");
      await Promise.all(servers.map((child) => child.exited));
    }
  }

  test("a chain in a second", async () => {
    const [banner, head, balance, submitted] = await runBlocks(blocksOf("A chain in a second"), freePort());
    expect(banner).toContain(FIRST_DEVELOPMENT_KEY);
    expect(JSON.parse(head ?? "")).toMatchObject({ head: { height: expect.any(Number) } });
    expect(JSON.parse(balance ?? "")).toEqual({ balance: 1_000_000_000, status: "ok" });
    expect(JSON.parse(submitted ?? "")).toEqual({ hash: expect.stringMatching(/^0x[0-9a-f]{64}$/), status: "ok" });
  });

  test("a chain of your own", async () => {
    const port = freePort();
    const blocks = blocksOf("A chain of your own");
    expect(blocks.join("")).toContain("aureon start");
    const [ready] = await runBlocks(blocks, port);
    expect(ready).toStartWith("Wrote aureon-data/config.toml.\n");
    expect(ready).toContain(`{"event":"ready","api":"http://127.0.0.1:${port}"`);
    expect(existsSync(join(folder, "aureon-data/chain/chain.sqlite"))).toBe(true);
  });
});
