// Bytes on disk for a transfer, after the log has been folded into the file: between existing accounts and to new ones,
// plain and compressed. Beside the bytes of its canonical encoding with its receipt.

import { useCryptoBackend } from "../src/core/crypto/index.ts";
import type { Address } from "../src/core/primitives/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { transfer } from "../test/support/chainFixture.ts";
import { mineAndImport } from "../test/support/testChain.ts";
import { addressOf, openStoredChain, withoutSignature } from "./support/blocks.ts";
import { type Figure, progress, publish } from "./support/figures.ts";

const ACCOUNTS = 10_000;
const BLOCKS = 20;
const TRANSFERS_EACH = 2000;
const TRANSFERS = BLOCKS * TRANSFERS_EACH;

const existing: readonly Address[] = Array.from({ length: ACCOUNTS }, (_, index) => addressOf(index));

interface Measured {
  readonly diskBytes: number;
  readonly encodedBytes: number;
}

function fill(options: { blocks: number; isToNew: boolean; compression: boolean }): {
  sizeBytes: number;
  encodedBytes: number;
} {
  const stored = openStoredChain({ accounts: existing, compression: options.compression });
  try {
    let encodedBytes = 0;
    for (let block = 0; block < options.blocks; block++) {
      const transactions = Array.from({ length: TRANSFERS_EACH }, (_, index) => {
        const from = existing[index] as Address;
        const receiver = block * TRANSFERS_EACH + index;
        const to = options.isToNew
          ? addressOf(ACCOUNTS + receiver)
          : (existing[TRANSFERS_EACH + (receiver % (ACCOUNTS - TRANSFERS_EACH))] as Address);
        return withoutSignature(transfer({ from, to, amount: 1, nonce: block }), stored.testChain);
      });
      encodedBytes += transactions.reduce((sum, { encoded }) => sum + encoded.length, 0);
      mineAndImport(stored.testChain, { transactions });
    }
    return { sizeBytes: stored.closedSizeBytes(), encodedBytes };
  } finally {
    stored.dispose();
  }
}

function measure(options: { isToNew: boolean; compression: boolean }): Measured {
  const empty = fill({ ...options, blocks: 0 });
  const full = fill({ ...options, blocks: BLOCKS });
  return {
    diskBytes: (full.sizeBytes - empty.sizeBytes) / TRANSFERS,
    encodedBytes: full.encodedBytes / TRANSFERS,
  };
}

useCryptoBackend(chooseCryptoBackend().backend);
const figures: Figure[] = [];
for (const isToNew of [false, true]) {
  for (const compression of [false, true]) {
    const what = `${isToNew ? "to new accounts" : "between existing accounts"}, ${compression ? "compressed" : "plain"}`;
    progress(what);
    const { diskBytes, encodedBytes } = measure({ isToNew, compression });
    figures.push({
      what,
      measured: `${diskBytes.toFixed(0)} bytes`,
      beside: `encoded ${encodedBytes.toFixed(0)} bytes`,
      ratio: diskBytes / encodedBytes,
    });
  }
}
publish({
  title: "Disk space of a transfer",
  figures,
  notes: [
    `${BLOCKS} blocks of ${TRANSFERS_EACH.toLocaleString("en-US")} transfers over a chain of ${ACCOUNTS.toLocaleString("en-US")} accounts, against the same chain without them: block, index, undo record, state and tree pages.`,
    "Every transfer has a sender of its own within its block, which costs the most.",
  ],
});
