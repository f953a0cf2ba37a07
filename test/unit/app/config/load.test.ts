// Loading: sources and their order, problems told all at once with their place, and what other keys follow.

import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Environment } from "../../../../src/app/config/environmentLayer.ts";
import { type FlagValue, type LoadedConfig, loadConfig } from "../../../../src/app/config/load.ts";
import { formatProblem } from "../../../../src/app/config/problem.ts";

const FIRST = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const SECOND = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const FIRST_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const PRIVATE_KEY = `0x${"12".repeat(32)}`;

function load(text: string, environment: Environment = {}, flags: readonly FlagValue[] = []): LoadedConfig {
  return loadConfig({
    file: { name: "config.toml", text },
    environment,
    flags,
    readFile(path) {
      try {
        return { ok: true, text: readFileSync(path, "utf8") };
      } catch {
        return { ok: false, reason: "there is no such file" };
      }
    },
  });
}

function accepted(text: string, environment: Environment = {}, flags: readonly FlagValue[] = []) {
  const loaded = load(text, environment, flags);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  return loaded;
}

function problemsOf(text: string, environment: Environment = {}, flags: readonly FlagValue[] = []): string[] {
  const loaded = load(text, environment, flags);
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
}

describe("sources", () => {
  test("nothing set gives the documented defaults", () => {
    const { config } = accepted("");
    expect(config).toMatchObject({
      consensus: { engine: "pow", powDifficulty: 4, powRetarget: true, blockTimeMs: 5000, blockReward: 0 },
      genesis: { chainName: "aureon", development: false, blockGasLimit: 0, entropy: `0x${"0".repeat(64)}` },
      state: { accounts: [] },
      network: { listenPort: 6000, bootstrapPeers: [], advertiseAddr: undefined },
      api: { enabled: true, host: "127.0.0.1", port: 8080, websocketEnabled: true, websocketPort: 8081 },
      database: { path: "chain", cacheSizeMb: 64, compression: false },
      mining: {
        enabled: true,
        threads: 1,
        hashRateLimit: 20_000,
        onDemand: false,
        maxIntervalMs: 5000,
        minIntervalMs: 25,
      },
      mempool: { countMax: 20_000, sizeBytesMax: 67_108_864, perAccountMax: 1024 },
      wallet: { enabled: false, keys: [] },
      validator: {},
      logging: { level: { default: "info", modules: new Map() }, format: "auto" },
      metrics: { port: 9464 },
      admin: { port: 8082 },
    });
  });

  test("a flag wins over the environment, which wins over the file", () => {
    const text = "[api]\nport = 1001\nhost = '10.0.0.1'\n[mining]\nthreads = 3\n";
    const { config, settings } = accepted(text, { AUREON_API_PORT: "1002", AUREON_API_HOST: "10.0.0.2" }, [
      { flag: "--port", key: "api.port", text: "1003" },
    ]);
    expect(config.api.port).toBe(1003);
    expect(config.api.host).toBe("10.0.0.2");
    expect(config.mining.threads).toBe(3);
    expect(settings.get("api.port")?.origin).toEqual({ kind: "flag", flag: "--port" });
    expect(settings.get("api.host")?.origin).toEqual({ kind: "environment", variable: "AUREON_API_HOST" });
    expect(settings.get("mining.threads")?.origin).toEqual({ kind: "file", file: "config.toml", line: 5 });
  });

  test("integers may be written as TOML allows", () => {
    const { config } = accepted("[mempool]\ncount_max = 10_000\n[mining]\nmax_interval_ms = 0x100\n");
    expect(config.mempool.countMax).toBe(10_000);
    expect(config.mining.maxIntervalMs).toBe(256);
  });

  test("lists and accounts in the environment are parted by commas", () => {
    const { config } = accepted(`[state.accounts]\n"${SECOND}" = 1\n`, {
      AUREON_NETWORK_BOOTSTRAP_PEERS: "10.0.0.1:6000, node.example:6001,[::1]:6000",
      AUREON_API_CORS_ORIGINS: "",
      AUREON_STATE_ACCOUNTS: `${FIRST}=1000`,
    });
    expect(config.network.bootstrapPeers).toEqual(["10.0.0.1:6000", "node.example:6001", "[::1]:6000"]);
    expect(config.api.corsOrigins).toEqual([]);
    expect(config.state.accounts as unknown).toEqual([{ address: FIRST, balance: 1000 }]);
  });

  test("accounts are sorted and written in lower case", () => {
    const upper = `0x${FIRST.slice(2).toUpperCase()}`;
    const { config } = accepted(`[state.accounts]\n"${upper}" = 9007199254740990\n"${SECOND}" = 1\n`);
    expect(config.state.accounts as unknown).toEqual([
      { address: SECOND, balance: 1 },
      { address: FIRST, balance: 9_007_199_254_740_990 },
    ]);
  });

  test("levels of modules follow the general one", () => {
    const { config } = accepted('[logging]\nlevel = "warn, mempool=debug"\n');
    expect(config.logging.level).toEqual({ default: "warn", modules: new Map([["mempool", "debug"]]) });
  });
});

