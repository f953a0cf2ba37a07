// A contract on three compiled nodes: deployed on one, called on another, viewed on the third; then many views at once.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXAMPLE_CONTRACT, EXAMPLE_STORAGE_KEY, EXAMPLE_TOPIC } from "../../src/app/api/exampleContract.ts";
import { verifyStorageProof } from "../../src/client/index.ts";
import { hashHeaderJson, type IncludedTransactionJson } from "../../src/client/json/index.ts";
import { type Address, bytesToHex, type Hash, type Hex, hexToBytes } from "../../src/core/primitives/index.ts";
import { createSigningDomain, signTransaction, type Transaction } from "../../src/core/protocol/index.ts";
import { testAccount } from "../support/chainFixture.ts";
import { Cluster, type ClusterNode, succeeded, until } from "../support/cluster.ts";
import { createProgramRunner } from "../support/refusalProgram.ts";
import { contract } from "../support/wat.ts";

const WAIT_MS = 30_000;
const [alice, bob] = [testAccount(0), testAccount(1)];
const KEY = EXAMPLE_STORAGE_KEY as Hex;
/** Takes as much gas as it is given. */
const SPINNER = contract(`(func (export "spin") (loop (br 0)))`);

let cluster: Cluster;
let address: Address;

beforeAll(async () => {
  const extra = `\n[wallet]\nenabled = true\nkeys = ["${bytesToHex(alice.secretKey)}"]\n`;
  cluster = await Cluster.create({ count: 3, blockTimeMs: 500, extra });
  await Promise.all(cluster.nodes.map((node) => node.start()));
  await until(
    "a full mesh",
    async () => {
      const reports = await Promise.all(cluster.nodes.map(({ client }) => succeeded(client.peers())));
      return reports.every(({ peers }) => peers.length === 2);
    },
    60_000,
  );
}, 90_000);
afterAll(() => cluster.stop());

function includedOn(node: ClusterNode, hash: Hash): Promise<IncludedTransactionJson> {
  return succeeded(node.client.waitForInclusion(hash, { timeoutMs: WAIT_MS, intervalMs: 50 }));
}

/** A call of bob's that he signs himself. */
async function callSigned(node: ClusterNode, nonce: number, args: string) {
  const { genesisHash } = await succeeded(node.client.info());
  const fields = { function: "add", args, amount: 0, gasLimit: 1_000_000, gasPrice: 0, expiry: 0, nonce };
  const { signature } = signTransaction({
    transaction: { type: "call", from: bob.address, to: address, ...fields } as Transaction,
    secretKey: bob.secretKey,
    domain: createSigningDomain(genesisHash),
  });
  const request = { address, from: bob.address, ...fields, signature };
  return succeeded(node.client.callContract(request, { waitMs: WAIT_MS }));
}

test("is deployed on one node, called on another, and viewed on a third", async () => {
  const [first, second, third] = [0, 1, 2].map((index) => cluster.node(index)) as [
    ClusterNode,
    ClusterNode,
    ClusterNode,
  ];
  const deployed = await succeeded(first.client.deployContract({ wasm: EXAMPLE_CONTRACT as Hex }, { waitMs: WAIT_MS }));
  expect(deployed).toMatchObject({ outcome: "success", error: null });
  ({ address } = deployed);
  await includedOn(second, deployed.hash);
  const called = await callSigned(second, 0, "[40]");
  expect(called).toMatchObject({ outcome: "success", result: 40 });
  await includedOn(first, called.hash);
  const again = await succeeded(
    first.client.callContract({ address, function: "add", args: [2] }, { waitMs: WAIT_MS }),
  );
  await includedOn(third, again.hash);
  const view = await succeeded(third.client.view(address, { function: "get" }));
  expect(view).toMatchObject({ result: 42, outcome: "success" });
}, 120_000);

