// Which metering rules a height. A block is executed by the rules of its height for ever, so an entry is never changed or
// removed once a chain has run it.

import type { Bytes, Height, Result } from "../../primitives/index.ts";
import { defined } from "../../primitives/index.ts";
import type { ContractModule } from "../module/types.ts";
import { meterModule } from "./meterModule.ts";

export interface MeteringVersion {
  readonly version: number;
  /** The first height that it is for. */
  readonly heightMin: number;
  readonly meterModule: (module: ContractModule) => Result<Bytes, "module_limit">;
}

/** The newest version. */
export const METERING_VERSION = 1;

/** By rising height; the first one is for height 0. */
const METERING_VERSIONS: readonly MeteringVersion[] = [{ version: METERING_VERSION, heightMin: 0, meterModule }];

export function meteringAt(height: Height): MeteringVersion {
  const found = METERING_VERSIONS.findLast(({ heightMin }) => heightMin <= height);
  return defined(found, "the first version is for all heights");
}
