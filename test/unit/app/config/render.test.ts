// The configuration as text: documents that agree with the table, dumps that load again, and secrets that stay hidden.

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { loadConfig } from "../../../../src/app/config/load.ts";
import { describeKeys, dumpJson, dumpToml } from "../../../../src/app/config/render.ts";
import { DEFAULT_CONFIG_PATH, defaultConfig, REFERENCE_PATH, reference } from "./documents.ts";

const KEY = `0x${"12".repeat(32)}`;
const FIRST = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const SECOND = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

function load(text: string) {
  const loaded = loadConfig({
    file: { name: "config.toml", text },
    environment: { AUREON_MINING_THREADS: "2" },
    flags: [],
    readFile: () => ({ ok: false, reason: "none" }),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

const WALLET = `[wallet]\nenabled = true\nkeys = ["${KEY}"]\n`;
const ACCOUNTS = `[state.accounts]\n"${FIRST}" = 7\n"${SECOND}" = 9\n`;

test("the default configuration in the repository agrees with the table", () => {
  expect(readFileSync(DEFAULT_CONFIG_PATH, "utf8")).toBe(defaultConfig());
});

test("the reference in the documentation agrees with the table", () => {
  const current = readFileSync(REFERENCE_PATH, "utf8");
  expect(current).toBe(reference(current));
});

test("the default configuration changes nothing, whether its keys stand in comments or not", () => {
  const uncommented = defaultConfig().replace(/^# (?=[a-z_]+ = )/gm, "");
  expect(uncommented.match(/^[a-z_]+ = /gm)).toHaveLength(describeKeys().length - 1);
  const { config } = load("");
  expect(load(defaultConfig()).config).toEqual(config);
  expect(load(uncommented).config).toEqual(config);
});

test("a dump without secrets loads to the same values", () => {
  const { config, settings } = load(
    `${ACCOUNTS}[logging]\nlevel = "warn,chain=debug"\n[network]\nadvertise_addr = "a:1"\n`,
  );
  expect(load(dumpToml(settings)).config).toEqual(config);
});

test("a dump says where each value came from", () => {
  const lines = dumpToml(load(`${WALLET}${ACCOUNTS}[api]\nport = 9000\n`).settings).split("\n");
  expect(lines).toContain("port = 9000 # config.toml:8");
  expect(lines).toContain("websocket_port = 9001 # from api.port");
  expect(lines).toContain('host = "127.0.0.1" # default');
  expect(lines).toContain("threads = 2 # AUREON_MINING_THREADS");
  expect(lines).toContain("[state.accounts] # config.toml:4");
});

test("a dump hides secrets, in both formats", () => {
  const { settings } = load(WALLET);
  expect(dumpToml(settings)).toContain('keys = ["***"] # config.toml:3');
  expect(dumpToml(settings) + dumpJson(settings)).not.toContain(KEY.slice(2, 10));
  expect(JSON.parse(dumpJson(settings))).toMatchObject({ wallet: { enabled: true, keys: ["***"] } });
});

test("a dump in JSON has the sections and keys of TOML", () => {
  expect(JSON.parse(dumpJson(load(ACCOUNTS).settings))).toMatchObject({
    consensus: { pow_difficulty: 4 },
    state: { accounts: { [FIRST]: 7, [SECOND]: 9 } },
    validator: {},
    logging: { level: "info" },
  });
});

test("a long list is written with an entry a line", () => {
  const { settings } = load(`[genesis]\nallow_list = ["${FIRST}", "${SECOND}"]\n`);
  expect(dumpToml(settings)).toContain(`allow_list = [\n  "${FIRST}",\n  "${SECOND}",\n] # config.toml:2\n`);
});
