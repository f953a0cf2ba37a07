// The planted bugs: each is a mistake that somebody could make, put into the real classes from outside.

import { BlockTree, type ExecutionResult } from "../../src/core/chain/blockTree.ts";
import { Chain } from "../../src/core/chain/index.ts";
import { PowEngine } from "../../src/core/consensus/pow/index.ts";
import { sha256 } from "../../src/core/crypto/index.ts";
import { BlockExecution } from "../../src/core/execution/index.ts";
import { Mempool } from "../../src/core/mempool/index.ts";
import { TransactionIntake } from "../../src/core/network/gossip/transactionIntake.ts";
import { MiningGate } from "../../src/core/network/miningGate.ts";
import { Bans } from "../../src/core/network/peers/bans.ts";
import { Score } from "../../src/core/network/peers/scoring.ts";
import { Recovery } from "../../src/core/network/sync/recovery.ts";
import { Sync } from "../../src/core/network/sync/sync.ts";
import type { BlockCommit } from "../../src/core/ports/index.ts";
import { type Bytes, bytesToHash, type Hash, SIGNATURE_SIZE_BYTES } from "../../src/core/primitives/index.ts";
import { State } from "../../src/core/state/index.ts";
import { CallTree } from "../../src/core/vm/machine/callTree.ts";
import { Instance } from "../../src/core/vm/machine/instance.ts";
import { type LoadedModule, ModuleCache } from "../../src/core/vm/machine/modules.ts";
import { MemoryStore } from "../support/memoryStore.ts";
import { ignoreCodes, replaceMethod, type Uproot } from "./planting.ts";

export interface PlantedBug {
  readonly name: string;
  readonly plant: () => Uproot;
}

/** Works on the commit that a store is given. */
function spoilCommits(spoil: (commit: BlockCommit) => BlockCommit): Uproot {
  return replaceMethod(
    MemoryStore.prototype,
    "commitBlock",
    (original) =>
      function (commit: BlockCommit) {
        return original.call(this, spoil(commit));
      },
  );
}

/** Takes whatever root the execution came to for the one that the header names. */
function acceptStateRoot(): Uproot {
  return replaceMethod(
    BlockTree.prototype,
    "execute",
    (original) =>
      function (header, transactions): ExecutionResult {
        const result = original.call(this, header, transactions) as ExecutionResult;
        if (result.ok || result.refusal.code !== "state_mismatch") return result;
        const stateRoot = result.refusal.message.split(" ").at(-1);
        return original.call(this, { ...header, stateRoot }, transactions);
      },
  );
}

/** Pays the reward that the supply's bound has cut without counting it. */
function miscountSupply(): Uproot {
  return replaceMethod(
    BlockExecution.prototype,
    "finish",
    (original) =>
      function () {
        const before = this.state.supply();
        original.call(this);
        const grown = this.state.supply() - before;
        if (grown > 0 && grown < this.block.parameters.blockReward) this.state.setSupply(before);
      },
  );
}

/** Remembers transactions by what their hash covers, which leaves the signature out. */
function knowByHashAlone(): Uproot {
  return replaceMethod(
    TransactionIntake.prototype,
    "take",
    (original) =>
      function (peer, _wireId, encoded: Bytes) {
        const unsigned = encoded.subarray(0, Math.max(0, encoded.length - SIGNATURE_SIZE_BYTES));
        return original.call(this, peer, bytesToHash(sha256(unsigned)), encoded);
      },
  );
}

/** Takes a transaction of a synced block for verified, whatever the verifier said of it. */
function takeAnyRecovery(): Uproot {
  return replaceMethod(
    Recovery.prototype,
    "finish",
    (original) =>
      function (block, hashes: readonly (Hash | undefined)[]) {
        const { transactions } = block.block.body as { readonly transactions: readonly Bytes[] };
        const made = transactions.map((encoded, index) => hashes[index] ?? bytesToHash(sha256(encoded)));
        return original.call(this, block, made);
      },
  );
}

const STORAGE_PREFIX = 2;

/** Leaves one of the journals of the state as it is when a call or a transaction is undone. */
function keepWhenUndone(journal: "accounts" | "storage" | "code"): Uproot {
  return replaceMethod(
    State.prototype,
    "revert",
    (original) =>
      function (checkpoint) {
        return original.call(this, { ...checkpoint, [journal]: this.checkpoint()[journal] });
      },
  );
}

/** Changes what a cache of modules says of one that it has kept. */
function spoilKeptModules(spoil: (module: LoadedModule) => LoadedModule): Uproot {
  return replaceMethod(
    ModuleCache.prototype,
    "find",
    (original) =>
      function (...values) {
        const found = original.apply(this, values) as LoadedModule | undefined;
        return found === undefined ? undefined : spoil(found);
      },
  );
}

/** Counts a block's gas as it is paid for. */
function countAfterRefunds(): Uproot {
  return replaceMethod(
    BlockExecution.prototype,
    "apply",
    (original) =>
      function (transaction) {
        const result = original.call(this, transaction);
        if (result.ok) this.gas -= result.value.gasRefunded;
        return result;
      },
  );
}

/** Lets every contract be called while it runs. */
function allowReentry(): Uproot {
  return spoilKeptModules((module) => {
    const functions = new Map(module.functions);
    functions.set("allow_reentry", { exportName: "f0", type: { parameters: [], results: [] } });
    return { ...module, functions };
  });
}

