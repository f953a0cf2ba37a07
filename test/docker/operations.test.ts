// The Makefile's commands for a cluster: what they print, when they fail, and that a backup is the chain it was taken of.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { succeeded, until } from "../support/cluster.ts";
import {
  docker,
  HELPER_IMAGE,
  IMAGE,
  inspect,
  removeAll,
  requireImages,
  tryRun,
  uniqueName,
} from "../support/docker.ts";
import { DockerCluster, type DockerNode, SETTLED_DEPTH } from "../support/dockerCluster.ts";

const LEVEL_TIMEOUT_MS = 60_000;
const TEST_TIMEOUT_MS = 150_000;
const LOGS_MS = 3000;

let cluster: DockerCluster;

beforeAll(async () => {
  await requireImages("aureon-chain:dev", HELPER_IMAGE);
  cluster = await DockerCluster.create("operations");
}, TEST_TIMEOUT_MS);

afterAll(() => cluster?.remove(), TEST_TIMEOUT_MS);

interface Head {
  readonly height: number;
  readonly hash: string;
}

/** What the chain in a volume ends with, by a node that neither hears of others nor makes blocks. */
async function headOfVolume(volume: string, like: DockerNode): Promise<Head> {
  const environment = JSON.parse((await inspect(like.container, "json .Config.Env")) ?? "[]") as string[];
  const settings = [...environment, "AUREON_MINING_ENABLED=false"].flatMap((setting) => ["-e", setting]);
  const name = uniqueName("head");
  await docker("run", "-d", "--name", name, "--network", "none", "-v", `${volume}:/var/aureon`, ...settings, IMAGE);
  try {
    return await until(
      "the head of a volume",
      async () => {
        const { exitCode, stdout } = await tryRun(["docker", "exec", name, "/usr/local/bin/aureon", "head"]);
        const [, height, hash] = /^height +(\d+)\nhash +(0x\w+)$/m.exec(stdout) ?? [];
        return exitCode === 0 && hash !== undefined ? { height: Number(height), hash } : undefined;
      },
      30_000,
    );
  } finally {
    await docker("stop", name);
    removeAll(name);
  }
}

test("the project's name is the one in the names of its volumes", () => {
  const text = readFileSync(resolve(import.meta.dir, "../../.env"), "utf8");
  expect(text).toMatch(/^COMPOSE_PROJECT_NAME=aureon-chain$/m);
});

test(
  "make test starts the cluster where it is not there, and passes a second time",
  async () => {
    const first = await cluster.make("test");
    expect(first.output).toMatch(/\n 0 fail\n/);
    const ids = await docker("ps", "-q", "--filter", `name=^${cluster.project}`);
    expect(ids.split("\n")).toHaveLength(3);
    const second = await cluster.make("test");
    expect(second.output).toMatch(/\n 0 fail\n/);
    // The same containers: nothing was started anew, and nothing is gone.
    expect(await docker("ps", "-q", "--filter", `name=^${cluster.project}`)).toBe(ids);
  },
  TEST_TIMEOUT_MS,
);

test(
  "make status and logs show the three nodes",
  async () => {
    const { stdout } = await cluster.make("status");
    const named = cluster.nodes.filter(({ container }) => stdout.includes(container));
    expect(named).toHaveLength(3);
    expect(stdout.match(/healthy/g)).toHaveLength(3);
    // They follow the log until they are ended.
    const all = await cluster.makeFor("logs", LOGS_MS);
    for (const { service } of cluster.nodes) expect(all).toContain(service);
    const second = await cluster.makeFor("logs-node-2", LOGS_MS);
    expect(second).toContain('"event":"ready"');
    expect(second).not.toContain("aureon-node-1  ");
  },
  TEST_TIMEOUT_MS,
);

test(
  "make shell-node-1 gives a shell beside the node, with the tools that its image lacks",
  async () => {
    const shell = (command: string) => cluster.make("shell-node-1", `CMD=${command}`);
    expect((await shell("aureon head")).stdout).toMatch(/^height +\d+$/m);
    await shell("nc -z -w 5 aureon-node-2 6001");
    expect((await shell("curl -fsS http://aureon-node-3:8080/chain/head | jq .head.height")).stdout).toMatch(/^\d+\n$/);
    expect((await shell("ls /var/aureon/chain")).stdout).toContain("chain.sqlite");
    expect((await shell("ps -A -o comm")).stdout).toContain("aureon");
  },
  TEST_TIMEOUT_MS,
);

