// What waits for a block is still there after the node was killed, and after it was stopped, and is included in the end.

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEVELOPMENT_ACCOUNTS, type DevelopmentAccount } from "../../src/app/config/index.ts";
import { type ClientResult, createClient } from "../../src/client/index.ts";
import { hexToBytes } from "../../src/core/primitives/index.ts";
import { createSigningDomain } from "../../src/core/protocol/index.ts";
import { type RunningBinary, startBinary } from "../support/binary.ts";
import { signedTransfer } from "../support/chainFixture.ts";

const [alice, bob] = DEVELOPMENT_ACCOUNTS as [DevelopmentAccount, DevelopmentAccount];
const COUNT = 40;
const datadir = mkdtempSync(join(tmpdir(), "aureon-test-"));
afterAll(() => rmSync(datadir, { recursive: true, force: true }));

async function accepted<Value>(answer: Promise<ClientResult<Value>>): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new RangeError(result.error.message);
  return result.value;
}

/** The nonces that wait, by the node's own word. */
async function waitingNonces(node: RunningBinary): Promise<number[]> {
  const { transactions } = await accepted(createClient({ url: node.url }).mempoolOf(alice.address));
  return transactions.map(({ nonce }) => nonce);
}

test("a restart loses nothing that waits", async () => {
  const env = { AUREON_MINING_ENABLED: "false" };
  const first = await startBinary({ datadir, env });
  const client = createClient({ url: first.url });
  const { genesisHash } = await accepted(client.info());
  const sender = { address: alice.address, secretKey: hexToBytes(alice.secretKey) };
  const domain = createSigningDomain(genesisHash);
  const signed = Array.from({ length: COUNT }, (_, nonce) =>
    signedTransfer({ sender, to: bob.address, amount: 1, nonce, domain }),
  );
  const results = await accepted(
    client.submitMany(signed.map(({ transaction, signature }) => ({ ...transaction, signature }))),
  );
  expect(results.map(({ status }) => status)).toEqual(signed.map(() => "ok"));
  const nonces = signed.map(({ transaction }) => transaction.nonce as number);
  await first.kill();

  const second = await startBinary({ datadir, env });
  expect(await waitingNonces(second)).toEqual(nonces);
  await second.stop();

  const third = await startBinary({ datadir });
  const last = signed[COUNT - 1] as (typeof signed)[number];
  const included = await createClient({ url: third.url }).waitForInclusion(last.hash, { timeoutMs: 10_000 });
  expect(included.ok && included.value.state).toBe("included");
  expect(await waitingNonces(third)).toEqual([]);
  await third.stop();

  // Nothing waits any more, so nothing comes back.
  const fourth = await startBinary({ datadir, env });
  expect(await waitingNonces(fourth)).toEqual([]);
  const { nonce } = await accepted(createClient({ url: fourth.url }).account(alice.address));
  expect(nonce as number).toBe(COUNT);
  await fourth.stop();
});