test("has on each node the same receipts, events, state and proofs", async () => {
  const head = await cluster.untilLevel(WAIT_MS);
  const seen = await Promise.all(
    cluster.nodes.map(async ({ client }) => {
      const { events, next } = await succeeded(client.contractEvents(address));
      const receipts = await Promise.all(
        events.map(async ({ transactionHash }) => succeeded(client.transaction(transactionHash))),
      );
      const block = await succeeded(client.block(head.hash));
      expect(hashHeaderJson(block)).toBe(head.hash);
      const storage = await succeeded(client.contractStorage(address, KEY, { height: head.height }));
      expect(verifyStorageProof({ proof: storage, stateRoot: block.stateRoot })).toBe("present");
      return {
        events,
        next,
        receipts,
        storage,
        stateRoot: block.stateRoot,
        contract: await succeeded(client.contract(address)),
      };
    }),
  );
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  const [node] = seen;
  expect(node?.events.map(({ data, topics }) => [data, topics])).toEqual([
    ["0x28000000", [EXAMPLE_TOPIC as Hash]],
    ["0x2a000000", [EXAMPLE_TOPIC as Hash]],
  ]);
  expect([node?.storage.value, node?.next]).toEqual(["0x2a000000", null]);
}, 60_000);

test("is as it was at earlier heights, by views and by proofs", async () => {
  const { client } = cluster.node(2);
  const { events } = await succeeded(client.contractEvents(address));
  const { height } = await succeeded(client.head());
  const steps = [...events.map(({ blockHeight }) => blockHeight as number), height + 1];
  const valueAt = async (at: number) => {
    const view = await succeeded(client.view(address, { function: "get", height: at }));
    const { value } = await succeeded(client.contractStorage(address, KEY, { height: at }));
    const stored = value === null ? 0 : new DataView(hexToBytes(value).buffer).getInt32(0, true);
    return [view.result, stored];
  };
  expect(await valueAt((steps[0] as number) - 1)).toEqual([0, 0]);
  expect(await valueAt((steps[1] as number) - 1)).toEqual([40, 40]);
  expect(await valueAt(height)).toEqual([42, 42]);
});

test("by the command line is deployed, called and viewed, and its failure ends with 1", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aureon-contract-"));
  writeFileSync(join(folder, "counter.wasm"), hexToBytes(EXAMPLE_CONTRACT as Hex));
  const { run } = createProgramRunner({ cwd: () => folder });
  const url = ["--url", cluster.node(0).url];
  try {
    const deployed = await run(["deploy", "counter.wasm", ...url]);
    expect([deployed.stderr, deployed.code]).toEqual(["", 0]);
    const own = /contract (0x[0-9a-f]{40})\n$/.exec(deployed.stdout)?.[1] ?? "";
    const called = await run(["call", own, "add", "--args", "[-7]", ...url]);
    expect(called).toMatchObject({ stderr: "", code: 0, stdout: expect.stringMatching(/success, \d+ gas\n-7\n$/) });
    expect(await run(["view", own, "get", ...url])).toEqual({ stdout: "-7\n", stderr: "", code: 0 });
    const failed = await run(["call", own, "add", "--args", '["x"]', ...url]);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("one integer for each parameter") });
    expect(await run(["view", own, "none", ...url])).toMatchObject({ code: 1, stdout: "" });
    for (const argv of [
      ["deploy", "absent.wasm"],
      ["deploy"],
      ["call", own],
      ["call", own, "add", "--args", "[1"],
      ["view", "0x12", "get"],
    ]) {
      expect(await run([...argv, ...url])).toMatchObject({ code: 2, stdout: "" });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 90_000);

test("that takes all its gas holds up neither other requests nor blocks, and beyond a bound is answered as busy", async () => {
  const node = cluster.node(1);
  const deployed = await succeeded(node.client.deployContract({ wasm: SPINNER }, { waitMs: WAIT_MS }));
  const before = await succeeded(node.client.head());
  const views = Array.from({ length: 150 }, () => node.client.view(deployed.address, { function: "spin" }));
  const started = performance.now();
  await succeeded(node.client.balance(alice.address));
  const balanceMs = performance.now() - started;
  const codes = (await Promise.all(views)).map((view) => (view.ok ? view.value.reason : view.error.code));
  expect(new Set(codes)).toEqual(new Set(["outOfGas", "node_busy"]));
  expect(codes.filter((code) => code === "outOfGas").length).toBeGreaterThanOrEqual(64);
  expect(balanceMs).toBeLessThan(2000);
  await until(
    "a block after the burst",
    async () => (await succeeded(node.client.head())).height > before.height,
    WAIT_MS,
  );
  expect(await succeeded(node.client.view(address, { function: "get" }))).toMatchObject({ result: 42 });
}, 120_000);
