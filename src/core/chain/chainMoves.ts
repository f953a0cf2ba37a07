// How the canonical chain changes over several imports, without what came and went in between.

import { assert } from "../primitives/index.ts";
import type { ChainHeader } from "./headers.ts";
import type { ImportedBlock } from "./importedBlock.ts";

export class ChainMoves {
  /** Canonical before and not now, highest first. */
  readonly takenBack: ChainHeader[] = [];
  /** Canonical now and not before, lowest first. */
  readonly adopted: ImportedBlock[] = [];

  takeBack(block: ChainHeader): void {
    const last = this.adopted.pop();
    if (last === undefined) this.takenBack.push(block);
    else assert(last.hash === block.hash, "what was adopted last is taken back first");
  }

  adopt(block: ImportedBlock): void {
    if (this.adopted.length === 0 && this.takenBack.at(-1)?.hash === block.hash) this.takenBack.pop();
    else this.adopted.push(block);
  }
}
