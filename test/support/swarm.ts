// docker-stack.yml as a stack of the test's own on Docker Swarm: joined or made, deployed, and taken away again.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../src/client/index.ts";
import { freePort } from "./binary.ts";
import { succeeded, until } from "./cluster.ts";
import { docker, IMAGE, removeAll, requireImages, run, uniqueName } from "./docker.ts";

const NUMBERS = [1, 2, 3] as const;
const HEALTHY_TIMEOUT_MS = 120_000;
const REMOVED_TIMEOUT_MS = 60_000;

export interface StackNode {
  /** As the stack names it, for example `aureon-node-1`. */
  readonly name: string;
  readonly url: string;
  readonly client: Client;
}

export interface Stack {
  readonly nodes: readonly StackNode[];
  /** The id of the container that a node runs in, once it is healthy. */
  untilHealthy(node: StackNode): Promise<string>;
  /** Has Swarm replace a node's container, and answers with the new one's id once it is healthy. */
  replace(node: StackNode): Promise<string>;
  /** Removes all that belongs to the stack, and leaves the swarm if it was made for it. */
  remove(): Promise<void>;
}

function leaveSwarm(): void {
  Bun.spawnSync(["docker", "swarm", "leave", "--force"]);
}

/** True where a swarm was made for this; one that the machine has is used. @throws RangeError where there can be none */
async function joinSwarm(): Promise<boolean> {
  const state = await docker("info", "--format", "{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}");
  if (state === "active true") return false;
  if (state === "inactive false") {
    await docker("swarm", "init", "--advertise-addr", "127.0.0.1");
    // For tests that are interrupted.
    process.once("exit", leaveSwarm);
    return true;
  }
  throw new RangeError(`this machine can deploy no stack: its place in a swarm is "${state}"`);
}

/** The configuration of a development chain, made by the image as the guide makes it. */
async function makeConfig(name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const user = `${process.getuid?.()}:${process.getgid?.()}`;
  try {
    await docker("run", "--rm", "--user", user, "-v", `${folder}:/out`, IMAGE, "init", "--dev", "--datadir", "/out");
    await docker("config", "create", name, join(folder, "config.toml"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

class DeployedStack implements Stack {
  readonly nodes: readonly StackNode[];
  readonly #name: string;
  readonly #environment: Readonly<Record<string, string>>;
  #hasMadeSwarm = false;

  constructor() {
    this.#name = uniqueName("swarm");
    const ports = NUMBERS.map(() => freePort());
    this.nodes = NUMBERS.map((number, index) => {
      const url = `http://127.0.0.1:${ports[index]}`;
      return { name: `aureon-node-${number}`, url, client: createClient({ url }) };
    });
    this.#environment = {
      AUREON_CONFIG: this.#name,
      ...Object.fromEntries(NUMBERS.map((number, index) => [`NODE${number}_REST_PORT`, String(ports[index])])),
    };
  }

  async deploy(): Promise<void> {
    this.#hasMadeSwarm = await joinSwarm();
    await makeConfig(this.#name);
    // The image is on this machine alone.
    const options = ["--resolve-image", "never", "-c", "docker-stack.yml"];
    await run(["docker", "stack", "deploy", ...options, this.#name], { env: this.#environment });
  }

  #serviceOf(node: StackNode): string {
    return `${this.#name}_${node.name}`;
  }

  async untilHealthy(node: StackNode, otherThan?: string): Promise<string> {
    const ofService = `label=com.docker.swarm.service.name=${this.#serviceOf(node)}`;
    const find = async () => {
      const ids = lines(await docker("ps", "-q", "--no-trunc", "--filter", ofService, "--filter", "health=healthy"));
      return ids.find((id) => id !== otherThan);
    };
    try {
      return await until(`a healthy container of ${node.name}`, find, HEALTHY_TIMEOUT_MS);
    } catch (failure) {
      // Why Swarm starts none, or how the ones that it started ended.
      const tasks = await docker("service", "ps", "--no-trunc", this.#serviceOf(node));
      throw new RangeError(`${(failure as Error).message}\n${tasks}`);
    }
  }

  async replace(node: StackNode): Promise<string> {
    const before = await this.untilHealthy(node);
    await docker("service", "update", "--detach", "--force", this.#serviceOf(node));
    return this.untilHealthy(node, before);
  }

  async remove(): Promise<void> {
    const ours = ["--filter", `label=com.docker.stack.namespace=${this.#name}`];
    const areGone = async (...command: string[]) => (await docker(...command, "-q", ...ours)) === "";
    try {
      await docker("stack", "rm", this.#name);
      await until("the end of the containers", () => areGone("ps", "-a"), REMOVED_TIMEOUT_MS);
      await until("the end of the network", () => areGone("network", "ls"), REMOVED_TIMEOUT_MS);
    } finally {
      // The volumes and the config, and what should not be there any more.
      removeAll(this.#name);
      if (this.#hasMadeSwarm) {
        process.off("exit", leaveSwarm);
        leaveSwarm();
      }
    }
  }
}

/** @throws RangeError where Docker, a swarm or the image is not to be had, which says what is missing */
export async function deployStack(): Promise<Stack> {
  await requireImages(IMAGE);
  const stack = new DeployedStack();
  try {
    await stack.deploy();
  } catch (failure) {
    await stack.remove().catch(() => undefined);
    throw failure;
  }
  return stack;
}

/** Waits until the nodes are healthy and each has the others as its peers. */
export async function untilConnected(stack: Stack): Promise<void> {
  for (const node of stack.nodes) {
    await stack.untilHealthy(node);
  }
  for (const { name, client } of stack.nodes) {
    const hasPeers = async () => (await succeeded(client.peers())).peers.length === stack.nodes.length - 1;
    await until(`${name} with all others as peers`, hasPeers, HEALTHY_TIMEOUT_MS);
  }
}
