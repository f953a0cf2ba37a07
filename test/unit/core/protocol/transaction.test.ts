// Transactions whatever their kind: golden encodings, static checks, signing and verification.

import { expect, test } from "bun:test";
import {
  type Address,
  type Amount,
  bytesToHex,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  hexToBytes,
  type Nonce,
  type Signature,
  UINT_MAX,
} from "../../../../src/core/primitives/index.ts";
import {
  assumeVerified,
  checkTransaction,
  createSigningDomain,
  decodeTransaction,
  encodeTransaction,
  kindOf,
  signTransaction,
  type Transaction,
  type TransactionType,
  transactionHash,
  verifyTransaction,
} from "../../../../src/core/protocol/index.ts";
import { DOMAIN, hashOfText, ORDINARY_TRANSACTIONS, RECEIVER, SECRET_KEY, SENDER } from "../../../vectors/samples.ts";
import vectors from "../../../vectors/transactions.json";

const secretKey = hexToBytes(SECRET_KEY);
const ORDINARY = Object.values(ORDINARY_TRANSACTIONS) as readonly Transaction[];

function goldenTransaction(vector: (typeof vectors.transactions)[number]): Transaction {
  const { code, ...fields } = vector.fields as { code?: string };
  return { type: vector.type, ...fields, ...(code === undefined ? {} : { code: hexToBytes(code) }) } as Transaction;
}

function codeOf(transaction: Transaction): string | undefined {
  return checkTransaction(transaction)?.code;
}

/** The transaction with one field replaced by a value of any type. */
function withField(transaction: Transaction, name: string, value: unknown): Transaction {
  return { ...transaction, [name]: value } as Transaction;
}

test("golden transactions decode to their fields, encode back and have their hash", () => {
  for (const vector of vectors.transactions) {
    const transaction = goldenTransaction(vector);
    const signed = { transaction, signature: vector.signature as Signature };
    expect(decodeTransaction(hexToBytes(vector.encoded))).toEqual({ ok: true, value: signed });
    expect(bytesToHex(encodeTransaction(signed)) as string).toBe(vector.encoded);
    expect(transactionHash(transaction, DOMAIN)).toBe(vector.digest as Hash);
    expect(checkTransaction(transaction) === undefined).toBe(vector.passesStaticChecks);
  }
});

test("golden transactions verify, and carry their hash and encoding", () => {
  for (const vector of vectors.transactions) {
    const decoded = decodeTransaction(hexToBytes(vector.encoded));
    if (!decoded.ok) throw new Error(decoded.reason);
    const verified = verifyTransaction(decoded.value, DOMAIN);
    if (!verified.ok) throw new Error(verified.refusal.message);
    expect(verified.value.hash).toBe(vector.digest as Hash);
    expect(bytesToHex(verified.value.encoded) as string).toBe(vector.encoded);
  }
});

test("refused encodings are refused", () => {
  for (const { encoded } of vectors.refused) expect(decodeTransaction(hexToBytes(encoded)).ok).toBe(false);
});

test.each(ORDINARY.map((transaction) => [transaction.type, transaction] as const))(
  "a %s that passes becomes invalid with any one field out of range",
  (_, transaction) => {
    expect(checkTransaction(transaction)).toBeUndefined();
    const numbers = ["nonce", "gasLimit", "gasPrice", "expiry", "amount"];
    for (const name of numbers) {
      for (const value of [-1, 0.5, UINT_MAX + 1, Number.NaN, Number.POSITIVE_INFINITY, "1", 1n, undefined, null]) {
        expect(codeOf(withField(transaction, name, value))).toBe("invalid_transaction");
      }
    }
  },
);

test.each(ORDINARY.map((transaction) => [transaction.type, transaction] as const))(
  "a %s names addresses in their one written form",
  (_, transaction) => {
    const upper = `0x${SENDER.slice(2).toUpperCase()}`;
    for (const name of "to" in transaction ? ["from", "to"] : ["from"]) {
      for (const value of ["", "0x", SENDER.slice(2), SENDER.slice(0, -2), `${SENDER}00`, upper, undefined]) {
        expect(codeOf(withField(transaction, name, value))).toBe("invalid_transaction");
      }
    }
  },
);

test("the last nonce is the one that the account can still count past", () => {
  const { transfer } = ORDINARY_TRANSACTIONS;
  expect(codeOf({ ...transfer, nonce: (UINT_MAX - 1) as Nonce })).toBeUndefined();
  expect(checkTransaction({ ...transfer, nonce: UINT_MAX as Nonce })?.message).toContain("nonce");
});

