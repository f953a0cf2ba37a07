// Wallets that know nothing of Aureon against the compiled node: what GET /chain/info gives is all that they sign with.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Wallet as EthersWallet } from "ethers";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { DEVELOPMENT_ACCOUNTS } from "../../src/app/config/index.ts";
import { createClient, verifyAccountProof } from "../../src/client/index.ts";
import { type ChainInfoJson, hashHeaderJson } from "../../src/client/json/index.ts";
import type { Address, Hash } from "../../src/core/primitives/index.ts";
import { type RunningBinary, startBinary } from "../support/binary.ts";

const AMOUNT = 100;
const FEW_SECONDS_MS = 10_000;

let node: RunningBinary;
beforeAll(async () => {
  node = await startBinary();
});
afterAll(() => node.stop());

function developmentAccount(index: number): { address: Address; secretKey: Hex } {
  const account = DEVELOPMENT_ACCOUNTS[index];
  if (account === undefined) throw new RangeError(`there is no development account ${index}`);
  return account;
}

async function getJson<Body>(path: string): Promise<Body> {
  return (await (await fetch(`${node.url}${path}`)).json()) as Body;
}

async function post(body: object): Promise<{ status: string; hash: Hash }> {
  const response = await fetch(`${node.url}/submit-tx`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { status: string; hash: Hash };
}

type SignTransfer = (eip712: ChainInfoJson["eip712"], message: Record<string, unknown>) => Promise<string>;

const wallets: Readonly<Record<string, (secretKey: Hex) => SignTransfer>> = {
  viem: (secretKey) => (eip712, message) =>
    privateKeyToAccount(secretKey).signTypedData({
      domain: eip712.domain,
      types: eip712.types.Transfer as Record<string, { name: string; type: string }[]>,
      primaryType: "Transfer",
      message,
    }),
  ethers: (secretKey) => (eip712, message) =>
    new EthersWallet(secretKey).signTypedData(
      eip712.domain,
      eip712.types.Transfer as Record<string, { name: string; type: string }[]>,
      message,
    ),
};

/** Balance and nonce by the plain routes, and by a proof against the state root of a head whose hash is recomputed. */
async function readProven(address: Address): Promise<{ balance: number; nonce: number }> {
  const client = createClient({ url: node.url });
  const [plain, proof] = await Promise.all([client.account(address), client.accountProof(address)]);
  if (!plain.ok || !proof.ok) throw new RangeError(JSON.stringify([plain, proof]));
  const block = await client.block(proof.value.blockHash);
  if (!block.ok) throw new RangeError(block.error.message);
  expect(hashHeaderJson(block.value)).toBe(proof.value.blockHash);
  expect(verifyAccountProof({ proof: proof.value, stateRoot: block.value.stateRoot })).toBe("present");
  expect(proof.value.account).toEqual(plain.value);
  expect((await getJson<{ balance: number }>(`/balance/${address}`)).balance).toBe(plain.value.balance);
  return plain.value;
}

async function untilIncluded(hash: Hash): Promise<void> {
  const included = await createClient({ url: node.url }).waitForInclusion(hash, { timeoutMs: FEW_SECONDS_MS });
  expect(included).toMatchObject({ ok: true, value: { hash, receipt: { outcome: "success" } } });
}

async function expectTransfer(options: { from: Address; to: Address; send: () => Promise<Hash> }): Promise<void> {
  const { from, to } = options;
  const before = await Promise.all([readProven(from), readProven(to)]);
  await untilIncluded(await options.send());
  const after = await Promise.all([readProven(from), readProven(to)]);
  expect(after).toMatchObject([
    { balance: before[0].balance - AMOUNT, nonce: before[0].nonce + 1 },
    { balance: before[1].balance + AMOUNT, nonce: before[1].nonce },
  ]);
}

describe("a signed transfer", () => {
  for (const [index, [name, createWallet]] of Object.entries(wallets).entries()) {
    test(`by ${name}`, async () => {
      const { address: from, secretKey } = developmentAccount(2 + index);
      const { address: to } = developmentAccount(6 + index);
      await expectTransfer({
        from,
        to,
        send: async () => {
          const { chain } = await getJson<{ chain: ChainInfoJson }>("/chain/info");
          const { nonce } = (await getJson<{ account: { nonce: number } }>(`/account/${from}`)).account;
          const message = { from, to, amount: AMOUNT, nonce, gasLimit: 100_000, gasPrice: 0, expiry: 0 };
          const signature = await createWallet(secretKey)(chain.eip712, message);
          const submitted = await post({ tx: { type: "transfer", ...message, signature } });
          expect(submitted.status).toBe("ok");
          return submitted.hash;
        },
      });
    });
  }
});

test("an unsigned transfer, flat and in three fields", async () => {
  const { address: from } = developmentAccount(0);
  const { address: to } = developmentAccount(8);
  await expectTransfer({ from, to, send: async () => (await post({ from, to, amount: AMOUNT })).hash });
});

test("a signature for another chain is refused, and changes nothing", async () => {
  const { address: from, secretKey } = developmentAccount(4);
  const { chain } = await getJson<{ chain: ChainInfoJson }>("/chain/info");
  const domain = { ...chain.eip712.domain, salt: `0x${"ab".repeat(32)}` as Hash };
  const message = { from, to: from, amount: 1, nonce: 0, gasLimit: 100_000, gasPrice: 0, expiry: 0 };
  const signature = await wallets.viem?.(secretKey)({ ...chain.eip712, domain }, message);
  expect(await post({ ...message, signature })).toMatchObject({
    status: "error",
    error: { code: "invalid_signature" },
  });
  expect((await readProven(from)).nonce).toBe(0);
});

test("unsigned transfers of one account at once are all included, in order", async () => {
  const { address: from } = developmentAccount(9);
  const { address: to } = developmentAccount(5);
  const answers = await Promise.all(Array.from({ length: 20 }, () => post({ from, to, amount: 1 })));
  for (const { hash } of answers) await untilIncluded(hash);
  expect((await readProven(from)).nonce).toBe(20);
});