describe("variables that name a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "aureon-secret-"));
  const path = join(folder, "keys");

  test("give the text of the file", () => {
    writeFileSync(path, `${PRIVATE_KEY}\n${FIRST_KEY}\n`);
    const { config } = accepted("[genesis]\ndevelopment = true\n", {
      AUREON_WALLET_KEYS_FILE: path,
      AUREON_WALLET_ENABLED: "true",
    });
    expect(config.wallet.keys as unknown).toEqual([PRIVATE_KEY, FIRST_KEY]);
    rmSync(folder, { recursive: true });
  });

  test("are refused when the file can't be read, or the value is set as well", () => {
    expect(problemsOf("", { AUREON_WALLET_KEYS_FILE: "/nowhere/keys" })).toEqual([
      "AUREON_WALLET_KEYS_FILE: wallet.keys: can't read /nowhere/keys: there is no such file",
    ]);
    expect(problemsOf("", { AUREON_API_PORT_FILE: "/nowhere/port", AUREON_API_PORT: "1" })).toEqual([
      "AUREON_API_PORT_FILE: api.port is set by AUREON_API_PORT too; expected one of the two",
    ]);
  });
});

describe("unknown variables", () => {
  test("warn, with the nearest name", () => {
    const { warnings } = accepted("", { AUREON_API_PROT: "1", PATH: "/bin", AUREON_STATE_ACCOUNTS: `${FIRST}=1` });
    expect(warnings).toEqual([
      "AUREON_API_PROT sets no key of the configuration and is ignored; did you mean AUREON_API_PORT?",
    ]);
  });

  test("of Kubernetes services do no harm, even under the name of a key", () => {
    const { config, warnings } = accepted(`[state.accounts]\n"${FIRST}" = 1\n`, {
      AUREON_NODE_PORT: "tcp://10.0.0.1:6000",
      AUREON_NODE_PORT_6000_TCP_ADDR: "10.0.0.1",
      AUREON_NODE_SERVICE_HOST: "10.0.0.1",
      AUREON_NODE_SERVICE_PORT_P2P: "6000",
      AUREON_API_PORT: "tcp://10.0.0.2:8080",
    });
    expect(config.api.port).toBe(8080);
    expect(warnings).toEqual([
      "ignored what Kubernetes set for services: AUREON_API_PORT, AUREON_NODE_PORT, " +
        "AUREON_NODE_PORT_6000_TCP_ADDR, AUREON_NODE_SERVICE_HOST, AUREON_NODE_SERVICE_PORT_P2P",
    ]);
  });
});

