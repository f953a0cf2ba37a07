// The last check of a seed: a chain that has nothing yet, and a machine that keeps no module, execute all blocks again from
// block 0. What caches, histories of memory, reorganizations and restarts did to a node's state or receipts shows here.

import { Chain } from "../../../src/core/chain/index.ts";
import type { ConsensusEngine } from "../../../src/core/consensus/index.ts";
import type { Store } from "../../../src/core/ports/index.ts";
import type { Hash, Height, TimestampMs } from "../../../src/core/primitives/index.ts";
import {
  assumeVerified,
  decodeBlock,
  decodeTransaction,
  type Genesis,
  joinBlock,
  type SigningDomain,
  transactionHash,
} from "../../../src/core/protocol/index.ts";
import { VirtualMachine } from "../../../src/core/vm/index.ts";
import { wasmRuntime } from "../../../src/io/wasm/index.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { check } from "../checkFailure.ts";

export interface ReplayOptions {
  readonly name: string;
  readonly store: Store;
  readonly genesis: Genesis;
  readonly engine: ConsensusEngine;
  readonly domain: SigningDomain;
}

function transactionsOf(bodies: readonly Uint8Array[], domain: SigningDomain) {
  return bodies.map((encoded) => {
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) throw new RangeError("a canonical transaction decodes");
    return assumeVerified({ signed: decoded.value, hash: transactionHash(decoded.value.transaction, domain), encoded });
  });
}

/** Executes a node's canonical chain again, and compares state roots and receipts at every height. */
export function checkReplay({ name, store, genesis, engine, domain }: ReplayOptions): void {
  const machine = new VirtualMachine({ runtime: wasmRuntime, keptModulesSizeBytesMax: 0 });
  const copy = new MemoryStore();
  const chain = new Chain({ store: copy, genesis, engine, machine, cachedPagesMax: 64 });
  const { height: headHeight } = store.head() ?? { height: 0 };
  for (let height = 1; height <= headHeight; height++) {
    const hash = store.hashAt(height as Height) as Hash;
    const stored = store.block(hash);
    const decoded = stored && decodeBlock(joinBlock(stored));
    if (stored === undefined || decoded?.ok !== true) throw new RangeError(`${name} has block ${height}`);
    const block = decoded.value;
    const transactions = transactionsOf(block.body.transactions, domain);
    const nowMs = block.header.timestampMs as TimestampMs;
    const result = chain.importBlock({ block, transactions, nowMs });
    check(
      result.ok,
      "replay",
      () => `${name}: block ${height} ${hash} is refused: ${result.ok ? "" : result.refusal.message}`,
    );
    const receipts = copy.block(hash)?.receipts;
    const isEqual = receipts !== undefined && Buffer.compare(receipts, stored.receipts) === 0;
    check(
      isEqual,
      "replay",
      () => `${name}: the receipts of block ${height} ${hash} are others when it is executed again`,
    );
  }
}
