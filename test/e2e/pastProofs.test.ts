// Accounts proven at earlier heights, over HTTP and against headers whose hash is computed from their fields.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient, verifyAccountProof } from "../../src/client/index.ts";
import { hashHeaderJson } from "../../src/client/json/index.ts";
import type { Address } from "../../src/core/primitives/index.ts";
import { type RunningBinary, startBinary } from "../support/binary.ts";
import { accepted } from "../support/refusalNodes.ts";

const PROOF_HEIGHTS = 128;
// One more than are proven, so that the genesis' height is not kept.
const HEIGHT = PROOF_HEIGHTS;
const RECEIVER = `0x${"ab".repeat(20)}` as Address;
const NOBODY = `0x${"cd".repeat(20)}` as Address;

const datadir = mkdtempSync(join(tmpdir(), "aureon-past-proofs-"));
let node: RunningBinary;
let client: Client;

beforeAll(async () => {
  node = await startBinary({ datadir });
  client = createClient({ url: node.url });
  // Each is sent when the one before is included, so that each has a block of its own.
  while ((await accepted(client.head())).height < HEIGHT) {
    await accepted(client.submit({ to: RECEIVER, amount: 1 }, { waitMs: 10_000 }));
  }
}, 30_000);
afterAll(async () => {
  await node.stop();
  rmSync(datadir, { recursive: true, force: true });
});

async function provenBalance(address: Address, height: number): Promise<[verdict: string, balance: number]> {
  const header = await accepted(client.block(height));
  expect(hashHeaderJson(header)).toBe(header.hash);
  const proof = await accepted(client.accountProof(address, { height }));
  expect([proof.blockHeight as number, proof.blockHash]).toEqual([height, header.hash]);
  return [verifyAccountProof({ proof, stateRoot: header.stateRoot }), proof.account.balance];
}

test("each of the last 128 heights proves what an account had then", async () => {
  const { height, stateRoot } = await accepted(client.head());
  const { balance } = await accepted(client.account(RECEIVER));
  let before = -1;
  for (let at = height - PROOF_HEIGHTS + 1; at <= height; at++) {
    const [verdict, balanceThen] = await provenBalance(RECEIVER, at);
    expect(verdict).toBe(balanceThen === 0 ? "absent" : "present");
    expect(balanceThen).toBeGreaterThanOrEqual(before);
    before = balanceThen;
  }
  expect(before).toBe(balance);
  expect(await provenBalance(NOBODY, height - 50)).toEqual(["absent", 0]);
  const old = await accepted(client.accountProof(RECEIVER, { height: height - 1 }));
  expect(verifyAccountProof({ proof: old, stateRoot })).toBe("invalid");
});

test("tags name heights, and one that is further back is refused with the first that is kept", async () => {
  const { height } = await accepted(client.head());
  const safe = await accepted(client.accountProof(RECEIVER, { height: "safe" }));
  expect(safe.blockHeight).toBeLessThanOrEqual(height - 5);
  for (const tag of ["earliest", 0] as const) {
    const refused = await client.accountProof(RECEIVER, { height: tag });
    expect(refused).toMatchObject({ ok: false, error: { code: "height_not_kept", httpStatus: 410 } });
  }
});

test("a burst of proofs at many heights is answered, each with its proof or as node_busy, and the node goes on", async () => {
  const { height } = await accepted(client.head());
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, back) => client.accountProof(RECEIVER, { height: height - 2 * back })),
  );
  const codes = new Set(answers.map((answer) => (answer.ok ? "ok" : answer.error.code)));
  expect([...codes].filter((code) => code !== "ok" && code !== "node_busy")).toEqual([]);
  expect(codes.has("ok")).toBe(true);
  expect((await accepted(client.accountProof(RECEIVER, { height: height - 3 }))).blockHeight as number).toBe(
    height - 3,
  );
});

test("a node that has given such proofs ends in good order, its log folded into the database", async () => {
  await node.stop();
  const left = readdirSync(join(datadir, "chain"));
  expect(left.filter((name) => name.startsWith("chain."))).toEqual(["chain.sqlite"]);
});