test("the gas limit covers what the transaction needs before anything runs", () => {
  const needs: Record<TransactionType, number> = {
    transfer: 100_000,
    // 8 bytes of code and 15 of arguments; 8 of the function's name and 29 of arguments; 40 gas each, of code 240.
    deploy: 102_520,
    call: 101_480,
    stake: 100_000,
    unstake: 100_000,
  };
  for (const transaction of ORDINARY) {
    const gas = needs[transaction.type];
    expect(kindOf(transaction).intrinsicGas(transaction)).toBe(gas as Gas);
    expect(codeOf({ ...transaction, gasLimit: gas as Gas })).toBeUndefined();
    expect(checkTransaction({ ...transaction, gasLimit: (gas - 1) as Gas })).toMatchObject({
      code: "gas_limit_too_low",
      details: { gasLimit: gas - 1, gasNeeded: gas },
    });
  }
});

test("every field that a sender chooses changes the hash, and the chain does", () => {
  const { call, deploy } = ORDINARY_TRANSACTIONS;
  const hashes = [
    call,
    { ...call, from: RECEIVER },
    { ...call, to: SENDER },
    { ...call, amount: 1 as Amount },
    { ...call, function: "Transfer" },
    { ...call, args: "{}" },
    { ...call, nonce: 8 as Nonce },
    { ...call, gasLimit: 5_000_001 as Gas },
    { ...call, gasPrice: 1_001 as GasPrice },
    { ...call, expiry: 1 as Height },
    deploy,
    { ...deploy, code: deploy.code.with(7, 1) },
  ].map((transaction) => transactionHash(transaction, DOMAIN));
  hashes.push(transactionHash(call, createSigningDomain(hashOfText("another chain"))));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("a stake and an unstake of equal fields have hashes of their own", () => {
  const { stake } = ORDINARY_TRANSACTIONS;
  expect(transactionHash({ ...stake, type: "unstake" }, DOMAIN)).not.toBe(transactionHash(stake, DOMAIN));
});

test("a signature for another chain, sender or amount is refused and says whose it is", () => {
  const { transfer } = ORDINARY_TRANSACTIONS;
  const { signature } = signTransaction({ transaction: transfer, secretKey, domain: DOMAIN });
  expect(verifyTransaction({ transaction: transfer, signature }, DOMAIN).ok).toBe(true);
  const other = createSigningDomain(hashOfText("another chain"));
  const altered: Transaction[] = [
    { ...transfer, amount: 1 as Amount },
    { ...transfer, from: RECEIVER },
  ];
  const results = [
    verifyTransaction({ transaction: transfer, signature }, other),
    ...altered.map((transaction) => verifyTransaction({ transaction, signature }, DOMAIN)),
  ];
  for (const result of results) {
    expect(result).toMatchObject({ ok: false, refusal: { code: "invalid_signature" } });
    if (!result.ok) expect(result.refusal.details?.signer).toMatch(/^0x[0-9a-f]{40}$/);
  }
});

test("a second form of a good signature decodes, but is refused when it is verified", () => {
  const { transfer } = ORDINARY_TRANSACTIONS;
  const { signature } = signTransaction({ transaction: transfer, secretKey, domain: DOMAIN });
  const parity = Number(signature.slice(-2));
  for (const last of [parity + 2, parity + 27, 255]) {
    const twin = `${signature.slice(0, -2)}${last.toString(16).padStart(2, "0")}` as Signature;
    const signed = { transaction: transfer, signature: twin };
    expect(decodeTransaction(encodeTransaction(signed))).toEqual({ ok: true, value: signed });
    const result = verifyTransaction(signed, DOMAIN);
    expect(result).toMatchObject({ ok: false, refusal: { details: { from: SENDER } } });
    if (!result.ok) expect(result.refusal.message).toContain("not a canonical one");
  }
});

test("the word of another thread is taken as it is", () => {
  const signed = signTransaction({ transaction: ORDINARY_TRANSACTIONS.stake, secretKey, domain: DOMAIN });
  const { transaction, signature, hash, encoded } = signed;
  expect(assumeVerified({ signed: { transaction, signature }, hash, encoded })).toEqual(signed);
});

test("the sender may be the receiver", () => {
  expect(codeOf({ ...ORDINARY_TRANSACTIONS.transfer, to: SENDER as Address })).toBeUndefined();
});
