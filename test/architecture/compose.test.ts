// The Dockerfile and the compose file against the code: every variable is a key of the configuration, the nodes are of
// one chain, ports and names are the documented ones, and both versions of compose read the file.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Config, configToGenesis, DEVELOPMENT_ACCOUNTS, loadConfig } from "../../src/app/config/index.ts";
import { hashGenesis } from "../../src/core/protocol/index.ts";
import { REPOSITORY } from "./sources.ts";

interface Service {
  readonly container_name: string;
  readonly image: string;
  readonly restart: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly name: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const composeText = read("docker-compose.yml");
const compose = parse(composeText, { merge: true }) as ComposeFile;
const dockerfile = read("Dockerfile");
const services = Object.entries(compose.services);
const NUMBERS = [1, 2, 3];
const serviceOf = (number: number) => compose.services[`aureon-node-${number}`] as Service;

/** What `${NAME:-value}` stands for where the shell sets nothing. */
function withDefaults(text: string): string {
  return text.replace(/\$\{(\w+):-([^}]*)\}/g, "$2");
}

/** The configuration that a node of the image has with these variables. @throws RangeError where it is refused */
function configOf(environment: Readonly<Record<string, string>>): Config {
  const loaded = loadConfig({
    file: { name: "config.toml", text: read("config.toml") },
    environment: Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, withDefaults(text)])),
    flags: [],
    readFile: () => ({ ok: false, reason: "none is expected" }),
  });
  expect(loaded.warnings.filter((warning) => warning.startsWith("AUREON_"))).toEqual([]);
  if (!loaded.ok) throw new RangeError(JSON.stringify(loaded.problems));
  return loaded.config;
}

