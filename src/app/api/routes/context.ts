// What the handlers of all routes work with.

import type { NodeHandle } from "../../node.ts";
import type { Wallet } from "../../wallet/index.ts";
import type { BodyRules } from "../body.ts";

export interface ApiContext {
  readonly node: NodeHandle;
  /** Undefined when the node signs for nobody. */
  readonly wallet: Wallet | undefined;
  readonly bodyRules: BodyRules;
  readonly version: string;
}
