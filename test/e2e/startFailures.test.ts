// A node of the compiled program that can't start: its exit code, a message that says what to mend, no stack trace, and
// a data folder that is as it was. cli.test.ts has the mistakes of the command line, damage.test.ts damage anywhere.

import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgramRunner, type Environment } from "../support/refusalProgram.ts";

const CHAIN = "chain/chain.sqlite";
const PAGE_SIZE_BYTES = 8192;
const HASH = "0x[0-9a-f]{64}";

/** A data folder with a chain of a few blocks, which each test gets a copy of. */
let model = "";
let folder = "";

const { run, serve, stopAll } = createProgramRunner({ cwd: () => folder });

beforeAll(async () => {
  model = mkdtempSync(join(tmpdir(), "aureon-e2e-start-model-"));
  folder = model;
  const { url } = await serve(["dev", "--datadir", "data"]);
  const body = JSON.stringify({ to: `0x${"11".repeat(20)}`, amount: 5 });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${url}/submit-tx?wait=included`, { method: "POST", headers, body })).status).toBe(200);
  await stopAll();
});
afterAll(() => rmSync(model, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aureon-e2e-start-"));
  cpSync(join(model, "data"), join(folder, "data"), { recursive: true });
});
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const databaseBytes = () => readFileSync(at(`data/${CHAIN}`));

function write(name: string, text: string): void {
  writeFileSync(at(name), text);
}

/** Writes a line into the data folder's configuration, and returns its number. */
function configure(line: string, options: { after: string }): number {
  const path = at("data/config.toml");
  const lines = readFileSync(path, "utf8").split("\n");
  const index = lines.indexOf(options.after) + 1;
  writeFileSync(path, lines.toSpliced(index, 0, line).join("\n"));
  return index + 1;
}

function replaceByLink(path: string): void {
  rmSync(path);
  symlinkSync(at("nowhere/node.key"), path);
}

/** What a user sees of a failed start: the log aside, one message. */
function messageOf(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !line.startsWith("{"))
    .join("\n");
}

async function expectFailure(
  expected: { code: number; message: RegExp },
  argv: readonly string[],
  environment?: Environment,
): Promise<void> {
  const { stdout, stderr, code } = await run(argv, environment);
  expect({ code, stdout }).toEqual({ code: expected.code, stdout: "" });
  expect(messageOf(stderr)).toMatch(expected.message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain("    at ");
}

const DEV = ["dev", "--datadir", "data", "--port", "0"];
const START = ["start", "--datadir", "data", "--port", "0"];

describe("a configuration that is wrong ends with 2, and names file, line, key and what was expected", () => {
  const port = "expected an integer from 0 to 65535";
  const rows: readonly (readonly [name: string, line: string, message: string])[] = [
    ["an unknown section", "[minning]", '[minning] is no section of the configuration; did you mean "mining"?'],
    ["an unknown key", "prot = 1", 'metrics.prot is no key of the configuration; did you mean "port"?'],
    ["text for a number", 'port = "1"', `metrics.port is "1"; ${port}`],
    ["a fraction for a number", "port = 1.0", `metrics.port is 1.0; ${port}`],
    ["a list for a number", "port = [1]", `metrics.port is a list; ${port}`],
    ["a number out of range", "port = 65536", `metrics.port is 65536; ${port}`],
  ];
  test.each(rows)("%s", async (_name, line, message) => {
    const number = configure(line, { after: "[metrics]" });
    const stderr = `aureon: the configuration has a problem:\n  data/config.toml:${number}: ${message}\n`;
    for (const argv of [DEV, START, ["config", "validate", "--datadir", "data"]]) {
      expect(await run(argv)).toEqual({ stdout: "", stderr, code: 2 });
    }
  });

  test("a value of the environment", async () => {
    const message =
      /^aureon: the configuration has a problem:\n {2}AUREON_METRICS_PORT: metrics\.port is "x"; expected .*\n$/;
    await expectFailure({ code: 2, message }, START, { AUREON_METRICS_PORT: "x" });
  });

  test("a configuration that is a folder", async () => {
    const message = /^aureon: can't read the configuration data: it is a folder\n$/;
    await expectFailure({ code: 2, message }, ["start", "--config", "data"]);
  });
});

describe("what Kubernetes sets for services does no harm", () => {
  test.each([
    [{ AUREON_NODE_PORT: "tcp://10.0.0.1:6000" }],
    [
      {
        AUREON_API_PORT: "tcp://10.0.0.1:8080",
        AUREON_API_SERVICE_HOST: "10.0.0.1",
        AUREON_API_PORT_8080_TCP_PORT: "8080",
      },
    ],
  ])("%j", async (environment) => {
    const { url, stderr, child } = await serve(["start", "--datadir", "data"], environment);
    expect((await fetch(`${url}/readiness`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    const names = Object.keys(environment).toSorted().join(", ");
    expect(messageOf(await stderr)).toBe(`warning: ignored what Kubernetes set for services: ${names}\n`);
  });
});

describe("an address that can't be listened on ends with 2", () => {
  test("a port in use, and the data folder is free again", async () => {
    const other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    try {
      const port = String(other.port);
      const message = new RegExp(
        `^aureon: port ${port} on 127\\.0\\.0\\.1 is in use by another process; set another \\[api\\] port\n$`,
      );
      for (const command of ["dev", "start"]) {
        await expectFailure({ code: 2, message }, [command, "--datadir", "data", "--port", port]);
      }
    } finally {
      other.stop(true);
    }
    const { url } = await serve(["start", "--datadir", "data"]);
    expect((await fetch(`${url}/readiness`)).status).toBe(200);
  });

  test("an address of another machine", async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737), so no machine has it.
    const message = /^aureon: the API cannot listen on 192\.0\.2\.1, port 0: /;
    await expectFailure({ code: 2, message }, [...START, "--host", "192.0.2.1"]);
  });
});

/** The model's chain is for one node alone. */
const NETWORKED = { AUREON_NETWORK_ENABLED: "true" };

describe("what the network needs and has not ends with 2", () => {
  const certificates = join(import.meta.dir, "../vectors/tls");
  const tls = (files: { cert?: string; key?: string; ca?: string }) => ({
    ...NETWORKED,
    AUREON_NETWORK_TLS_CERT_FILE: join(certificates, files.cert ?? "node-a.crt"),
    AUREON_NETWORK_TLS_KEY_FILE: join(certificates, files.key ?? "node-a.key"),
    AUREON_NETWORK_TLS_CA_FILE: join(certificates, files.ca ?? "network-ca.crt"),
  });

  test("the port for other nodes is in use, and the data folder is free again", async () => {
    const other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    try {
      const environment = { ...NETWORKED, AUREON_NETWORK_LISTEN_PORT: String(other.port) };
      const message = `port ${other.port} on 127.0.0.1 is in use by another process; set another [network] listen_port`;
      const expected = { stdout: "", stderr: `aureon: ${message}\n`, code: 2 };
      for (let attempt = 0; attempt < 2; attempt++) expect(await run(START, environment)).toEqual(expected);
    } finally {
      other.stop(true);
    }
    const { url } = await serve(["start", "--datadir", "data"], NETWORKED);
    expect((await fetch(`${url}/readiness`)).status).toBe(200);
  });

  test("the address for other nodes is another machine's", async () => {
    const message =
      /^aureon: this machine has no address 192\.0\.2\.1; set \[network\] listen_addr to one of its own, /;
    await expectFailure({ code: 2, message }, START, { ...NETWORKED, AUREON_NETWORK_LISTEN_ADDR: "192.0.2.1" });
  });

  const keys: readonly (readonly [name: string, spoil: (path: string) => void, message: RegExp])[] = [
    ["is open to other users", (path) => chmodSync(path, 0o644), /\(mode 644\); run: chmod 600 \S+\/node\.key\n$/],
    ["is no key", (path) => writeFileSync(path, "a key\n"), / is not a secret key of 64 hex digits; restore it, or /],
    ["is a link to nothing", (path) => replaceByLink(path), / can't be used: /],
  ];
  test.each(keys)("the node key %s, and stays as it is", async (_name, spoil, message) => {
    const { child } = await serve(["start", "--datadir", "data"], NETWORKED);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    const path = at("data/node.key");
    spoil(path);
    const before = lstatSync(path);
    await expectFailure({ code: 2, message }, START, NETWORKED);
    expect([lstatSync(path).ino, lstatSync(path).mode]).toEqual([before.ino, before.mode]);
  });

  const files: readonly (readonly [name: string, environment: Environment, message: string])[] = [
    [
      "is not there",
      tls({ cert: "none.crt" }),
      `network.tls_cert_file: can't read ${certificates}/none.crt: there is no`,
    ],
    ["is a folder", tls({ ca: "." }), `network.tls_ca_file: can't read ${certificates}: it is a folder`],
    [
      "is no certificate",
      tls({ cert: "README.md" }),
      "the file of [network] tls_cert_file does not hold a certificate in",
    ],
    ["is no key", tls({ key: "node-a.crt" }), "the file of [network] tls_key_file does not hold a secret key in PEM"],
    [
      "is no authority",
      tls({ ca: "node-a.key" }),
      "the file of [network] tls_ca_file does not hold the certificate of an",
    ],
    [
      "is another's key",
      tls({ key: "node-b.key" }),
      "the key of [network] tls_key_file is not that of the certificate of",
    ],
  ];
  test.each(files)("a file for TLS %s", async (_name, environment, message) => {
    const { stdout, stderr, code } = await run(START, environment);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr).toStartWith(`aureon: ${message}`);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  test("one of three files for TLS, and a list of node keys without any", async () => {
    const one = { ...NETWORKED, AUREON_NETWORK_TLS_CA_FILE: "ca.crt" };
    const half =
      /AUREON_NETWORK_TLS_CA_FILE: network\.tls_ca_file is set, but network\.tls_cert_file is not; expected /;
    await expectFailure({ code: 2, message: half }, START, one);
    const list = { ...NETWORKED, AUREON_NETWORK_ALLOWED_NODE_KEYS: `0x${"11".repeat(20)}` };
    const without = /AUREON_NETWORK_ALLOWED_NODE_KEYS: network\.allowed_node_keys has entries, but TLS is not set up, /;
    await expectFailure({ code: 2, message: without }, START, list);
  });
});

