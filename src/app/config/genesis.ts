// The chain that a configuration describes.

import type { Gas } from "../../core/primitives/index.ts";
import { blockGasLimitMax, type Genesis } from "../../core/protocol/index.ts";
import type { Config } from "./config.ts";

/** The genesis of a configuration that `loadConfig` accepted, or that is to be checked with `checkGenesis`. */
export function configToGenesis(config: Config): Genesis {
  const { consensus, genesis, state } = config;
  const gasLimit =
    genesis.blockGasLimit === 0 ? blockGasLimitMax(consensus.blockTimeMs) : (genesis.blockGasLimit as Gas);
  return {
    chainName: genesis.chainName,
    timestampMs: genesis.timestampMs,
    entropy: genesis.entropy,
    development: genesis.development,
    consensus: { engine: "pow", difficulty: consensus.powDifficulty, retarget: consensus.powRetarget },
    parameters: {
      blockTimeMs: consensus.blockTimeMs,
      blockGasLimit: gasLimit,
      blockSizeBytesMax: genesis.blockSizeBytesMax,
      newStateBytesMax: genesis.newStateBytesMax,
      blockReward: consensus.blockReward,
      gasPriceMin: genesis.gasPriceMin,
    },
    accounts: state.accounts,
    allowList: [...genesis.allowList].sort((left, right) => (left < right ? -1 : 1)),
  };
}
