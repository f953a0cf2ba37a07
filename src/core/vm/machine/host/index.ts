// All that a contract may import from `env` beside its memory (docs/spec/contracts.md, Host functions).

import { announcementFunctions } from "./announcements.ts";
import { balanceFunctions } from "./balances.ts";
import { contractFunctions } from "./contracts.ts";
import { cryptographyFunctions } from "./cryptography.ts";
import { environmentFunctions } from "./environment.ts";
import { inputFunctions } from "./input.ts";
import { storageFunctions } from "./storage.ts";
import type { CurrentFrame, HostFunctions } from "./table.ts";

/** Made once: they act for the contract that runs when they are called. */
export function createHostFunctions(current: CurrentFrame): HostFunctions {
  return {
    ...inputFunctions(current),
    ...environmentFunctions(current),
    ...balanceFunctions(current),
    ...storageFunctions(current),
    ...announcementFunctions(current),
    ...cryptographyFunctions(current),
    ...contractFunctions(current),
  };
}
