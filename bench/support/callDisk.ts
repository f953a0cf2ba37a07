// Bytes of a token transfer in a block and on disk, after the log has been folded into the file, each beside those of a
// plain transfer between the same accounts.

import { type Address, assert } from "../../src/core/primitives/index.ts";
import { contractAddress, type Transaction } from "../../src/core/protocol/index.ts";
import { transfer } from "../../test/support/chainFixture.ts";
import { deployOf } from "../../test/support/contractTransactions.ts";
import { mineAndImport } from "../../test/support/testChain.ts";
import { addressOf, openStoredChain, withoutSignature } from "./blocks.ts";
import type { Figure } from "./figures.ts";
import { exampleToken, type Token, transferCall } from "./tokens.ts";

const ACCOUNTS = 500;
const BLOCKS = 20;
const SHARE = 1000;

const owner = addressOf(ACCOUNTS);
const holders: readonly Address[] = Array.from({ length: ACCOUNTS }, (_, index) => addressOf(index));
const contract = contractAddress({ creator: owner, nonce: 0 });

type MakeTransfer = (from: Address, to: Address, nonce: number) => Transaction;

interface Filled {
  readonly sizeBytes: number;
  readonly encodedBytes: number;
}

/** A chain with the token, a share of it for each account, and blocks in which each account pays another one. */
function fill(options: { token: Token; blocks: number; compression: boolean; make: MakeTransfer }): Filled {
  const { token, blocks, compression, make } = options;
  const stored = openStoredChain({ accounts: [owner, ...holders], compression });
  const include = (transactions: readonly Transaction[]) => {
    const offered = transactions.map((transaction) => withoutSignature(transaction, stored.testChain));
    const block = mineAndImport(stored.testChain, { transactions: offered });
    assert(block.transactions.length === offered.length, "a block has room for all of them");
    return offered.reduce((sum, { encoded }) => sum + encoded.length, 0);
  };
  try {
    include([deployOf({ from: owner, nonce: 0, code: token.code, args: token.initArgs })]);
    include(
      holders.map((to, index) => transferCall({ token, contract, from: owner, to, amount: SHARE, nonce: index + 1 })),
    );
    let encodedBytes = 0;
    for (let block = 0; block < blocks; block++) {
      const next = (index: number) => holders[(index + block + 1) % ACCOUNTS] as Address;
      encodedBytes += include(holders.map((from, index) => make(from, next(index), block)));
    }
    return { sizeBytes: stored.closedSizeBytes(), encodedBytes };
  } finally {
    stored.dispose();
  }
}

/** Of one transfer. */
function measure(options: { token: Token; compression: boolean; make: MakeTransfer }): Filled {
  const empty = fill({ ...options, blocks: 0 });
  const full = fill({ ...options, blocks: BLOCKS });
  const count = BLOCKS * ACCOUNTS;
  return { sizeBytes: (full.sizeBytes - empty.sizeBytes) / count, encodedBytes: full.encodedBytes / count };
}

function row(what: string, bytes: number, plain: number): Figure {
  return {
    what,
    measured: `${bytes.toFixed(0)} bytes`,
    beside: `plain transfer: ${plain.toFixed(0)} bytes`,
    ratio: bytes / plain,
  };
}

export function measureCallDisk(): Figure[] {
  const token = exampleToken;
  const kinds: readonly MakeTransfer[] = [
    (from, to, nonce) => transferCall({ token, contract, from, to, amount: 1, nonce }),
    (from, to, nonce) => transfer({ from, to, amount: 1, nonce }),
  ];
  const of = (compression: boolean) => kinds.map((make) => measure({ token, compression, make })) as [Filled, Filled];
  const [[call, plain], [callCompressed, plainCompressed]] = [of(false), of(true)];
  return [
    row("token transfer in a block", call.encodedBytes, plain.encodedBytes),
    row("on disk with its receipt and event, plain", call.sizeBytes, plain.sizeBytes),
    row("compressed", callCompressed.sizeBytes, plainCompressed.sizeBytes),
  ];
}
