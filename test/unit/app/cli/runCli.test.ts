// Commands from their arguments to their exit codes: help, versions, mistakes, configuration files.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMAND_NAMES } from "../../../../src/app/cli/commandTable.ts";
import { describeKeys } from "../../../../src/app/config/index.ts";
import { createHarness, type Harness, NOW_MS } from "./harness.ts";

let cli: Harness;
beforeEach(() => {
  cli = createHarness();
});
afterEach(() => cli.remove());

function write(name: string, text: string): void {
  writeFileSync(join(cli.folder, name), text);
}

function read(name: string): string {
  return readFileSync(join(cli.folder, name), "utf8");
}

describe("help", () => {
  test("without arguments three commands are named", async () => {
    expect(await cli.run([])).toBe(0);
    expect(cli.output.stdout.match(/^ {2}aureon \w+/gm)).toEqual(["  aureon dev", "  aureon init", "  aureon help"]);
  });

  test.each([["help"], ["--help"], ["-h"]])("%s lists all commands", async (word) => {
    expect(await cli.run([word])).toBe(0);
    for (const name of COMMAND_NAMES) expect(cli.output.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test.each(COMMAND_NAMES.map((name) => [name]))("%s is explained the same way by help and by --help", async (name) => {
    expect(await cli.run(["help", name])).toBe(0);
    const page = cli.output.stdout;
    expect(page).toStartWith(`usage: aureon ${name}`);
    cli.output.stdout = "";
    expect(await cli.run([name, "--help"])).toBe(0);
    expect(cli.output.stdout).toBe(page);
  });

  test("of config lists every key", async () => {
    await cli.run(["config", "-h"]);
    for (const key of describeKeys()) expect(cli.output.stdout).toContain(`\n  ${key.key}: ${key.expected}; default `);
  });
});

describe("version", () => {
  test("is one line, or JSON", async () => {
    expect(await cli.run(["--version"])).toBe(0);
    expect(cli.output.stdout).toBe(
      `aureon development (commit unknown, built unknown, bun ${Bun.version}, ${process.platform}-${process.arch})\n`,
    );
    cli.output.stdout = "";
    expect(await cli.run(["version", "--json"])).toBe(0);
    expect(JSON.parse(cli.output.stdout)).toEqual({
      version: "development",
      commit: "unknown",
      buildDate: "unknown",
      bun: Bun.version,
      platform: `${process.platform}-${process.arch}`,
    });
  });
});

describe("mistakes", () => {
  test.each([
    [["strat"], 'there is no command "strat"; did you mean "start"?'],
    [["zebra"], 'there is no command "zebra"\n'],
    [["help", "strat"], 'there is no command "strat"; did you mean "start"?'],
    [["--port", "5"], "expected a command before --port"],
    [["dev", "--prot", "5"], 'dev has no flag --prot; did you mean "--port"?'],
    [["dev", "--zebra"], "dev has no flag --zebra\n"],
    [["dev", "-p", "5"], "dev has no flag -p\n"],
    [["dev", "--port"], "--port needs a value: --port N"],
    [["dev", "--port", "--host", "x"], "--port needs a value: --port N"],
    [["dev", "--port="], "--port needs a value: --port N"],
    [["dev", "extra"], 'dev takes no argument "extra"'],
    [["init", "--force=yes"], "--force takes no value"],
    [["config"], "config needs an argument: aureon config validate|dump"],
    [["config", "validat"], 'there is no config validat; did you mean "validate"?'],
    [["config", "zebra"], "there is no config zebra; expected validate or dump"],
    [["config", "dump", "--format", "xml"], '--format is "xml"; expected toml or json'],
    [["start", "--config", "none.toml"], "can't read the configuration none.toml: there is no such file"],
    [["start"], "there is no configuration: neither aureon-data/config.toml nor ./config.toml"],
    [["healthcheck", "--timeout-ms", "0"], '--timeout-ms is "0"; expected an integer from 1 to 600000'],
    [["healthcheck", "--tcp", "nowhere"], '--tcp is "nowhere"; expected host:port'],
    [["healthcheck", "--tcp", "a:1", "--port", "1"], "--tcp alone says what to connect to; expected it without --url"],
    [["healthcheck", "--port", "70000"], '--port is "70000"; expected an integer from 1 to 65535'],
    [["head", "--url", "ftp://a"], '--url is "ftp://a"; expected http://host:port'],
    [["head", "--url", "http://a", "--port", "1"], "--url alone says where the node is; expected it without --port"],
    [["head", "--url", "http://a", "--datadir", "a"], "--url alone says where the node is; expected it without --port"],
    [["head", "--datadir", "a"], "can't read the configuration a/config.toml: there is no such file"],
    [["rollback"], "rollback needs a height: aureon rollback --height N"],
    [["rollback", "--height", "-1"], '--height is "-1"; expected an integer from 0 to 2^53-1'],
    [["rollback", "--height", "01"], '--height is "01"; expected an integer'],
    [["rollback", "--height", "9007199254740992"], "expected an integer from 0 to 2^53-1"],
    [["rollback", "--height", "5"], "there is no configuration: neither aureon-data/config.toml"],
    [["account"], "account needs an argument: aureon account ADDRESS"],
    [["account", "0x12"], '"0x12": an address is 0x and 40 hex digits'],
    [["send", "--to", "0x12"], "send needs a receiver and an amount"],
    [["send", "--to", "0x12", "--amount", "1"], '--to is "0x12": an address is 0x and 40 hex digits'],
    [["send", "--to", "0x12", "--amount", "1.5"], '--amount is "1.5"; expected an integer from 1 to 2^53-1'],
    [["send", "--to", "0x12", "--amount", "9007199254740992"], "expected an integer from 1 to 2^53-1"],
  ])("%j ends with 2 and says why", async (argv, message) => {
    expect(await cli.run(argv)).toBe(2);
    expect(cli.output.stderr).toStartWith("aureon: ");
    expect(cli.output.stderr).toContain(message);
    expect(cli.output.stderr).not.toMatch(/^\s+at /m);
    expect(cli.output.stdout).toBe("");
    expect(cli.started).toEqual([]);
  });

  test("problems of the configuration are listed, and counted past a bound", async () => {
    write(
      "config.toml",
      `[api]\nport = "x"\n${Array.from({ length: 60 }, (_, index) => `zebra${index} = 1\n`).join("")}`,
    );
    expect(await cli.run(["config", "validate"])).toBe(2);
    expect(cli.output.stderr).toStartWith("aureon: the configuration has 61 problems:\n  config.toml:2: api.port is");
    expect(cli.output.stderr).toEndWith("\n  ... and 11 more\n");
  });

  test("a file that is no text is told from one that is no TOML", async () => {
    writeFileSync(join(cli.folder, "config.toml"), Uint8Array.of(0x61, 0xff));
    expect(await cli.run(["config", "validate"])).toBe(2);
    expect(cli.output.stderr).toContain("can't read the configuration config.toml: it is no UTF-8 text");
    mkdirSync(join(cli.folder, "folder.toml"));
    expect(await cli.run(["config", "validate", "--config", "folder.toml"])).toBe(2);
    expect(cli.output.stderr).toContain("can't read the configuration folder.toml: it is a folder");
  });
});

describe("init", () => {
  test("writes a configuration that is valid, and says what comes next", async () => {
    expect(await cli.run(["init", "--chain-name", "town", "--port", "9000"])).toBe(0);
    expect(cli.output.stdout).toStartWith("Wrote aureon-data/config.toml.\nWrite who owns what");
    const text = read("aureon-data/config.toml");
    expect(text).toContain('\nchain_name = "town"\n');
    expect(text).toContain(`\ntimestamp_ms = ${NOW_MS}\n`);
    expect(text).toContain(`\nentropy = "0x${"01".repeat(32)}"\n`);
    expect(text).toContain("\nport = 9000\n");
    expect(await cli.run(["config", "validate"])).toBe(0);
    expect(cli.output.stdout).toEndWith("aureon-data/config.toml is valid\n");
  });

  test("keeps a file that is there, unless it is forced", async () => {
    expect(await cli.run(["init", "--datadir", "a"])).toBe(0);
    const first = read("a/config.toml");
    expect(await cli.run(["init", "--datadir", "a"])).toBe(2);
    expect(cli.output.stderr).toBe("aureon: a/config.toml is there already; --force overwrites it\n");
    expect(read("a/config.toml")).toBe(first);
    expect(await cli.run(["init", "--datadir", "a", "--force", "--dev"])).toBe(0);
    expect(read("a/config.toml")).toContain("\ndevelopment = true\n");
    expect(cli.output.stdout).toEndWith("Start the chain: aureon dev --datadir a\n");
  });

  test("checks what it is given before it writes", async () => {
    expect(await cli.run(["init", "--chain-name", "x".repeat(65), "--port", "70000"])).toBe(2);
    expect(cli.output.stderr).toContain("--chain-name: genesis.chain_name is");
    expect(cli.output.stderr).toContain("--port: api.port is 70000");
    expect(existsSync(join(cli.folder, "aureon-data"))).toBe(false);
  });

  test.each([[["init"]], [["dev"]], [["start"]], [["config", "validate"]], [["head"]]])(
    "a data folder that is a file is told as such: %j",
    async (argv) => {
      write("file", "");
      expect(await cli.run([...argv, "--datadir", "file"])).toBe(2);
      expect(cli.output.stderr).toBe("aureon: --datadir is file, which is a file; expected a folder\n");
    },
  );

  test("so is a file in the place of the usual data folder", async () => {
    write("aureon-data", "");
    const reason = `can't write aureon-data/config.toml: ${join(cli.folder, "aureon-data")} is a file; expected a folder`;
    expect(await cli.run(["dev"])).toBe(2);
    expect(await cli.run(["init"])).toBe(1);
    expect(cli.output.stderr).toBe(`aureon: ${reason}\naureon: ${reason}\n`);
  });

  test("a place that can't be written ends with 1", async () => {
    write("file", "");
    expect(await cli.run(["init", "--datadir", "file/inside"])).toBe(1);
    expect(cli.output.stderr).toBe("aureon: can't write file/inside/config.toml: a part of its path is no folder\n");
  });
});

describe("config", () => {
  test("prefers the given file, then the data folder's, then the current folder's", async () => {
    write("config.toml", '[genesis]\nchain_name = "current"\n');
    mkdirSync(join(cli.folder, "data"));
    const dump = async (...flags: string[]) => {
      cli.output.stdout = "";
      expect(await cli.run(["config", "dump", "--format=json", "--datadir", "data", ...flags])).toBe(0);
      return (JSON.parse(cli.output.stdout) as { genesis: { chain_name: string } }).genesis.chain_name;
    };
    expect(await dump()).toBe("current");
    write("data/config.toml", '[genesis]\nchain_name = "data"\n');
    expect(await dump()).toBe("data");
    write("given.toml", '[genesis]\nchain_name = "given"\n');
    expect(await dump("--config", "given.toml")).toBe("given");
  });

  test("a dump shows flags and the environment, hides keys, and warns on standard error", async () => {
    await cli.run(["init", "--dev"]);
    cli.output.stdout = "";
    const environment = { AUREON_MINING_THREADS: "2", AUREON_ZEBRA: "1" };
    expect(await cli.run(["config", "dump", "--port", "9000"], environment)).toBe(0);
    expect(cli.output.stdout).toContain("\nport = 9000 # --port\n");
    expect(cli.output.stdout).toContain("\nthreads = 2 # AUREON_MINING_THREADS\n");
    expect(cli.output.stdout).not.toContain("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    expect(cli.output.stderr).toBe("warning: AUREON_ZEBRA sets no key of the configuration and is ignored\n");
  });

  test("a genesis later than now is warned about, with the time", async () => {
    const validate = async (timestampMs: number) => {
      write(
        "config.toml",
        `[genesis]\ntimestamp_ms = ${timestampMs}\n[consensus]\nblock_reward = 1\n[mining]\nenabled = false\n`,
      );
      cli.output.stderr = "";
      expect(await cli.run(["config", "validate"])).toBe(0);
      return cli.output.stderr;
    };
    expect(await validate(NOW_MS + 15_000)).toBe("");
    expect(await validate(NOW_MS + 15_001)).toBe(
      "warning: genesis.timestamp_ms is 1800000015001 (2027-01-15T08:00:15.001Z), ahead of this machine's clock: " +
        "no block can be made before that time\n",
    );
    expect(await validate(Number.MAX_SAFE_INTEGER)).toContain("is 9007199254740991 (after the year 275760), ahead");
  });

  test("a secret is read from a file beside the current folder", async () => {
    write("config.toml", "[wallet]\nenabled = true\n");
    write("keys", `0x${"12".repeat(32)}\n`);
    expect(await cli.run(["config", "validate"], { AUREON_WALLET_KEYS_FILE: "keys" })).toBe(0);
    expect(await cli.run(["config", "validate"], { AUREON_WALLET_KEYS_FILE: "none" })).toBe(2);
    expect(cli.output.stderr).toContain("AUREON_WALLET_KEYS_FILE: wallet.keys: can't read none: there is no such file");
  });
});
