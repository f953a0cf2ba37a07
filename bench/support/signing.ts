// Transactions signed beforehand: for Aureon and for Anvil, one after the other for each client's account.

import { keccak256 } from "viem";
import { type Address, bytesToHex, type Hash } from "../../src/core/primitives/index.ts";
import {
  createSigningDomain,
  type SigningDomain,
  signTransaction,
  type Transaction,
} from "../../src/core/protocol/index.ts";
import { transfer } from "../../test/support/chainFixture.ts";
import type { BenchAccount } from "./accounts.ts";
import { openAureon, type Signed } from "./throughput.ts";

/** Of the chain that the nodes of a benchmark with these accounts have: it is the same in every run. */
export async function signingDomainOf(accounts: readonly BenchAccount[]): Promise<SigningDomain> {
  const node = await openAureon({ accounts: accounts.map(({ address }) => address), mode: "onDemand" });
  const { chain } = (await (await fetch(`${node.url}/chain/info`)).json()) as { chain: { genesisHash: Hash } };
  await node.stop();
  return createSigningDomain(chain.genesisHash);
}

export function signForAureon(transaction: Transaction, sender: BenchAccount, domain: SigningDomain): Signed {
  const { signature, hash } = signTransaction({ transaction, secretKey: sender.secretKey, domain });
  const code = transaction.type === "deploy" ? { code: bytesToHex(transaction.code) } : {};
  return { hash, body: JSON.stringify({ ...transaction, ...code, signature }) };
}

/** Each account pays the next one. */
export function receiverOf(accounts: readonly BenchAccount[], index: number): Address {
  return (accounts[(index + 1) % accounts.length] as BenchAccount).address;
}

export function signTransfers(accounts: readonly BenchAccount[], each: number, domain: SigningDomain): Signed[][] {
  return accounts.map((sender, index) => {
    const to = receiverOf(accounts, index);
    return Array.from({ length: each }, (_, nonce) =>
      signForAureon(transfer({ from: sender.address, to, amount: 1, nonce }), sender, domain),
    );
  });
}

/** What a transaction on Anvil does beside its nonce and its fees. */
export interface AnvilTransaction {
  readonly to?: Address;
  readonly value?: bigint;
  readonly data?: `0x${string}`;
  readonly gas: bigint;
}

export async function signForAnvil(
  transaction: AnvilTransaction,
  { viem }: BenchAccount,
  nonce: number,
): Promise<Signed> {
  const fees = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1n };
  const raw = await viem.signTransaction({ type: "eip1559", chainId: 31_337, nonce, ...fees, ...transaction });
  const body = JSON.stringify({ jsonrpc: "2.0", id: nonce, method: "eth_sendRawTransaction", params: [raw] });
  return { hash: keccak256(raw), body };
}

/** @param transactionOf of an account by its index, the same for each nonce */
export async function signAllForAnvil(
  accounts: readonly BenchAccount[],
  each: number,
  transactionOf: (index: number) => AnvilTransaction,
): Promise<Signed[][]> {
  const signed: Signed[][] = [];
  for (const [index, account] of accounts.entries()) {
    const transaction = transactionOf(index);
    const ofAccount: Signed[] = [];
    for (let nonce = 0; nonce < each; nonce++) ofAccount.push(await signForAnvil(transaction, account, nonce));
    signed.push(ofAccount);
  }
  return signed;
}