describe("the compose file", () => {
  test("is one that compose 1.29 and 2 read without a warning", () => {
    expect(Object.keys(compose).filter((key) => !key.startsWith("x-"))).toEqual(["services", "networks", "volumes"]);
    expect(composeText).not.toMatch(/start_interval|required:|develop:|!reset|!override/);
  });

  test("has three nodes with the documented names, ports and volumes", () => {
    expect(services.map(([name]) => name)).toEqual(NUMBERS.map((number) => `aureon-node-${number}`));
    expect(Object.keys(compose.volumes)).toEqual(NUMBERS.map((number) => `node${number}_data`));
    expect(withDefaults(compose.networks.aureon_network?.name ?? "")).toBe("aureon_network");
    for (const number of NUMBERS) {
      const { container_name, image, ports, volumes, networks, environment } = serviceOf(number);
      const [p2p, rest, webSocket] = [5999 + number, 7999 + number, 8099 + number];
      expect(withDefaults(container_name)).toBe(`aureon-node-${number}`);
      expect(withDefaults(image)).toBe("aureon-chain:latest");
      expect(ports.map(withDefaults)).toEqual([
        `127.0.0.1:${p2p}:${p2p}`,
        `127.0.0.1:${rest}:8080`,
        `127.0.0.1:${webSocket}:8081`,
      ]);
      expect(environment.AUREON_NETWORK_LISTEN_PORT).toBe(String(p2p));
      expect(volumes).toEqual([`node${number}_data:/var/aureon`]);
      expect(networks).toEqual(["aureon_network"]);
    }
  });

  test("gives each name and port a variable, so that a second cluster can stand beside the first", () => {
    for (const number of NUMBERS) {
      const { container_name, ports } = serviceOf(number);
      expect(container_name).toMatch(/^\$\{CONTAINER_PREFIX:-\}/);
      const variables = ports.map((port) => /\$\{(NODE\w+):-/.exec(port)?.[1]);
      expect(variables).toEqual([`NODE${number}_P2P_PORT`, `NODE${number}_REST_PORT`, `NODE${number}_WS_PORT`]);
    }
    // Those variables and no others; scripts/cluster reads the same.
    const used = new Set([...composeText.matchAll(/\$\{(\w+):-/g)].map(([, name]) => name));
    const ofNodes = NUMBERS.flatMap((number) => ["P2P", "REST", "WS"].map((kind) => `NODE${number}_${kind}_PORT`));
    const others = ["AUREON_IMAGE", "BIND_ADDRESS", "CONTAINER_PREFIX", "LOG_LEVEL", "NETWORK_NAME", "NODE_MEMORY"];
    expect([...used].toSorted()).toEqual([...ofNodes, ...others].toSorted());
  });

  test("lets a node write its volume and nothing else, and restarts it", () => {
    for (const [, service] of services) {
      expect(service.restart).toBe("unless-stopped");
      expect(service.read_only).toBe(true);
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(service.security_opt).toEqual(["no-new-privileges:true"]);
      expect(service.healthcheck.test).toEqual(["CMD", "/usr/local/bin/aureon", "healthcheck"]);
    }
  });

  test("waits for node 1 alone, whose health needs no other node", () => {
    expect(serviceOf(1).depends_on).toBeUndefined();
    for (const number of [2, 3]) {
      expect(serviceOf(number).depends_on).toEqual({ "aureon-node-1": { condition: "service_healthy" } });
    }
  });

  test("sets nothing but keys of the configuration, and makes the nodes of one development chain", () => {
    const configs = services.map(([, { environment }]) => {
      expect(Object.keys(environment).filter((name) => !name.startsWith("AUREON_"))).toEqual([]);
      return configOf(environment);
    });
    expect(new Set(configs.map((config) => hashGenesis(configToGenesis(config)))).size).toBe(1);
    for (const config of configs) {
      expect(config.consensus).toMatchObject({ engine: "pow", powDifficulty: 2 });
      expect(config.genesis.development).toBe(true);
    }
  });

  test("gives each node the key of a funded account of its own, and the others as its first peers", () => {
    for (const number of NUMBERS) {
      const { wallet, network, state, mining } = configOf(serviceOf(number).environment);
      const account = DEVELOPMENT_ACCOUNTS[number - 1];
      expect(wallet.enabled).toBe(true);
      expect(wallet.keys.map(String)).toEqual([String(account?.secretKey)]);
      expect(mining.beneficiary).toBe(account?.address as never);
      expect(state.accounts.map(({ address }) => address)).toContain(account?.address as never);
      const others = NUMBERS.filter((other) => other !== number);
      const peers = others.map(
        (other) => `aureon-node-${other}:${serviceOf(other).environment.AUREON_NETWORK_LISTEN_PORT}`,
      );
      expect(network.bootstrapPeers.map(String)).toEqual(peers);
      // Its address changes with each container.
      expect(String(network.advertiseAddr)).toBe(`aureon-node-${number}:${network.listenPort}`);
    }
  });
});

describe("the Dockerfile", () => {
  test("has the Bun of package.json", () => {
    const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };
    expect(`bun@${/^ARG BUN_VERSION=(.*)$/m.exec(dockerfile)?.[1]}`).toBe(packageManager);
  });

  test("needs nothing that one of the two builders lacks", () => {
    expect(dockerfile).not.toMatch(
      /--mount|--chmod|--link|--parents|--exclude|<<|--start-interval|BUILDPLATFORM|TARGETARCH/,
    );
    expect(dockerfile).not.toMatch(/^#\s*syntax\s*=/im);
  });

  test("sets nothing but keys of the configuration for the node", () => {
    const variables = [...dockerfile.matchAll(/\b(AUREON_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
    const { api } = configOf(Object.fromEntries(variables));
    expect(api.host).toBe("0.0.0.0" as never);
  });

  test("copies no more into the final stage than the executable, its folder and the configuration", () => {
    const finalStage = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
    const copies = [...finalStage.matchAll(/^COPY .*$/gm)].map(([line]) => line.split(" ").at(-1));
    expect(copies).toEqual(["/usr/local/bin/aureon", "/var/aureon", "/etc/aureon/config.toml"]);
  });
});
