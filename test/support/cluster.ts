// Several compiled nodes of one chain on this machine, each pair over links of their own that a test can cut.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, type ClientResult, createClient } from "../../src/client/index.ts";
import type { HeadJson } from "../../src/client/json/index.ts";
import { freePort, type RunningBinary, startBinary } from "./binary.ts";
import { TEST_BALANCE, testAccount, testAccounts } from "./chainFixture.ts";
import { createTcpLink, type TcpLink } from "./tcpLink.ts";

export interface ClusterOptions {
  readonly count: number;
  /** Hashes a second of each node; 256 are a block at difficulty 2. */
  readonly hashRateLimit?: number;
  readonly blockTimeMs?: number;
  /** Further sections or keys of every node's configuration, as TOML. */
  readonly extra?: string;
  /** Further keys of `[network]` of node `index`, as TOML. */
  readonly networkOf?: (index: number) => string;
  /** The nodes that node `index` asks first; all others when absent. */
  readonly bootstrapOf?: (index: number) => readonly number[];
  /** Nodes reach each other without links, so that nothing of the test's process is between them. */
  readonly isDirect?: boolean;
}

export interface ClusterNode {
  readonly index: number;
  readonly datadir: string;
  readonly listenPort: number;
  readonly client: Client;
  readonly url: string;
  readonly isRunning: boolean;
  /** The process; throws while there is none. */
  readonly binary: RunningBinary;
  start(env?: Readonly<Record<string, string>>): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Removes the chain's folder of a node that does not run. */
  wipe(): void;
}

const POLL_INTERVAL_MS = 50;
// A chain that is old at its first block is given an easy target (docs/spec/proof-of-work.md, relief).
const GENESIS_AGE_MS = 2000;

export async function succeeded<Value>(answer: Promise<ClientResult<Value>>): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new RangeError(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Asks until `check` gives a value. @throws RangeError after `timeoutMs`, with what `describe` says */
export async function until<Value>(
  what: string,
  check: () => Promise<Value | undefined | false>,
  timeoutMs: number,
): Promise<Value> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadlineMs) throw new RangeError(`${what} did not come about within ${timeoutMs} ms`);
    await Bun.sleep(POLL_INTERVAL_MS);
  }
}

function configuration(
  options: ClusterOptions & { timestampMs: number; listenPort: number; peers: readonly string[]; network: string },
) {
  const { hashRateLimit = 85, blockTimeMs = 1000, extra = "", timestampMs, listenPort, peers, network } = options;
  const accounts = testAccounts.map(({ address }) => `"${address}" = ${TEST_BALANCE}`).join("\n");
  return `
[consensus]
pow_difficulty = 2
block_time_ms = ${blockTimeMs}

[genesis]
chain_name = "cluster"
timestamp_ms = ${timestampMs}
development = true

[state.accounts]
${accounts}

[network]
listen_addr = "127.0.0.1"
listen_port = ${listenPort}
outbound_max = 0
bootstrap_peers = [${peers.map((peer) => `"${peer}"`).join(", ")}]
${network}

[mining]
hash_rate_limit = ${hashRateLimit}
beneficiary = "${testAccount(9).address}"

[api]
websocket_enabled = false
${extra}`;
}

export class Cluster {
  readonly nodes: readonly ClusterNode[];
  private readonly folder: string;
  private readonly links: Map<string, TcpLink>;

  private constructor(folder: string, nodes: readonly ClusterNode[], links: Map<string, TcpLink>) {
    this.folder = folder;
    this.nodes = nodes;
    this.links = links;
  }

  /** Writes the configurations and opens the links; no node runs yet. */
  static async create(options: ClusterOptions): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), "aureon-cluster-"));
    const indexes = Array.from({ length: options.count }, (_, index) => index);
    const ports = indexes.map(() => freePort());
    const links = new Map<string, TcpLink>();
    const timestampMs = Date.now() - GENESIS_AGE_MS;
    const nodes: ClusterNode[] = [];
    for (const index of indexes) {
      const others = options.bootstrapOf?.(index) ?? indexes.filter((other) => other !== index);
      const peers: string[] = [];
      for (const other of others) {
        if (options.isDirect === true) {
          peers.push(`127.0.0.1:${ports[other]}`);
          continue;
        }
        const link = await createTcpLink({ targetPort: ports[other] as number });
        links.set(`${index}-${other}`, link);
        peers.push(`127.0.0.1:${link.port}`);
      }
      const datadir = join(folder, `node-${index + 1}`);
      mkdirSync(datadir);
      const listenPort = ports[index] as number;
      const network = options.networkOf?.(index) ?? "";
      const text = configuration({ ...options, timestampMs, listenPort, peers, network });
      writeFileSync(join(datadir, "config.toml"), text);
      nodes.push(createClusterNode({ index, datadir, listenPort }));
    }
    return new Cluster(folder, nodes, links);
  }

  node(index: number): ClusterNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`there is no node ${index}`);
    return node;
  }

  /** Cuts all links between two groups of nodes, or heals them. */
  partition(left: readonly number[], right: readonly number[], action: "cut" | "heal"): void {
    for (const from of left) {
      for (const to of right) {
        this.links.get(`${from}-${to}`)?.[action]();
        this.links.get(`${to}-${from}`)?.[action]();
      }
    }
  }

  /** The head that all running nodes have. @throws RangeError when they don't agree within `timeoutMs` */
  untilLevel(timeoutMs: number, isEnough: (head: HeadJson) => boolean = () => true): Promise<HeadJson> {
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    return until(
      "one head on all nodes",
      async () => {
        const heads = await Promise.all(running.map(({ client }) => succeeded(client.head())));
        const [first] = heads;
        const isLevel = first !== undefined && heads.every(({ hash }) => hash === first.hash);
        return isLevel && isEnough(first) ? first : undefined;
      },
      timeoutMs,
    );
  }

  /** What the nodes wrote, for a failing test's message. */
  output(): string {
    return this.nodes
      .filter(({ isRunning }) => isRunning)
      .map(({ index, binary }) => `--- node ${index + 1}\n${binary.output().split("\n").slice(-40).join("\n")}`)
      .join("\n");
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.filter(({ isRunning }) => isRunning).map((node) => node.stop()));
    await Promise.all([...this.links.values()].map((link) => link.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function createClusterNode(options: { index: number; datadir: string; listenPort: number }): ClusterNode {
  const { datadir, listenPort } = options;
  let running: RunningBinary | undefined;
  const binary = () => {
    if (running === undefined) throw new RangeError(`node ${options.index + 1} does not run`);
    return running;
  };
  return {
    ...options,
    get isRunning() {
      return running !== undefined;
    },
    get binary() {
      return binary();
    },
    get url() {
      return binary().url;
    },
    get client() {
      return createClient({ url: binary().url });
    },
    start: async (env = {}) => {
      running = await startBinary({ command: ["start"], datadir, listenPort, env, waitFor: "/liveness" });
    },
    kill: async () => {
      await binary().kill();
      running = undefined;
    },
    stop: async () => {
      await binary().stop();
      running = undefined;
    },
    wipe: () => rmSync(join(datadir, "chain"), { recursive: true, force: true }),
  };
}
