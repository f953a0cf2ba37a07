// A node whose volume has 16 MB, all of which are used up: it says so, ends with 1 and is restarted until there is room,
// and then nothing that it reported as included is missing.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { DEVELOPMENT_ACCOUNTS } from "../../src/app/config/index.ts";
import { createClient } from "../../src/client/index.ts";
import type { Hash } from "../../src/core/primitives/index.ts";
import { freePort } from "../support/binary.ts";
import { succeeded, until } from "../support/cluster.ts";
import {
  containerLog,
  docker,
  HELPER_IMAGE,
  IMAGE,
  inspect,
  removeAll,
  requireImages,
  uniqueName,
} from "../support/docker.ts";

const VOLUME_SIZE = "16m";
/** What the ballast leaves free: room for some dozens of blocks. */
const FREE_KIB = 1024;
const TRANSFERS_MAX = 2000;
const WAIT_MS = 5000;
const MESSAGE = "the disk is full: no block can be stored until there is room";
const RECEIVER = "0x00000000000000000000000000000000000000aa";

const node = uniqueName("disk");
/** Keeps the volume mounted while the node is down, without which what is in a tmpfs would be gone. */
const holder = `${node}-holder`;
const volume = `${node}-data`;
const restPort = freePort();
const client = createClient({ url: `http://127.0.0.1:${restPort}` });

beforeAll(async () => {
  await requireImages(IMAGE, HELPER_IMAGE);
  const filesystem = ["--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", `o=size=${VOLUME_SIZE},uid=65532`];
  await docker("volume", "create", "--driver", "local", ...filesystem, volume);
  await docker("run", "-d", "--init", "--name", holder, "-v", `${volume}:/data`, HELPER_IMAGE, "sleep", "infinity");
  const account = DEVELOPMENT_ACCOUNTS[0];
  const settings = {
    AUREON_GENESIS_DEVELOPMENT: "true",
    AUREON_CONSENSUS_POW_DIFFICULTY: "1",
    AUREON_CONSENSUS_POW_RETARGET: "false",
    AUREON_MINING_ON_DEMAND: "true",
    AUREON_MINING_MAX_INTERVAL_MS: "500",
    AUREON_STATE_ACCOUNTS: `${account?.address}=1000000000`,
    AUREON_WALLET_ENABLED: "true",
    AUREON_WALLET_KEYS: `${account?.secretKey}`,
  };
  const environment = Object.entries(settings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const rights = ["--restart", "unless-stopped", "--read-only", "--cap-drop", "ALL"];
  const place = ["-v", `${volume}:/var/aureon`, "-p", `127.0.0.1:${restPort}:8080`];
  await docker("run", "-d", "--name", node, ...rights, ...place, ...environment, IMAGE);
  await until("the first block", async () => (await client.head()).ok, 30_000);
}, 60_000);

afterAll(() => removeAll(node), 60_000);

/** Fills the volume but for `FREE_KIB`. */
async function addBallast(): Promise<void> {
  const script = `free=$(df -k /data | awk 'NR == 2 { print $4 }') && head -c $(((free - ${FREE_KIB}) * 1024)) /dev/zero >/data/ballast`;
  await docker("exec", holder, "sh", "-c", script);
}

/** Sends transfers one after another until one is not answered with a block; answers with those that were. */
async function sendUntilRefused(): Promise<ReadonlyMap<Hash, number>> {
  const reported = new Map<Hash, number>();
  for (let count = 0; count < TRANSFERS_MAX; count++) {
    const answer = await client.submit({ to: RECEIVER, amount: 1 }, { waitMs: WAIT_MS });
    if (!answer.ok) {
      expect(answer.error.code).not.toBe("internal");
      return reported;
    }
    const { hash } = answer.value;
    const transaction = await client.transaction(hash);
    if (!transaction.ok) return reported;
    if (transaction.value.state !== "pending") reported.set(hash, transaction.value.blockHeight);
  }
  throw new RangeError(`the volume has room for ${TRANSFERS_MAX} transfers more than it should have`);
}

test("a full disk ends the node with a clear message, and nothing reported is lost once there is room", async () => {
  const startTime = new Date().toISOString();
  await addBallast();
  const reported = await sendUntilRefused();
  expect(reported.size).toBeGreaterThan(0);
  const restarts = async () => Number(await inspect(node, ".RestartCount")) >= 2;
  expect(await until("restarts by the policy", restarts, 60_000)).toBe(true);
  const log = await containerLog(node);
  expect(log).toContain(MESSAGE);
  expect(log).not.toMatch(/corrupt|damaged|malformed/i);
  const events = await docker(
    "events",
    "--since",
    startTime,
    "--until",
    new Date().toISOString(),
    "--filter",
    `container=${node}`,
    "--filter",
    "event=die",
    "--format",
    "{{.Actor.Attributes.exitCode}}",
  );
  expect(new Set(events.split("\n"))).toEqual(new Set(["1"]));

  await docker("exec", holder, "rm", "/data/ballast");
  await until("the node back", async () => (await client.head()).ok, 90_000);
  for (const [hash, height] of reported) {
    const transaction = await succeeded(client.transaction(hash));
    expect(transaction).toMatchObject({ state: "included", blockHeight: height });
  }
  const balance = async () => Number(await succeeded(client.balance(RECEIVER as never))) >= reported.size;
  expect(await until("the balance of all that was reported", balance, 10_000)).toBe(true);
  const later = await succeeded(client.submit({ to: RECEIVER, amount: 1 }));
  await succeeded(client.waitForInclusion(later.hash, { timeoutMs: 20_000 }));
}, 240_000);
