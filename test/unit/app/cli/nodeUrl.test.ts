// Where commands find the node that they ask, by --url, --port, --datadir and the environment.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeUrl } from "../../../../src/app/cli/nodeUrl.ts";
import { parseCommandLine } from "../../../../src/app/cli/parse.ts";
import type { Environment } from "../../../../src/app/config/index.ts";
import { createHarness, type Harness } from "./harness.ts";

let cli: Harness;
beforeEach(() => {
  cli = createHarness();
});
afterEach(() => cli.remove());

/** The address, or why there is none. */
async function find(flags: readonly string[], environment: Environment = {}): Promise<string> {
  const parsed = parseCommandLine(["head", ...flags]);
  if (parsed.kind !== "invocation") throw new RangeError("the flags are those of head");
  const node = await nodeUrl({ invocation: parsed.invocation, environment, dependencies: cli.dependencies });
  return node.ok ? node.url.href : node.message;
}

function configure(api: string): void {
  mkdirSync(join(cli.folder, "data"), { recursive: true });
  writeFileSync(join(cli.folder, "data/config.toml"), `[api]\n${api}\n`);
}

test("without a flag it is this machine's usual port, or that of the environment", async () => {
  expect(await find([])).toBe("http://127.0.0.1:8080/");
  expect(await find([], { AUREON_API_PORT: "9000" })).toBe("http://127.0.0.1:9000/");
  expect(await find([], { AUREON_API_PORT: "tcp://10.0.0.1:8080" })).toBe("http://127.0.0.1:8080/");
});

test("a port is one of this machine", async () => {
  expect(await find(["--port", "9001"], { AUREON_API_PORT: "9000" })).toBe("http://127.0.0.1:9001/");
});

test.each([
  ["port = 9002", "http://127.0.0.1:9002/"],
  ['port = 9002\nhost = "0.0.0.0"', "http://127.0.0.1:9002/"],
  ['port = 9002\nhost = "::"', "http://[::1]:9002/"],
  ['host = "::1"', "http://[::1]:8080/"],
  ['host = "node.example"', "http://node.example:8080/"],
])("a data folder says where its node serves: %j", async (api, url) => {
  configure(api);
  expect(await find(["--datadir", "data"])).toBe(url);
});

test("a flag and the environment stand above the file, as they do when the node starts", async () => {
  configure('port = 9002\nhost = "10.0.0.1"');
  expect(await find(["--datadir", "data"], { AUREON_API_PORT: "9003" })).toBe("http://10.0.0.1:9003/");
  expect(await find(["--datadir", "data", "--port", "9004"], { AUREON_API_PORT: "9003" })).toBe(
    "http://10.0.0.1:9004/",
  );
  expect(cli.output.stderr).toBe("");
});

test("a node that can't be found is told why", async () => {
  configure("port = 0");
  expect(await find(["--datadir", "data"])).toBe(
    "api.port is 0 in data/config.toml, any free port; give the one it has with --port",
  );
  expect(await find(["--datadir", "data", "--port", "9005"])).toBe("http://127.0.0.1:9005/");
  configure("enabled = false");
  expect(await find(["--datadir", "data"])).toBe("the node of data/config.toml serves no API: api.enabled is false");
  configure("prot = 1");
  expect(await find(["--datadir", "data"])).toContain(
    'data/config.toml:2: api.prot is no key of the configuration; did you mean "port"?',
  );
});
