// The node's wallet against a whole replica: what it fills in, and that concurrent requests leave no gap.

import { describe, expect, test } from "bun:test";
import { createWallet } from "../../../../src/app/wallet/index.ts";
import type { TransactionRequest } from "../../../../src/client/json/index.ts";
import type { Amount, GasPrice, Nonce } from "../../../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS } from "../../../../src/core/protocol/index.ts";
import { TEST_BALANCE, testAccount, testAccounts, testGenesis } from "../../../support/chainFixture.ts";
import { createTestNode } from "../../../support/inProcessNode.ts";

const [first, second, outsider] = [testAccount(0), testAccount(1), testAccount(5)];
const wallet = createWallet({ secretKeys: [first.secretKey, second.secretKey] });

function transferOf(fields: Partial<TransactionRequest>): TransactionRequest {
  return { type: "transfer", to: outsider.address, amount: 1 as Amount, ...fields };
}

describe("a request", () => {
  test("is filled in, signed and submitted for the first account", async () => {
    const node = createTestNode();
    const sent = await wallet.send(node.handle, transferOf({}));
    const included = sent.ok ? node.handle.queries.transaction(sent.value.hash) : undefined;
    expect(included?.signed.transaction).toEqual({
      type: "transfer",
      from: first.address,
      to: outsider.address,
      amount: 1,
      nonce: 0,
      gasLimit: 100_000,
      gasPrice: 0,
      expiry: 0,
    } as never);
  });

  test("keeps what it gives, and takes the chain's least price where it gives none", async () => {
    const parameters = { ...DEFAULT_PARAMETERS, gasPriceMin: 7 as GasPrice };
    const node = createTestNode({ genesis: testGenesis({ parameters }) });
    const sent = await wallet.send(node.handle, transferOf({ from: second.address, expiry: 9 as never }));
    const included = sent.ok ? node.handle.queries.transaction(sent.value.hash) : undefined;
    expect(included?.signed.transaction).toMatchObject({ from: second.address, gasPrice: 7, expiry: 9 });
    const cheap = await wallet.send(node.handle, transferOf({ gasPrice: 6 as GasPrice }));
    expect(cheap).toMatchObject({ ok: false, refusal: { code: "gas_price_too_low" } });
  });

  test("of an account that the wallet does not hold is refused", async () => {
    const sent = await wallet.send(createTestNode().handle, transferOf({ from: outsider.address }));
    expect(sent).toMatchObject({ ok: false, refusal: { code: "wallet_unknown_account" } });
  });

  test("that lacks a field is refused", async () => {
    const sent = await wallet.send(createTestNode().handle, { type: "transfer", to: outsider.address });
    expect(sent).toMatchObject({ ok: false, refusal: { code: "missing_field", details: { field: "amount" } } });
  });

  test("that breaks a static rule is refused before it is signed", async () => {
    const sent = await wallet.send(createTestNode().handle, { type: "stake", amount: 0 as Amount });
    expect(sent).toMatchObject({ ok: false, refusal: { code: "invalid_transaction" } });
  });
});

describe("many requests at once", () => {
  test("get consecutive nonces, and refused ones leave no gap", async () => {
    const node = createTestNode({ autoSeal: false });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const amount = (index % 3 === 1 ? TEST_BALANCE + 1 : 1) as Amount;
        return wallet.send(node.handle, transferOf({ amount }));
      }),
    );
    const codes = answers.map((answer) => (answer.ok ? "ok" : answer.refusal.code));
    expect(codes).toEqual(Array.from({ length: 30 }, (_, index) => (index % 3 === 1 ? "insufficient_balance" : "ok")));
    const { transactions } = await node.handle.mempool({ countMax: 100 });
    expect(transactions.map(({ nonce }) => nonce)).toEqual(Array.from({ length: 20 }, (_, index) => index as Nonce));
    expect(transactions.every(({ ready }) => ready)).toBe(true);
  });

  test("of different accounts do not wait for each other's nonces", async () => {
    const node = createTestNode({ autoSeal: false });
    const requests = [first, second, first, second].map(({ address }) => transferOf({ from: address }));
    await Promise.all(requests.map((request) => wallet.send(node.handle, request)));
    expect(await Promise.all([first, second].map(({ address }) => node.handle.nextNonce(address)))).toEqual([
      2 as Nonce,
      2 as Nonce,
    ]);
  });
});

test("the accounts are in the order of the keys", () => {
  const all = createWallet({ secretKeys: testAccounts.map(({ secretKey }) => secretKey) });
  expect(all.addresses).toEqual(testAccounts.map(({ address }) => address));
});
