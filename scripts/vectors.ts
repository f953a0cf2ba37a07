// Writes the golden vectors of docs/spec into test/vectors: `bun scripts/vectors.ts`. A changed vector is a changed
// protocol, so what this rewrites is looked at line by line; test/vectors/golden.test.ts compares.

import { bodyVectors, genesisVectors, headerVectors, listVectors, receiptVectors } from "./vectors/blocks.ts";
import { handshakeVectors } from "./vectors/handshake.ts";
import { meteringVectors } from "./vectors/metering.ts";
import { stateProofVectors } from "./vectors/stateProofs.ts";
import { transactionVectors } from "./vectors/transactions.ts";
import { accountVectors, addressVectors, codecVectors, feeVectors } from "./vectors/values.ts";
import { wireMessageVectors } from "./vectors/wireMessages.ts";

const BUILDERS = {
  accounts: accountVectors,
  addresses: addressVectors,
  bodies: bodyVectors,
  codec: codecVectors,
  fees: feeVectors,
  genesis: genesisVectors,
  handshake: handshakeVectors,
  headers: headerVectors,
  lists: listVectors,
  metering: meteringVectors,
  receipts: receiptVectors,
  stateProofs: stateProofVectors,
  transactions: transactionVectors,
  wireMessages: wireMessageVectors,
} as const;

export type VectorFile = keyof typeof BUILDERS;

export const VECTOR_FILES = Object.keys(BUILDERS) as readonly VectorFile[];

/** The text of one file, as this code has it. */
export function vectorText(file: VectorFile): string {
  return `${JSON.stringify(BUILDERS[file](), undefined, 2)}\n`;
}

if (import.meta.main) {
  for (const file of VECTOR_FILES) {
    await Bun.write(new URL(`../test/vectors/${file}.json`, import.meta.url), vectorText(file));
  }
}