describe("problems", () => {
  test("are all told at once, each with its place", () => {
    const text = [
      "[api]",
      'port = "8080"',
      "prot = 5",
      "[mining]",
      "# a comment",
      "threads = 1.0",
      "[state.accounts]",
      '"0x12" = 4',
      `"${FIRST}" = 0`,
    ].join("\n");
    const flags = [{ flag: "--host", key: "api.host", text: "not a host" }];
    expect(problemsOf(text, { AUREON_DATABASE_CACHE_SIZE_MB: "-1" }, flags)).toEqual([
      'config.toml:2: api.port is "8080"; expected an integer from 0 to 65535',
      'config.toml:3: api.prot is no key of the configuration; did you mean "port"?',
      "config.toml:6: mining.threads is 1.0; expected an integer from 1 to 256",
      'config.toml:8: state.accounts names "0x12": an address is 0x and 40 hex digits',
      `config.toml:9: state.accounts gives ${FIRST} 0; expected an integer from 1 to 2^53-1`,
      'AUREON_DATABASE_CACHE_SIZE_MB: database.cache_size_mb is "-1"; expected an integer from 1 to 65536',
      '--host: api.host is "not a host"; expected an IP address or a host name',
    ]);
  });

  test.each([
    ["[api\n", /^config\.toml:1: this is no valid TOML: /],
    ["[api]\nport = 1\nport = 2\n", /^config\.toml:3: this is no valid TOML: .*already defined/],
    [`[state.accounts]\n"${FIRST}" = 1\n"${FIRST}" = 2\n`, /^config\.toml:3: this is no valid TOML: /],
    [`[state.accounts]\n"${FIRST}" = 1\n"0x${FIRST.slice(2).toUpperCase()}" = 2\n`, /^config\.toml:3: .*twice$/],
    ["[[api]]\nport = 1\n", /^config\.toml:1: api is a list; expected the section \[api\]$/],
    ["api = 5\n", /^config\.toml:1: api is 5; expected the section \[api\]$/],
    ["\nport = 1\n", /^config\.toml:2: port stands outside of its section; expected it under \[api\]/],
    ["[apis]\n", /^config\.toml:1: \[apis\] is no section of the configuration; did you mean "api"\?$/],
    ["[zebra]\n", /^config\.toml:1: \[zebra\] is no section of the configuration; expected consensus, genesis/],
    ["[logging]\nthreads = 1\n", /^config\.toml:2: logging\.threads is no key .*; threads is a key of \[mining\]$/],
    ["[validator]\nkey = 1\n", /^config\.toml:2: validator\.key is no key .*; \[validator\] has no keys yet$/],
    ["[database]\nzebra = 1\n", /^config\.toml:2: database\.zebra .*; \[database\] has path, cache_size_mb, compress/],
    ["[consensus]\n\nengine = 'pos'\n", /^config\.toml:3: .*proof of stake is not yet enabled; expected "pow"$/],
    ["[consensus]\nengine = 'poa'\n", /^config\.toml:2: consensus\.engine is "poa"; expected "pow" or "pos"$/],
    [
      "[genesis]\nblock_gas_limit = 625000001\n",
      /^config\.toml:2: genesis\.block_gas_limit is 625000001; .*625000000$/,
    ],
    ["[genesis]\ndevelopment = 1\n", /^config\.toml:2: genesis\.development is 1; expected true or false$/],
    ["[genesis]\nchain_name = ''\n", /^config\.toml:2: genesis\.chain_name is ""; expected 1 to 64 bytes of text$/],
    ["[genesis]\nentropy = '0x12'\n", /^config\.toml:2: genesis\.entropy is "0x12"; expected 0x and 64 lower-case/],
    ["[genesis]\ntimestamp_ms = 2026-01-01\n", /^config\.toml:2: genesis\.timestamp_ms is a date; expected an integer/],
    ["[genesis]\ntimestamp_ms = 9007199254740992\n", /^config\.toml:2: .* is 9007199254740992; expected .*2\^53-1$/],
    [`[genesis]\nallow_list = ["${FIRST}", "${FIRST}"]\n`, /^config\.toml:2: genesis\.allow_list entry 2 repeats/],
    ["[network]\nbootstrap_peers = '10.0.0.1:6000'\n", /^config\.toml:2: .* is a text; expected a list of host:port$/],
    [
      "[network]\nbootstrap_peers = [\n  'a:6000',\n  'b',\n]\n",
      /^config\.toml:2: .* entry 2 is "b"; expected host:port/,
    ],
    ["[network]\nadvertise_addr = 'a:0'\n", /^config\.toml:2: network\.advertise_addr is "a:0"; expected host:port/],
    [
      "[network]\ntls_cert_file = 'a.crt'\n",
      /^config\.toml:2: network\.tls_cert_file is set, but network\.tls_key_file is not; expected tls_cert_file, /,
    ],
    [
      "[network]\nenabled = true\ntls_key_file = 'a.key'\ntls_ca_file = 'ca.crt'\n",
      /^config\.toml:3: network\.tls_key_file is set, but network\.tls_cert_file is not; expected tls_cert_file, /,
    ],
    [
      `[network]\nallowed_node_keys = ["${FIRST}"]\n`,
      /^config\.toml:2: network\.allowed_node_keys has entries, but TLS is not set up.*; expected tls_cert_file, /,
    ],
    ["[api]\nhost = '256.0.0.1'\n", /^config\.toml:2: api\.host is "256\.0\.0\.1"; expected an IP address or a host/],
    ["[api]\ncors_origins = ['https://a.example/x']\n", /^config\.toml:2: .* entry 1 is "https:.*; expected an origin/],
    ["[api]\nport = 90\nwebsocket_port = 90\n", /^config\.toml:3: api\.websocket_port and api\.port are both 90/],
    ["[logging]\nlevel = 'loud'\n", /^config\.toml:2: logging\.level is "loud"; expected "debug", "info", "warn" or/],
    ["[logging]\nlevel = 'info,debug'\n", /^config\.toml:2: logging\.level is "info,debug"; expected/],
    ["[wallet]\nenabled = true\n", /^config\.toml:2: wallet\.enabled is true, but wallet\.keys is empty/],
    ["[mining]\nbeneficiary = ''\n", /^config\.toml:2: mining\.beneficiary is "": an address is 0x and 40 hex digits$/],
  ])("%j", (text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  test("the wrong checksum of an address names the right one", () => {
    const [problem] = problemsOf('[mining]\nbeneficiary = "0xF39fd6e51aad88f6f4ce6ab8827279cfffb92266"\n');
    expect(problem).toContain("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 would be right");
  });

  test("balances that together pass the supply are refused", () => {
    const [problem] = problemsOf(`[state.accounts]\n"${FIRST}" = 9007199254740991\n"${SECOND}" = 1\n`);
    expect(problem).toBe("config.toml:1: the sum of state.accounts passes 9007199254740991");
  });

  test("never repeat a secret", () => {
    const nearlyKey = `${PRIVATE_KEY.slice(0, -1)}g`;
    const texts = [
      `["${nearlyKey}"]`,
      `"${PRIVATE_KEY}"`,
      `["${PRIVATE_KEY}", "${PRIVATE_KEY}"]`,
      `["0x${"ff".repeat(32)}"]`,
    ];
    for (const text of texts) {
      const problems = problemsOf(`[wallet]\nkeys = ${text}\n`);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toStartWith("config.toml:2: wallet.keys ");
      expect(problems[0]).not.toMatch(/0x[0-9a-f]{3}/);
    }
  });

  test("keys that everybody knows belong to development chains", () => {
    const text = `[wallet]\nkeys = ["${PRIVATE_KEY}", "0x${FIRST_KEY.slice(2).toUpperCase()}"]\n`;
    expect(problemsOf(text)).toEqual([
      "config.toml:2: wallet.keys entry 2 is the key of a development account, which everybody knows; " +
        "expected such keys only where genesis.development is true",
    ]);
    expect(accepted(`${text}[genesis]\ndevelopment = true\n`).config.wallet.keys).toHaveLength(2);
  });

  test("no text whatever makes loading throw", () => {
    const words = fc.constantFrom(
      "[",
      "]",
      "[api]",
      "port",
      "=",
      "\n",
      '"',
      "'",
      "1",
      ".5",
      "{",
      "}",
      ",",
      "__proto__",
      "#",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, texts, (text, value) => {
        const loaded = load(text, { AUREON_STATE_ACCOUNTS: value, AUREON_API_PORT: value });
        expect(loaded.ok ? loaded.config.api.port : loaded.problems.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("values that follow from others", () => {
  test.each([
    ["8080", 8081],
    ["9000", 9001],
    ["0", 0],
    ["65535", 65_534],
  ])("api.port %s puts the WebSocket on %i", (port, expected) => {
    expect(accepted("", { AUREON_API_PORT: port }).config.api.websocketPort).toBe(expected);
  });

  test("a WebSocket port that is set stays", () => {
    const text = "[api]\nport = 9000\nwebsocket_port = 7000\n";
    expect(accepted(text).config.api.websocketPort).toBe(7000);
  });

  test("the wallet's first account gets rewards and fees, unless another is named", () => {
    const text = `[genesis]\ndevelopment = true\n[wallet]\nenabled = true\nkeys = ["${FIRST_KEY}"]\n`;
    expect(accepted(text).config.mining.beneficiary as string).toBe(FIRST);
    const named = accepted(`${text}[mining]\nbeneficiary = "${SECOND}"\n`);
    expect(named.config.mining.beneficiary as string).toBe(SECOND);
    const off = accepted(text.replace("enabled = true", "enabled = false"));
    expect(off.config.mining.beneficiary as string).toBe(`0x${"0".repeat(40)}`);
  });
});

describe("warnings", () => {
  test("about a chain on which nobody can send anything", () => {
    expect(accepted("").warnings[0]).toContain("nobody can send a transaction");
    expect(accepted(`[genesis]\nallow_list = ["${FIRST}"]\n`).warnings).toEqual([]);
  });

  test("about rewards that go to nobody", () => {
    expect(accepted("[consensus]\nblock_reward = 1\n").warnings[0]).toContain("mining.beneficiary is not set");
    expect(accepted("[consensus]\nblock_reward = 1\n[mining]\nenabled = false\n").warnings).toEqual([]);
  });
});
