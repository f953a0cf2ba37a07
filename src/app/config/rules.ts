// Rules over several keys at once, and warnings about configurations that are allowed but seldom meant.

import { ZERO_ADDRESS } from "../../core/primitives/index.ts";
import { checkGenesis } from "../../core/protocol/index.ts";
import type { Config } from "./config.ts";
import { DEVELOPMENT_ACCOUNTS } from "./developmentAccounts.ts";
import { configToGenesis } from "./genesis.ts";

/** What a rule says of a key. */
export interface Finding {
  readonly key: string;
  readonly message: string;
}

interface Rule {
  /** The rule is skipped while one of these has a bad value, about which the user hears already. */
  readonly reads: (key: string) => boolean;
  readonly check: (config: Config) => Finding | undefined;
}

const DEVELOPMENT_KEYS: ReadonlySet<string> = new Set(DEVELOPMENT_ACCOUNTS.map((account) => account.secretKey));
// The messages of checkGenesis start with the key, or with an address inside of state.accounts.
const LEADING_KEY = /^(consensus|genesis|state)\.[a-z_]+/;

function isOneOf(...keys: readonly string[]): (key: string) => boolean {
  return (key) => keys.includes(key);
}

const RULES: readonly Rule[] = [
  {
    reads: isOneOf("consensus.engine"),
    check: ({ consensus }) =>
      consensus.engine === "pow"
        ? undefined
        : {
            key: "consensus.engine",
            message: 'consensus.engine is "pos", but proof of stake is not yet enabled; expected "pow"',
          },
  },
  {
    reads: (key) => /^(?:consensus|genesis|state)\./.test(key),
    check(config) {
      const refusal = checkGenesis(configToGenesis(config));
      if (refusal === undefined) return undefined;
      return { key: LEADING_KEY.exec(refusal.message)?.[0] ?? "state.accounts", message: refusal.message };
    },
  },
  {
    reads: isOneOf("wallet.keys", "genesis.development"),
    check({ wallet, genesis }) {
      const index = genesis.development ? -1 : wallet.keys.findIndex((key) => DEVELOPMENT_KEYS.has(key));
      if (index < 0) return undefined;
      return {
        key: "wallet.keys",
        message:
          `wallet.keys entry ${index + 1} is the key of a development account, which everybody knows; ` +
          "expected such keys only where genesis.development is true",
      };
    },
  },
  {
    reads: isOneOf("wallet.keys", "wallet.enabled"),
    check: ({ wallet }) =>
      wallet.enabled && wallet.keys.length === 0
        ? {
            key: "wallet.enabled",
            message: "wallet.enabled is true, but wallet.keys is empty; expected at least one key",
          }
        : undefined,
  },
  {
    reads: isOneOf("api.enabled", "api.port", "api.websocket_enabled", "api.websocket_port"),
    check({ api }) {
      const bothServed = api.enabled && api.websocketEnabled;
      if (!bothServed || api.port === 0 || api.port !== api.websocketPort) return undefined;
      return {
        key: "api.websocket_port",
        message: `api.websocket_port and api.port are both ${api.port}; expected two ports`,
      };
    },
  },
  {
    reads: isOneOf("network.tls_cert_file", "network.tls_key_file", "network.tls_ca_file"),
    check({ network }) {
      const files = {
        "network.tls_cert_file": network.tlsCertFile,
        "network.tls_key_file": network.tlsKeyFile,
        "network.tls_ca_file": network.tlsCaFile,
      };
      const isSet = ([, file]: readonly [string, string | undefined]) => file !== undefined;
      const [set] = Object.entries(files).find(isSet) ?? [];
      const [missing] = Object.entries(files).find((entry) => !isSet(entry)) ?? [];
      if (set === undefined || missing === undefined) return undefined;
      return {
        key: set,
        message: `${set} is set, but ${missing} is not; expected tls_cert_file, tls_key_file and tls_ca_file, or none of them`,
      };
    },
  },
  {
    reads: isOneOf("network.allowed_node_keys", "network.tls_cert_file"),
    check: ({ network }) =>
      network.allowedNodeKeys.length > 0 && network.tlsCertFile === undefined
        ? {
            key: "network.allowed_node_keys",
            message:
              "network.allowed_node_keys has entries, but TLS is not set up, and without it a node in between can pass on " +
              "another's key; expected tls_cert_file, tls_key_file and tls_ca_file too",
          }
        : undefined,
  },
];

/** @param faultyKeys keys with a bad value, about which there is a problem already */
export function checkRules(config: Config, faultyKeys: readonly string[]): readonly Finding[] {
  return RULES.filter((rule) => !faultyKeys.some(rule.reads))
    .map((rule) => rule.check(config))
    .filter((finding) => finding !== undefined);
}

/** Sentences about what is allowed but seldom meant. */
export function warningsOf(config: Config): readonly string[] {
  const { api, consensus, genesis, state, mining, wallet } = config;
  const warnings: string[] = [];
  if (state.accounts.length === 0 && genesis.allowList.length === 0 && consensus.blockReward === 0) {
    warnings.push("nobody can send a transaction: state.accounts and genesis.allow_list are empty, block_reward is 0");
  }
  const earnsSomething = consensus.blockReward > 0 || genesis.gasPriceMin > 0;
  if (mining.enabled && mining.beneficiary === ZERO_ADDRESS && earnsSomething) {
    warnings.push("mining.beneficiary is not set: rewards and fees go to the zero address, where they are lost");
  }
  if (api.corsOrigins.includes("*") && wallet.enabled) {
    warnings.push('api.cors_origins has "*" while the wallet is on: any web page that you open may spend what it owns');
  }
  return warnings;
}
