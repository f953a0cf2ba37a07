// The operations guide's walk through a running cluster of three nodes (`make test`): what one node is given, the others
// have. It makes transfers to accounts of its own and changes nothing else, so it can be run again and again.

import { beforeAll, expect, test } from "bun:test";
import { type Client, createClient, signTransaction } from "../../src/client/index.ts";
import type { TransactionViewJson } from "../../src/client/json/index.ts";
import { secretKeyToAddress } from "../../src/core/crypto/index.ts";
import type { Address, Amount, Bytes, Gas, GasPrice, Hash, Height, Nonce } from "../../src/core/primitives/index.ts";
import { TRANSACTION_GAS } from "../../src/core/protocol/index.ts";
import { succeeded, until } from "../support/cluster.ts";

const TIMEOUT_MS = 60_000;
const FIRST_PORTS = ["8000", "8001", "8002"];
const bindAddress = process.env.BIND_ADDRESS ?? "127.0.0.1";
const host = bindAddress === "0.0.0.0" ? "127.0.0.1" : bindAddress;
const urls = FIRST_PORTS.map((port, index) => `http://${host}:${process.env[`NODE${index + 1}_REST_PORT`] ?? port}`);
const clients = urls.map((url) => createClient({ url }));

interface Account {
  readonly address: Address;
  readonly secretKey: Bytes;
}

/** An account that no earlier run has used. */
function newAccount(): Account {
  const secretKey = crypto.getRandomValues(new Uint8Array(32));
  return { secretKey, address: secretKeyToAddress(secretKey) };
}

function client(number: number): Client {
  const found = clients[number - 1];
  if (found === undefined) throw new RangeError(`there is no node ${number}`);
  return found;
}

async function post(number: number, body: object): Promise<{ hash: Hash; status: string }> {
  const response = await fetch(`${urls[number - 1]}/submit-tx`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}

/** The transaction as a node has it in a block. */
function included(number: number, hash: Hash): Promise<TransactionViewJson> {
  const ask = async () => {
    const answer = await client(number).transaction(hash);
    return answer.ok && answer.value.state !== "pending" ? answer.value : undefined;
  };
  return until(`transaction ${hash} in a block of node ${number}`, ask, TIMEOUT_MS);
}

/** What `GET /balance` answers once the balance is `amount`, which two blocks at one height may put off. */
function untilBalance(number: number, address: Address, amount: number): Promise<unknown> {
  const ask = async () => {
    const answer = (await (await fetch(`${urls[number - 1]}/balance/${address}`)).json()) as { balance: number };
    return answer.balance === amount ? answer : undefined;
  };
  return until(`a balance of ${amount} of ${address} at node ${number}`, ask, TIMEOUT_MS);
}

/** The account that a node's wallet signs with where a request names none. */
async function walletOf(number: number): Promise<Address> {
  const { hash } = await post(number, { to: newAccount().address, amount: 1 });
  const { from } = await included(number, hash);
  return from;
}

beforeAll(async () => {
  for (const [index, node] of clients.entries()) {
    const { ok } = await node.head();
    if (!ok)
      throw new RangeError(`node ${index + 1} does not answer at ${urls[index]}; start the cluster with: make up`);
  }
});

test("three nodes of one chain have the same head, and it moves", async () => {
  const infos = await Promise.all(clients.map((node) => succeeded(node.info())));
  expect(new Set(infos.map(({ genesisHash }) => genesisHash)).size).toBe(1);
  const start = await succeeded(client(1).head());
  const level = async () => {
    const [first, ...others] = await Promise.all(clients.map((node) => succeeded(node.head())));
    return first !== undefined && first.height > start.height && others.every(({ hash }) => hash === first.hash);
  };
  expect(await until("one later head on all nodes", level, TIMEOUT_MS)).toBe(true);
  const blocks = await Promise.all(clients.map((node) => succeeded(node.block(start.height))));
  expect(new Set(blocks.map(({ hash }) => hash)).size).toBe(1);
}, 120_000);

test("each node is connected to the two others", async () => {
  const keys = (await Promise.all(clients.map((node) => succeeded(node.peers())))).map(({ nodeKey }) => nodeKey);
  for (const [index, node] of clients.entries()) {
    const others = keys.filter((_, other) => other !== index).toSorted();
    const connected = async () => {
      const { peers } = await succeeded(node.peers());
      return Bun.deepEquals(peers.map(({ nodeKey }) => nodeKey).toSorted(), others);
    };
    expect(await until(`node ${index + 1} connected to ${others.join(" and ")}`, connected, TIMEOUT_MS)).toBe(true);
  }
}, 120_000);

test("what is submitted to node 1 as the guide does it reaches nodes 2 and 3", async () => {
  const from = await walletOf(1);
  const { address: to } = newAccount();
  const submitted = await post(1, { from, to, amount: 100 });
  expect(submitted).toEqual({ hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) as never, status: "ok" });
  for (const number of [2, 3]) {
    const tx = await included(number, submitted.hash);
    expect(tx).toMatchObject({ hash: submitted.hash, from, to, amount: 100, receipt: { outcome: "success" } });
    const response = await fetch(`${urls[number - 1]}/tx/${submitted.hash}`);
    expect(await response.json()).toMatchObject({ status: "ok", tx: { hash: submitted.hash } });
    expect(await untilBalance(number, to, 100)).toEqual({ balance: 100, status: "ok" });
  }
}, 120_000);

test("a body of {tx} that its owner has signed moves what the owner has, whichever node gets it", async () => {
  const [owner, receiver] = [newAccount(), newAccount()];
  const funding = await post(2, { tx: { to: owner.address, amount: 1000 } });
  await included(3, funding.hash);
  const { genesisHash } = await succeeded(client(3).info());
  const signed = signTransaction({
    request: {
      type: "transfer",
      to: receiver.address,
      amount: 300 as Amount,
      nonce: 0 as Nonce,
      gasLimit: TRANSACTION_GAS as Gas,
      gasPrice: 0 as GasPrice,
      expiry: 0 as Height,
    },
    secretKey: owner.secretKey,
    genesisHash,
  });
  if (!signed.ok) throw new RangeError(signed.refusal.code);
  const { hash } = await post(3, { tx: signed.value });
  expect(hash).toBe(signed.value.hash);
  for (const number of [1, 2, 3]) {
    await included(number, hash);
    expect(await untilBalance(number, owner.address, 700)).toEqual({ balance: 700, status: "ok" });
    expect(await untilBalance(number, receiver.address, 300)).toEqual({ balance: 300, status: "ok" });
  }
}, 120_000);