test(
  "make health-check prints each head, and fails when a node does not run",
  async () => {
    const healthy = await cluster.make("health-check");
    expect(healthy.stdout).toMatch(
      /^\{"head":\{.*\}\}✅ Node 1 healthy\n\{"head":.*✅ Node 2 healthy\n\{"head":.*✅ Node 3 healthy\n$/,
    );
    await docker("stop", cluster.node(3).container);
    const sick = await cluster.tryMake("health-check");
    expect(sick.exitCode).not.toBe(0);
    expect(sick.stdout).toMatch(/❌ Node 3 not healthy/);
    expect(sick.stdout).toMatch(/✅ Node 2 healthy/);
    await cluster.make("up");
    await cluster.make("health-check");
  },
  TEST_TIMEOUT_MS,
);

test(
  "a backup of a stopped node has its head, in a new volume too",
  async () => {
    const node = cluster.node(2);
    await cluster.untilLevel(LEVEL_TIMEOUT_MS);
    await docker("stop", node.container);
    const head = await headOfVolume(node.volume, node);
    await cluster.make("backup", "NODE=2");
    // It did not run, and so it does not now.
    expect(await inspect(node.container, ".State.Running")).toBe("false");
    const [archive = ""] = readdirSync(cluster.backups);
    // It holds the key of the node.
    expect(statSync(join(cluster.backups, archive)).mode & 0o077).toBe(0);
    expect(archive).toMatch(/^node2-\d{8}-\d{6}\.tar\.gz$/);

    // As the operations guide does it by hand.
    const copy = uniqueName("copy");
    try {
      await docker("volume", "create", copy);
      const mounts = ["-v", `${copy}:/data`, "-v", `${cluster.backups}:/backups:ro`];
      await docker("run", "--rm", ...mounts, HELPER_IMAGE, "tar", "xzf", `/backups/${archive}`, "-C", "/data");
      expect(await headOfVolume(copy, node)).toEqual(head);
    } finally {
      removeAll(copy);
    }

    // By the command, with the node's container and volume gone.
    await cluster.compose("rm", "-sf", node.service);
    await docker("volume", "rm", node.volume);
    const { stdout } = await cluster.make("restore", "NODE=2", `FROM=${join(cluster.backups, archive)}`);
    expect(stdout).toContain(`node 2 runs on ${archive}`);
    await cluster.untilLevel(LEVEL_TIMEOUT_MS, { isEnough: ({ height }) => height > head.height });
    // It had the archive's blocks, and took from the others only what came after.
    const starts = (await node.log()).split("\n").filter((line) => line.includes('"event":"sync started"'));
    for (const line of starts) expect(JSON.parse(line).from).toBeGreaterThanOrEqual(head.height - SETTLED_DEPTH);
  },
  TEST_TIMEOUT_MS,
);

test(
  "make backup of a running node starts it again; a torn archive changes nothing",
  async () => {
    const node = cluster.node(3);
    const before = await cluster.settled(LEVEL_TIMEOUT_MS);
    const known = readdirSync(cluster.backups);
    await cluster.make("backup", "NODE=3");
    expect(await inspect(node.container, ".State.Running")).toBe("true");
    const archive = readdirSync(cluster.backups).find((name) => !known.includes(name)) ?? "";
    const torn = join(cluster.backups, "torn's.tar.gz");
    const bytes = readFileSync(join(cluster.backups, archive));
    writeFileSync(torn, bytes.subarray(0, bytes.length / 2));
    const refused = await cluster.tryMake("restore", "NODE=3", `FROM=${torn}`);
    expect(refused.exitCode).not.toBe(0);
    await cluster.untilLevel(LEVEL_TIMEOUT_MS, { isEnough: ({ height }) => height > before.height });
    expect(await cluster.have(before)).toBe(true);
    const absent = await cluster.tryMake("restore", "NODE=3", "FROM=nothing.tar.gz");
    expect(absent.exitCode).not.toBe(0);
    expect(absent.output).toContain(`there is no file nothing.tar.gz; ${cluster.backups} has: node2-`);
    expect(await inspect(node.container, ".State.Running")).toBe("true");
  },
  TEST_TIMEOUT_MS,
);

test(
  "make resync-node-3 has the node fetch the chain again, under the key it had",
  async () => {
    const node = cluster.node(3);
    const before = await cluster.settled(LEVEL_TIMEOUT_MS);
    const { nodeKey } = await succeeded(node.client.peers());
    const resyncTime = new Date().toISOString();
    await cluster.make("resync-node-3");
    await cluster.untilLevel(LEVEL_TIMEOUT_MS, { isEnough: ({ height }) => height > before.height });
    expect(await cluster.have(before)).toBe(true);
    expect((await node.log(resyncTime)).match(/"event":"sync started","from":0,/g)).toHaveLength(1);
    expect((await succeeded(node.client.peers())).nodeKey).toBe(nodeKey as never);
  },
  TEST_TIMEOUT_MS,
);

test(
  "commands refuse a node that there is not, and resync one that no other node could help",
  async () => {
    for (const command of [["backup", "NODE=4"], ["resync-node-x"], ["shell-node-0"], ["restore", "NODE=1"]]) {
      expect((await cluster.tryMake(...command)).exitCode, command.join(" ")).not.toBe(0);
    }
    await Promise.all([1, 2].map((number) => docker("stop", cluster.node(number).container)));
    const refused = await cluster.tryMake("resync-node-3");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain("no other node answers");
    expect(await inspect(cluster.node(3).container, ".State.Running")).toBe("true");
  },
  TEST_TIMEOUT_MS,
);

test(
  "make clean leaves no container, volume or network",
  async () => {
    await cluster.make("clean");
    const filter = ["-q", "--filter", `label=com.docker.compose.project=${cluster.project}`];
    expect(await docker("ps", "-a", ...filter)).toBe("");
    expect(await docker("volume", "ls", ...filter)).toBe("");
    expect(await docker("network", "ls", ...filter)).toBe("");
  },
  TEST_TIMEOUT_MS,
);
