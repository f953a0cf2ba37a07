// The planted bugs: each is a mistake that somebody could make, put into the real classes from outside.

import { PowEngine } from "../../src/core/consensus/pow/index.ts";
import { BlockExecution } from "../../src/core/execution/index.ts";
import { Mempool } from "../../src/core/mempool/index.ts";
import type { BlockCommit } from "../../src/core/ports/index.ts";
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
    name: "a changed value is lost on its way to the store",
    plant: () => spoilCommits((commit) => ({ ...commit, state: commit.state.slice(0, 2) })),
  },
  {
    name: "an undo record lacks a value",
    plant: () =>
      replaceMethod(
        MemoryStore.prototype,
        "changesAt",
        (original) =>
          function (height) {
            return original.call(this, height).slice(1);
          },
      ),
  },
  {
    name: "the supply is miscounted",
    plant: () =>
      replaceMethod(
        BlockExecution.prototype,
        "finish",
        (original) =>
          function () {
            const before = this.state.supply();
            original.call(this);
            const grown = this.state.supply() - before;
            // The last reward, which the supply's bound cuts, is paid and not counted.
            if (grown > 0 && grown < this.block.parameters.blockReward) this.state.setSupply(before);
          },
      ),
  },
  {
    name: "included transactions stay in the mempool's way",
    plant: () => replaceMethod(Mempool.prototype, "applyBlock", () => () => undefined),
  },
];
