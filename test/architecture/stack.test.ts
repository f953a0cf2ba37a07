// docker-stack.yml without Docker: its keys are some that Swarm heeds, what it refers to is there, and each node reads
// the settings that it is given and finds the others by them.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Config, loadConfig } from "../../src/app/config/index.ts";
import { REPOSITORY } from "./sources.ts";

interface Port {
  readonly target: number;
  readonly published: string;
  readonly mode: string;
}

interface Service {
  readonly image: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly configs: readonly { readonly source: string; readonly target: string }[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly deploy: {
    readonly replicas: number;
    readonly endpoint_mode: string;
    readonly update_config: { readonly order: string };
    readonly placement: { readonly constraints: readonly string[] };
    readonly resources: { readonly limits: { readonly memory: string } };
  };
}

interface StackFile {
  readonly version: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly external: boolean; readonly name: string }>>;
  readonly networks: Readonly<Record<string, { readonly driver: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** What `docker stack deploy` heeds of a service; it ignores `restart`, `container_name` or `depends_on`, some silently. */
const SERVICE_KEYS = [
  "image",
  "read_only",
  "cap_drop",
  "stop_grace_period",
  "networks",
  "configs",
  "healthcheck",
  "logging",
  "environment",
  "ports",
  "volumes",
  "deploy",
];
const DEPLOY_KEYS = [
  "replicas",
  "endpoint_mode",
  "update_config",
  "rollback_config",
  "restart_policy",
  "resources",
  "placement",
];
const NUMBERS = [1, 2, 3];

const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const text = read("docker-stack.yml");
const stack = parse(text, { merge: true }) as StackFile;
// The last stage is the image of a node.
const dockerfile = read("Dockerfile");
const finalStage = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
const services = Object.entries(stack.services);
const serviceOf = (number: number) => stack.services[`aureon-node-${number}`] as Service;

/** What `${NAME:-value}` stands for where the shell sets nothing. */
function withDefaults(value: string): string {
  return value.replace(/\$\{(\w+):-([^}]*)\}/g, "$2");
}

/** What a node reads: config.toml, the image's variables and those of its service. @throws RangeError where it is refused */
function configOf(service: Service): Config {
  const ofImage = [...finalStage.matchAll(/\b(AUREON_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  const ofService = Object.entries(service.environment).map(([name, value]) => [name, withDefaults(value)]);
  const loaded = loadConfig({
    file: { name: "config.toml", text: read("config.toml") },
    environment: Object.fromEntries([...ofImage, ...ofService]),
    flags: [],
    readFile: () => ({ ok: false, reason: "none is expected" }),
  });
  expect(loaded.warnings.filter((warning) => warning.startsWith("AUREON_"))).toEqual([]);
  if (!loaded.ok) throw new RangeError(JSON.stringify(loaded.problems));
  return loaded.config;
}

describe("the stack", () => {
  test("has no key that Swarm passes over", () => {
    const topLevel = Object.keys(stack).filter((key) => !key.startsWith("x-"));
    expect(topLevel).toEqual(["version", "services", "configs", "networks", "volumes"]);
    expect(stack.version).toBe("3.8");
    for (const [, service] of services) {
      expect(Object.keys(service).filter((key) => !SERVICE_KEYS.includes(key))).toEqual([]);
      expect(Object.keys(service.deploy).filter((key) => !DEPLOY_KEYS.includes(key))).toEqual([]);
    }
  });

  test("has three nodes, each with a volume, a port and a place of its own", () => {
    expect(services.map(([name]) => name)).toEqual(NUMBERS.map((number) => `aureon-node-${number}`));
    for (const number of NUMBERS) {
      const { ports, volumes, deploy } = serviceOf(number);
      expect(volumes).toEqual([`node${number}_data:/var/aureon`]);
      const published = `\${NODE${number}_REST_PORT:-${7999 + number}}`;
      expect(ports).toEqual([{ target: 8080, published, mode: "host" }]);
      expect(deploy.placement.constraints).toEqual([`\${NODE${number}_PLACEMENT:-node.role == manager}`]);
    }
  });

  test("refers to nothing that it does not define", () => {
    for (const [, service] of services) {
      const volumes = service.volumes.map((volume) => volume.split(":")[0] ?? "");
      expect(volumes.filter((name) => !(name in stack.volumes))).toEqual([]);
      expect(service.networks.filter((name) => !(name in stack.networks))).toEqual([]);
      expect(service.configs.filter(({ source }) => !(source in stack.configs))).toEqual([]);
    }
    expect(Object.keys(stack.networks)).toEqual(["aureon_network"]);
    expect(stack.networks.aureon_network?.driver).toBe("overlay");
    expect(stack.configs["aureon-config"]).toEqual({ external: true, name: `\${AUREON_CONFIG:-aureon-config}` });
  });

  test("mounts the config where the image's command reads it", () => {
    const command = /^CMD (\[.*\])$/m.exec(finalStage)?.[1] ?? "[]";
    const words = JSON.parse(command) as string[];
    const path = words[words.indexOf("--config") + 1];
    for (const [, { configs }] of services) {
      expect(configs).toEqual([{ source: "aureon-config", target: path as string }]);
    }
  });

  test("never runs two processes on one volume", () => {
    for (const [, { deploy }] of services) {
      expect(deploy.replicas).toBe(1);
      expect(deploy.update_config.order).toBe("stop-first");
      // With an address of its own a container takes ports of its host alone, which `mode: host` gives it.
      expect(deploy.endpoint_mode).toBe("dnsrr");
    }
  });

  test("lets a node write its volume and nothing else, and bounds its memory", () => {
    for (const [, service] of services) {
      expect(service.read_only).toBe(true);
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(service.healthcheck.test).toEqual(["CMD", "/usr/local/bin/aureon", "healthcheck"]);
      expect(withDefaults(service.deploy.resources.limits.memory)).toBe("1g");
    }
  });

  test("gives each node the others as its first peers, and says nothing about the chain, which the config describes", () => {
    for (const number of NUMBERS) {
      const { environment } = serviceOf(number);
      const { network, api } = configOf(serviceOf(number));
      const others = NUMBERS.filter((other) => other !== number);
      expect(network.enabled).toBe(true);
      // Its address changes with each container.
      expect(String(network.advertiseAddr)).toBe(`aureon-node-${number}:${network.listenPort}`);
      expect(network.bootstrapPeers.map(String)).toEqual(
        others.map((other) => `aureon-node-${other}:${configOf(serviceOf(other)).network.listenPort}`),
      );
      expect(api.port).toBe(serviceOf(number).ports[0]?.target as number);
      expect(String(api.host)).toBe("0.0.0.0");
      expect(Object.keys(environment).filter((name) => /_(?:CONSENSUS|GENESIS|STATE)_/.test(name))).toEqual([]);
    }
  });
});
