// Import of a block of 2,000 transfers, split by stage, each beside the recovery of one signature. Every transfer has a
// sender and a receiver of its own among 10,000 accounts.

import { useCryptoBackend } from "../src/core/crypto/index.ts";
import { BlockExecution } from "../src/core/execution/index.ts";
import { StateTree } from "../src/core/merkle/index.ts";
import type { Store } from "../src/core/ports/index.ts";
import { assert } from "../src/core/primitives/index.ts";
import {
  decodeBody,
  decodeHeader,
  decodeTransaction,
  encodeBody,
  encodeHeader,
  type VerifiedTransaction,
  verifyTransaction,
} from "../src/core/protocol/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { signedTransfer, type TestAccount } from "../test/support/chainFixture.ts";
import { mine } from "../test/support/testChain.ts";
import { addressOf, keyedAccounts, openStoredChain, type StoredChain } from "./support/blocks.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { measureRecovery } from "./support/recovery.ts";

const TRANSFERS = 2000;
const ACCOUNTS = 10_000;
const ROUNDS = 6;

const STAGES = [
  "decode",
  "recovery and digest",
  "execution",
  "tree update",
  "commit",
  "checks and other roots",
] as const;
type Stage = (typeof STAGES)[number];
type Timings = Readonly<Record<Stage, number>>;

function timed<Value>(run: () => Value): { readonly value: Value; readonly ms: number } {
  const startedMs = performance.now();
  const value = run();
  return { value, ms: performance.now() - startedMs };
}

/** Notes the time of every call of a method, whoever calls it. */
class Stopwatch {
  ms = 0;

  watch<Key extends string>(target: { [Name in Key]: (...inputs: never[]) => unknown }, name: Key): void {
    const watched = target[name] as (...inputs: unknown[]) => unknown;
    const stopwatch = this;
    target[name] = function (this: unknown, ...inputs: unknown[]) {
      const startedMs = performance.now();
      try {
        return watched.apply(this, inputs);
      } finally {
        stopwatch.ms += performance.now() - startedMs;
      }
    };
  }

  take(): number {
    const { ms } = this;
    this.ms = 0;
    return ms;
  }
}

/** The end of a write, in which it becomes durable, belongs to the commit of the block in it. */
function watchDurability(store: Store, stopwatch: Stopwatch): void {
  const atomically = store.atomically.bind(store);
  store.atomically = (write) => {
    let writtenMs = 0;
    const isKept = atomically(() => {
      const result = write();
      writtenMs = performance.now();
      return result;
    });
    stopwatch.ms += performance.now() - writtenMs;
    return isKept;
  };
}

const stopwatches = { execution: new Stopwatch(), tree: new Stopwatch(), commit: new Stopwatch() };

function importOnce({ testChain }: StoredChain, offered: readonly VerifiedTransaction[]): Timings {
  const { chain, domain } = testChain;
  const { block } = mine(testChain, { transactions: offered });
  const encoded = { header: encodeHeader(block.header), body: encodeBody(block.body) };
  const decode = timed(() => {
    const [header, body] = [decodeHeader(encoded.header), decodeBody(encoded.body)];
    assert(header.ok && body.ok, "an encoded block decodes");
    return {
      block: { header: header.value, body: body.value },
      signed: body.value.transactions.map(decodeTransaction),
    };
  });
  const recovery = timed(() =>
    decode.value.signed.map((signed) => {
      assert(signed.ok, "an encoded transaction decodes");
      const verified = verifyTransaction(signed.value, domain);
      assert(verified.ok, "the signature is its sender's");
      return verified.value;
    }),
  );
  for (const stopwatch of Object.values(stopwatches)) stopwatch.take();
  const nowMs = block.header.timestampMs;
  const whole = timed(() => chain.importBlock({ block: decode.value.block, transactions: recovery.value, nowMs }));
  assert(whole.value.ok, "the block is imported");
  const [execution, tree, commit] = [stopwatches.execution.take(), stopwatches.tree.take(), stopwatches.commit.take()];
  return {
    decode: decode.ms,
    "recovery and digest": recovery.ms,
    execution,
    "tree update": tree,
    commit,
    "checks and other roots": whole.ms - execution - tree - commit,
  };
}

useCryptoBackend(chooseCryptoBackend().backend);
progress("making keys and signatures");
const senders = keyedAccounts(TRANSFERS);
const others = Array.from({ length: ACCOUNTS - TRANSFERS }, (_, index) => addressOf(ACCOUNTS + index));
const stored = openStoredChain({ accounts: [...senders.map(({ address }) => address), ...others], compression: false });
try {
  stopwatches.execution.watch(BlockExecution.prototype, "apply");
  stopwatches.tree.watch(StateTree.prototype, "update");
  stopwatches.commit.watch(stored.store, "commitBlock");
  watchDurability(stored.store, stopwatches.commit);
  const { domain } = stored.testChain;
  const rounds = Array.from({ length: ROUNDS }, (_, nonce) =>
    importOnce(
      stored,
      senders.map((sender: TestAccount, index) =>
        signedTransfer({ sender, to: others[index + nonce] ?? sender.address, amount: 1, nonce, domain }),
      ),
    ),
  );
  const recovery = measureRecovery();
  const beside = `recovery ${readable(recovery.microseconds)} us`;
  const row = (what: string, ms: number): Figure => {
    const microseconds = (ms * 1000) / TRANSFERS;
    return { what, measured: `${readable(microseconds)} us`, beside, ratio: microseconds / recovery.microseconds };
  };
  const best = STAGES.map((stage) => ({ stage, ms: Math.min(...rounds.map((timings) => timings[stage])) }));
  publish({
    title: "Import of a block of 2,000 transfers, for each transfer",
    figures: [
      ...best.map(({ stage, ms }) => row(stage, ms)),
      row(
        "all stages",
        best.reduce((sum, { ms }) => sum + ms, 0),
      ),
    ],
    notes: [
      `One thread, ${ACCOUNTS.toLocaleString("en-US")} accounts of which each block changes ${(2 * TRANSFERS).toLocaleString("en-US")}; each stage's best of ${ROUNDS} blocks. Recovery: ${recovery.backend}.`,
      "A node spreads recovery over threads and imports on another one, so the stages overlap there.",
    ],
  });
} finally {
  stored.dispose();
}
