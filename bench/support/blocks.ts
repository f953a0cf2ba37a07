// A chain over the SQLite store in this process, and full blocks for it: what imports and disk space are measured on.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chain } from "../../src/core/chain/index.ts";
import { secretKeyToAddress, sha256 } from "../../src/core/crypto/index.ts";
import { createEngine } from "../../src/core/node/index.ts";
import {
  type Address,
  type Amount,
  bytesToAddress,
  bytesToSignature,
  Writer,
} from "../../src/core/primitives/index.ts";
import {
  assumeVerified,
  createSigningDomain,
  DEFAULT_PARAMETERS,
  encodeTransaction,
  type Transaction,
  transactionHash,
  type VerifiedTransaction,
} from "../../src/core/protocol/index.ts";
import { type OpenStore, openStore } from "../../src/io/sqlite/index.ts";
import { type TestAccount, testGenesis } from "../../test/support/chainFixture.ts";
import { createTestMachine } from "../../test/support/machine.ts";
import type { TestChain } from "../../test/support/testChain.ts";

const BALANCE = 1_000_000;
// The defaults of a node: [database] cache_size_mb, and the pages of the tree that the replica derives from it.
const CACHE_SIZE_MB = 64;
const CACHED_PAGES_MAX = 6400;

/** The hash of a number: bytes that look like chance, and are the same in every run. */
function scattered(index: number): Uint8Array {
  return sha256(new Writer(8).u64(index).finish());
}

/** An address that nobody has a key of. */
export function addressOf(index: number): Address {
  return bytesToAddress(scattered(index).subarray(12));
}

export function keyedAccounts(count: number): TestAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const secretKey = scattered(index);
    return { secretKey, address: secretKeyToAddress(secretKey) };
  });
}

/** A transaction with bytes in place of its signature, for what never looks at signatures. */
export function withoutSignature(transaction: Transaction, testChain: TestChain): VerifiedTransaction {
  const bytes = new Uint8Array(65);
  bytes.set(scattered(transaction.nonce * 100_000 + 1));
  bytes.set(sha256(bytes), 32);
  const signed = { transaction, signature: bytesToSignature(bytes) };
  const hash = transactionHash(transaction, testChain.domain);
  return assumeVerified({ signed, hash, encoded: encodeTransaction(signed) });
}

export interface StoredChain {
  readonly testChain: TestChain;
  readonly store: OpenStore;
  /** Closes the store, which folds the log into the file, and tells the file's size. */
  closedSizeBytes(): number;
  dispose(): void;
}

/** @param options.accounts funded ones, none twice */
export function openStoredChain(options: { accounts: readonly Address[]; compression: boolean }): StoredChain {
  const folder = mkdtempSync(join(tmpdir(), "aureon-bench-"));
  const path = join(folder, "chain.sqlite");
  const store = openStore({ path, cacheSizeMb: CACHE_SIZE_MB, compression: options.compression });
  const accounts = options.accounts.map((address) => ({ address, balance: BALANCE as Amount }));
  const genesis = testGenesis({
    parameters: DEFAULT_PARAMETERS,
    accounts: accounts.toSorted((left, right) => (left.address < right.address ? -1 : 1)),
  });
  const engine = createEngine(genesis);
  const chain = new Chain({ store, genesis, engine, machine: createTestMachine(), cachedPagesMax: CACHED_PAGES_MAX });
  const testChain: TestChain = { chain, store, genesis, engine, domain: createSigningDomain(chain.genesisHash) };
  let isOpen = true;
  const close = () => {
    if (isOpen) store.close();
    isOpen = false;
  };
  return {
    testChain,
    store,
    closedSizeBytes: () => {
      close();
      return statSync(path).size;
    },
    dispose: () => {
      close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
