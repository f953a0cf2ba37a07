// The configuration files that `aureon init` and `aureon dev` write: a chain of its own, whose genesis nobody else has.

import type { Amount, Hash, TimestampMs } from "../../core/primitives/index.ts";
import { DEVELOPMENT_ACCOUNTS } from "./developmentAccounts.ts";
import { renderTemplate } from "./render.ts";

/** What each development account owns at the start. */
const DEVELOPMENT_BALANCE = 1_000_000_000 as Amount;

export interface StarterOptions {
  readonly chainName: string;
  readonly timestampMs: TimestampMs;
  readonly entropy: Hash;
  /** Sets `api.port` where it is given. */
  readonly port: number | undefined;
}

function commonValues(options: StarterOptions): Map<string, unknown> {
  const values = new Map<string, unknown>([
    ["genesis.chain_name", options.chainName],
    ["genesis.timestamp_ms", options.timestampMs],
    ["genesis.entropy", options.entropy],
  ]);
  if (options.port !== undefined) values.set("api.port", options.port);
  return values;
}

/** A chain without accounts yet. */
export function renderStarter(options: StarterOptions): string {
  return renderTemplate({
    title:
      "Configuration of an Aureon node. Add the accounts of your chain under [state.accounts] before its first start.",
    values: commonValues(options),
  });
}

/** A chain for development: funded accounts whose keys everybody knows, and a block as soon as there is need of one. */
export function renderDevelopmentStarter(options: StarterOptions): string {
  const values = commonValues(options);
  const accounts = DEVELOPMENT_ACCOUNTS.map(({ address }) => ({ address, balance: DEVELOPMENT_BALANCE }));
  values.set("consensus.pow_difficulty", 1);
  values.set("consensus.pow_retarget", false);
  values.set("genesis.development", true);
  values.set("state.accounts", accounts);
  values.set("network.enabled", false);
  values.set("mining.on_demand", true);
  values.set("wallet.enabled", true);
  values.set(
    "wallet.keys",
    DEVELOPMENT_ACCOUNTS.map((account) => account.secretKey),
  );
  return renderTemplate({
    title:
      "Configuration of an Aureon node for development. Its keys are public: this chain must hold nothing of value.",
    values,
  });
}