// Root may enter every folder, so modes would prove nothing where the tests run as root. A path below a regular file is
// refused to everybody.
describe("a folder that can't be used ends with 2", () => {
  beforeEach(() => write("file", "a file\n"));

  test("a data folder below a file", async () => {
    const message = /^aureon: .*\bfile\/data\b.*\n$/;
    const config = ["--config", "data/config.toml"];
    await expectFailure({ code: 2, message }, ["start", "--datadir", "file/data", ...config]);
    await expectFailure({ code: 2, message }, ["dev", "--datadir", "file/data"]);
  });

  test("a data folder that is a file", async () => {
    const message = /^aureon: .*\bfile\b.*\n$/;
    await expectFailure({ code: 2, message }, ["start", "--datadir", "file", "--config", "data/config.toml"]);
  });

  test("a lock that is no file", async () => {
    rmSync(at("data/lock.sqlite"));
    mkdirSync(at("data/lock.sqlite"));
    await expectFailure({ code: 2, message: /^aureon: the data folder \S+\/data can't be used: .*\n$/ }, START);
  });

  test("a folder of the database below a file", async () => {
    const message = /^aureon: .*\/file\/chain.*\n$/;
    await expectFailure({ code: 2, message }, START, { AUREON_DATABASE_PATH: at("file/chain") });
  });

  test("a database that is a folder", async () => {
    rmSync(at(`data/${CHAIN}`));
    mkdirSync(at(`data/${CHAIN}`));
    await expectFailure({ code: 2, message: /^aureon: the database can't be used: .*\n$/ }, START);
  });
});

describe("a data folder that another process holds ends with 3", () => {
  test("whose process is named and goes on, and which is free once it is killed", async () => {
    const { child, url } = await serve(["dev", "--datadir", "data"]);
    const message = new RegExp(
      `^aureon: the data folder \\S+/data is in use by process ${child.pid}; stop it, or give .* another --datadir\n$`,
    );
    for (const argv of [DEV, START]) await expectFailure({ code: 3, message }, argv);
    expect((await fetch(`${url}/readiness`)).status).toBe(200);
    child.kill("SIGKILL");
    await child.exited;
    const again = await serve(["start", "--datadir", "data"]);
    expect((await fetch(`${again.url}/readiness`)).status).toBe(200);
  });
});

describe("a damaged database ends with 4, and stays as it is for whoever repairs it", () => {
  const damages: readonly (readonly [name: string, damage: (path: string) => void])[] = [
    ["text in its place", (path) => writeFileSync(path, "no database\n".repeat(1000))],
    ["cut in half", (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2))],
    ["cut to a page", (path) => truncateSync(path, PAGE_SIZE_BYTES)],
  ];
  test.each(damages)("%s", async (_name, damage) => {
    damage(at(`data/${CHAIN}`));
    const before = databaseBytes();
    const message = /^aureon: \S+\/chain\.sqlite is damaged or no database of aureon: .*\. Restore it from a backup, /;
    for (const argv of [DEV, START]) await expectFailure({ code: 4, message }, argv);
    expect(databaseBytes()).toEqual(before);
  });

  test("written by a newer program", async () => {
    const database = new Database(at(`data/${CHAIN}`));
    database.run("PRAGMA user_version = 99");
    database.close();
    const message =
      /^aureon: \S+\/chain\.sqlite has schema version 99; this program knows versions up to \d+\. Use a newer .*\n$/;
    await expectFailure({ code: 4, message }, START);
  });
});

const DAMAGED = /^aureon: the database is damaged[:;] .*\n$/;

describe("damage that SQLite does not see at once", () => {
  test("a block that is none ends with 4", async () => {
    const database = new Database(at(`data/${CHAIN}`));
    database.run("UPDATE block SET header = x'00'");
    database.close();
    await expectFailure({ code: 4, message: DAMAGED }, START);
  });

  // Enough accounts for the state to fill several pages, and a reward that each block adds to an account on the last.
  const digits = Array.from({ length: 1000 }, (_, index) => String(index).padStart(40, "0"));
  const lastAccount = digits.at(-1) ?? "";
  const beneficiary = "f".repeat(40);
  const config = `[consensus]
pow_difficulty = 1
block_reward = 1

[mining]
beneficiary = "0x${beneficiary}"
on_demand = true
max_interval_ms = 100

[state.accounts]
"0x${beneficiary}" = 1
${digits.map((account) => `"0x${account}" = 1\n`).join("")}`;

  test("a page that is first read when the node runs: it ends with 4 then", async () => {
    mkdirSync(at("many"));
    write("many/config.toml", config);
    const { child } = await serve(["start", "--datadir", "many"]);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    // The rows of the two lie in one page of the state, and the first of them in no page of anything else.
    const content = readFileSync(at(`many/${CHAIN}`));
    const keys = [lastAccount, beneficiary].map((digits) => Buffer.from(digits, "hex"));
    const pages = Array.from({ length: content.length / PAGE_SIZE_BYTES }, (_, index) =>
      content.subarray(index * PAGE_SIZE_BYTES, (index + 1) * PAGE_SIZE_BYTES),
    ).filter((page) => keys.every((key) => page.includes(key)));
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) page.fill(0xff);
    writeFileSync(at(`many/${CHAIN}`), content);
    const { stdout, stderr, code } = await run(["start", "--datadir", "many", "--port", "0"]);
    expect(stdout).toContain('"event":"ready"');
    expect(messageOf(stderr)).toMatch(DAMAGED);
    expect({ code, hasStack: stderr.includes("    at ") }).toEqual({ code: 4, hasStack: false });
  });
});

describe("another chain's data folder ends with 5", () => {
  test("the message names both chains, and the chain that is there is kept", async () => {
    const own = readFileSync(at("data/config.toml"), "utf8");
    write("data/config.toml", own.replace(/^entropy = .*$/m, `entropy = "0x${"ab".repeat(32)}"`));
    const before = databaseBytes();
    const message = new RegExp(
      `^aureon: the data folder holds the chain ${HASH}, but the configuration describes ${HASH}`,
    );
    for (const argv of [DEV, START]) await expectFailure({ code: 5, message }, argv);
    expect(databaseBytes()).toEqual(before);
    write("data/config.toml", own);
    const { url } = await serve(["dev", "--datadir", "data"]);
    expect(await (await fetch(`${url}/balance/0x${"11".repeat(20)}`)).json()).toMatchObject({ balance: 5 });
  });
});
