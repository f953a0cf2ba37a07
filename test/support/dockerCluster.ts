// A cluster of docker-compose.yml with a project, names and ports of the test's own, run by the Makefile's commands.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "../../src/client/index.ts";
import type { HeadJson } from "../../src/client/json/index.ts";
import type { Hash } from "../../src/core/primitives/index.ts";
import { freePort } from "./binary.ts";
import { succeeded, until } from "./cluster.ts";
import {
  type CommandResult,
  containerLog,
  IMAGE,
  inspect,
  removeAll,
  requireImages,
  run,
  runFor,
  tryRun,
  uniqueName,
} from "./docker.ts";

const MAKE_TIMEOUT_MS = 150_000;
const HEALTHY_TIMEOUT_MS = 60_000;
export const SETTLED_DEPTH = 6;

export interface DockerNode {
  /** 1, 2 or 3. */
  readonly number: number;
  readonly service: string;
  readonly container: string;
  readonly volume: string;
  readonly url: string;
  readonly client: Client;
  untilHealthy(): Promise<void>;
  /** Of the container that there is now, from `sinceTime` on (RFC 3339) where it is given. */
  log(sinceTime?: string): Promise<string>;
}

export interface Settled {
  readonly height: number;
  readonly deepHeight: number;
  readonly deepHash: Hash;
}

/** The command that compose is on this machine. */
let composeCommand: readonly string[] | undefined;
async function findCompose(): Promise<readonly string[]> {
  if (composeCommand === undefined) {
    const { exitCode } = await tryRun(["docker", "compose", "version"]);
    composeCommand = exitCode === 0 ? ["docker", "compose"] : ["docker-compose"];
  }
  return composeCommand;
}

export class DockerCluster {
  readonly project: string;
  readonly network: string;
  readonly nodes: readonly DockerNode[];
  /** A folder of the test's, where `make backup` puts its archives. */
  readonly backups: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(project: string) {
    this.project = project;
    this.network = `${project}-net`;
    const backups = mkdtempSync(join(tmpdir(), `${project}-`));
    this.backups = backups;
    // Also when the tests are interrupted.
    process.once("exit", () => rmSync(backups, { recursive: true, force: true }));
    const ports: Record<string, string> = {};
    const urls: string[] = [];
    for (const number of [1, 2, 3]) {
      const restPort = freePort();
      urls.push(`http://127.0.0.1:${restPort}`);
      ports[`NODE${number}_REST_PORT`] = String(restPort);
      ports[`NODE${number}_P2P_PORT`] = String(freePort());
      ports[`NODE${number}_WS_PORT`] = String(freePort());
    }
    this.env = {
      ...ports,
      COMPOSE_PROJECT_NAME: project,
      CONTAINER_PREFIX: `${project}-`,
      NETWORK_NAME: this.network,
      BACKUPS: this.backups,
    };
    this.nodes = urls.map((url, index) => this.createNode(index + 1, url));
  }

  /** Names and ports; nothing runs yet. @throws RangeError where Docker or the image is not there */
  static async create(what: string): Promise<DockerCluster> {
    await requireImages(IMAGE);
    return new DockerCluster(uniqueName(what));
  }

  private createNode(number: number, url: string): DockerNode {
    const service = `aureon-node-${number}`;
    const container = `${this.project}-${service}`;
    return {
      number,
      service,
      container,
      volume: `${this.project}_node${number}_data`,
      url,
      client: createClient({ url }),
      untilHealthy: async () => {
        const isHealthy = async () => (await inspect(container, ".State.Health.Status")) === "healthy";
        await until(`${container} healthy`, isHealthy, HEALTHY_TIMEOUT_MS);
      },
      log: (sinceTime) => containerLog(container, sinceTime),
    };
  }

  /** @param number 1, 2 or 3 */
  node(number: number): DockerNode {
    const node = this.nodes[number - 1];
    if (node === undefined) throw new RangeError(`there is no node ${number}`);
    return node;
  }

  /** `make` with targets and variables. @throws RangeError where it fails */
  make(...args: readonly string[]): Promise<CommandResult> {
    return run(["make", "-s", ...args], { env: this.env, timeoutMs: MAKE_TIMEOUT_MS });
  }

  /** `make`, whatever its exit code is. */
  tryMake(...args: readonly string[]): Promise<CommandResult> {
    return tryRun(["make", "-s", ...args], { env: this.env, timeoutMs: MAKE_TIMEOUT_MS });
  }

  /** `make`, interrupted by a signal once `when` is fulfilled. */
  interruptMake(when: Promise<unknown>, signal: NodeJS.Signals, ...args: readonly string[]): Promise<CommandResult> {
    return tryRun(["make", "-s", ...args], { env: this.env, timeoutMs: MAKE_TIMEOUT_MS, interrupt: { when, signal } });
  }

  /** What a command that goes on by itself writes until it is ended after `durationMs`. */
  makeFor(target: string, durationMs: number): Promise<string> {
    return runFor(["make", "-s", target], { env: this.env, timeoutMs: durationMs });
  }

  async compose(...args: readonly string[]): Promise<CommandResult> {
    return run([...(await findCompose()), ...args], { env: this.env, timeoutMs: MAKE_TIMEOUT_MS });
  }

  /** The head that the nodes have; all three where none are named. @throws RangeError when they don't agree in time */
  untilLevel(
    timeoutMs: number,
    options: { nodes?: readonly DockerNode[]; isEnough?: (head: HeadJson) => boolean } = {},
  ): Promise<HeadJson> {
    const { nodes = this.nodes, isEnough = () => true } = options;
    return until(
      "one head on all nodes",
      async () => {
        const heads = await Promise.all(nodes.map(({ client }) => client.head()));
        const found = heads.flatMap((head) => (head.ok ? [head.value] : []));
        const [first] = found;
        const isLevel = found.length === nodes.length && found.every(({ hash }) => hash === first?.hash);
        return isLevel && first !== undefined && isEnough(first) ? first : undefined;
      },
      timeoutMs,
    );
  }

  /**
   * The height that all nodes have reached, and a block below it that is deep enough not to be taken back: two blocks
   * that are found at once may still change places at the head.
   */
  async settled(timeoutMs: number): Promise<Settled> {
    const { height } = await this.untilLevel(timeoutMs, { isEnough: (head) => head.height > SETTLED_DEPTH });
    const deepHeight = height - SETTLED_DEPTH;
    const { hash } = await succeeded(this.node(1).client.block(deepHeight));
    return { height, deepHeight, deepHash: hash };
  }

  /** Whether all nodes have the block that was settled. */
  async have({ deepHeight, deepHash }: Settled): Promise<boolean> {
    const blocks = await Promise.all(this.nodes.map(({ client }) => succeeded(client.block(deepHeight))));
    return blocks.every(({ hash }) => hash === deepHash);
  }

  /** Removes containers, volumes, network and folder, whatever state they are in. */
  remove(): void {
    rmSync(this.backups, { recursive: true, force: true });
    removeAll(this.project);
  }
}