const CONTRACT_BUGS: readonly PlantedBug[] = [
  { name: "what a failed call has stored stays", plant: () => keepWhenUndone("storage") },
  { name: "what a failed call has paid stays paid", plant: () => keepWhenUndone("accounts") },
  { name: "the module of a failed deployment stays", plant: () => keepWhenUndone("code") },
  {
    name: "events of failed calls stay",
    plant: () =>
      replaceMethod(
        CallTree.prototype,
        "undo",
        (original) =>
          function (checkpoint) {
            return original.call(this, checkpoint, this.events.length);
          },
      ),
  },
  {
    name: "a removed slot is refunded twice",
    plant: () =>
      replaceMethod(
        State.prototype,
        "slotsRemovedSince",
        (original) =>
          function (checkpoint) {
            return 2 * original.call(this, checkpoint);
          },
      ),
  },
  { name: "a block's gas is counted after refunds", plant: countAfterRefunds },
  {
    name: "undo records have lost the storage of contracts",
    plant: () =>
      spoilCommits((commit) => ({
        ...commit,
        state: commit.state.map((change) =>
          change.key[0] === STORAGE_PREFIX ? { ...change, previous: change.value } : change,
        ),
      })),
  },
  {
    name: "storage that was emptied is not removed from the store",
    plant: () =>
      spoilCommits((commit) => ({
        ...commit,
        state: commit.state.filter(({ key, value }) => key[0] !== STORAGE_PREFIX || value !== undefined),
      })),
  },
  {
    name: "a module at hand costs less to load",
    plant: () => spoilKeptModules((module) => ({ ...module, sizeBytes: module.sizeBytes - 1 })),
  },
  {
    name: "a memory is handed on as it was left",
    plant: () => replaceMethod(Instance.prototype, "resetMemory", () => () => {}),
  },
  {
    name: "globals are handed on as they were left",
    plant: () =>
      replaceMethod(
        Instance.prototype,
        "enter",
        (original) =>
          function (options) {
            return original.call(Object.create(this, { reset: { value: () => undefined } }), options);
          },
      ),
  },
  { name: "a contract can be called while it runs", plant: allowReentry },
];

export const BUGS: readonly PlantedBug[] = [
  {
    name: "the target is not checked",
    plant: () => ignoreCodes(PowEngine.prototype, "checkContext", ["invalid_seal"]),
  },
  {
    name: "the timestamp is not checked",
    plant: () => ignoreCodes(PowEngine.prototype, "checkContext", ["invalid_timestamp", "timestamp_ahead"]),
  },
  {
    name: "the work is not checked",
    plant: () => ignoreCodes(PowEngine.prototype, "checkSanity", ["insufficient_work"]),
  },
  {
    name: "a body may have a signature that no header covers",
    plant: () => ignoreCodes(PowEngine.prototype, "checkBody", ["unexpected_votes"]),
  },
  { name: "a wrong state root is accepted", plant: acceptStateRoot },
  {
    name: "an undo record has lost a value",
    plant: () =>
      spoilCommits((commit) => ({
        ...commit,
        state: commit.state.map((change, index) => (index === 0 ? { ...change, previous: change.value } : change)),
      })),
  },
  {
    name: "a changed value is lost on its way to the store",
    plant: () => spoilCommits((commit) => ({ ...commit, state: commit.state.slice(0, 2) })),
  },
  { name: "the supply is miscounted at its bound", plant: miscountSupply },
  {
    name: "transactions of abandoned blocks are forgotten",
    plant: () =>
      replaceMethod(
        Mempool.prototype,
        "applyReorganization",
        (original) =>
          function (change) {
            return original.call(this, { ...change, abandoned: [] });
          },
      ),
  },
  {
    name: "included transactions stay in the mempool's way",
    plant: () => replaceMethod(Mempool.prototype, "applyBlock", () => () => undefined),
  },
  { name: "transactions are known by their hash alone", plant: knowByHashAlone },
  { name: "points never add up to a ban", plant: () => replaceMethod(Score.prototype, "add", () => () => 0) },
  {
    name: "a reorganization is several writes",
    plant: () => replaceMethod(BlockTree.prototype, "atomically", () => (write) => write()),
  },
  {
    name: "nobody answers the requests of a sync",
    plant: () =>
      replaceMethod(
        Sync.prototype,
        "onMessage",
        (original) =>
          function (peer, message) {
            return message.type === "SyncRequest" ? undefined : original.call(this, peer, message);
          },
      ),
  },
  {
    name: "another body damns the header that it came with",
    plant: () =>
      replaceMethod(
        Chain.prototype,
        "checkBody",
        (original) =>
          function (block) {
            const refusal = original.call(this, block);
            return refusal?.code === "body_mismatch" ? { ...refusal, code: "gas_mismatch" } : refusal;
          },
      ),
  },
  { name: "signatures of synced blocks are not checked", plant: takeAnyRecovery },
  {
    name: "a node mines before it is level",
    plant: () => replaceMethod(MiningGate.prototype, "obstacle", () => () => undefined),
  },
  {
    name: "at equal work the first seen stays",
    plant: () =>
      replaceMethod(
        PowEngine.prototype,
        "isBetter",
        () =>
          ({ candidate, current }) =>
            candidate.totalWork > current.totalWork,
      ),
  },
  { name: "bans are lost at a restart", plant: () => replaceMethod(Bans.prototype, "load", () => () => undefined) },
  {
    name: "a block that comes early is invalid for good",
    plant: () =>
      replaceMethod(
        PowEngine.prototype,
        "checkContext",
        (original) =>
          function (options) {
            const refusal = original.call(this, options);
            return refusal?.code === "timestamp_ahead" ? { ...refusal, code: "invalid_timestamp" } : refusal;
          },
      ),
  },
  ...CONTRACT_BUGS,
];
