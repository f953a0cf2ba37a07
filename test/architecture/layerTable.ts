// The layer table: what each folder of src may import. docs/ARCHITECTURE.md explains it; layers.test.ts holds the code
// to it.

/** All names that a folder's index.ts exports, types alone, or the names listed. */
export type Allowance = "all" | "types" | readonly string[];

export interface Layer {
  readonly imports: Readonly<Record<string, Allowance>>;
  /** Packages of package.json; `bun:` and `node:` modules by their name, `node:*` for all of node's. */
  readonly packages: readonly string[];
}

function layer(imports: readonly string[], packages: readonly string[] = []): Layer {
  return { imports: Object.fromEntries(imports.map((name) => [name, "all"])), packages };
}

const BASE = ["core/ports", "core/primitives"];
const PROTOCOL = ["core/protocol", "core/crypto", ...BASE];
const STATE = ["core/state", "core/merkle", ...PROTOCOL];
const EXECUTION = ["core/execution", "core/vm", ...STATE];
const ENGINE = ["core/consensus", ...PROTOCOL];

const CORE: Readonly<Record<string, Layer>> = {
  "core/primitives": layer([]),
  "core/ports": layer(["core/primitives"]),
  "core/crypto": layer(BASE, ["@noble/hashes", "@noble/secp256k1"]),
  "core/protocol": layer(["core/crypto", "core/primitives"]),
  "core/merkle": layer(PROTOCOL),
  "core/state": layer(["core/merkle", ...PROTOCOL]),
  "core/vm": layer(STATE),
  "core/execution": layer(["core/vm", ...STATE]),
  "core/consensus": layer(PROTOCOL),
  // The engines never import each other, and nothing but node imports them.
  "core/consensus/pow": layer(ENGINE),
  "core/consensus/pos": layer(ENGINE),
  "core/mempool": layer(PROTOCOL),
  "core/chain": layer([...EXECUTION.filter((name) => name !== "core/vm"), "core/consensus"]),
  "core/network": layer(PROTOCOL),
  "core/node": layer([
    ...EXECUTION,
    "core/consensus",
    "core/consensus/pow",
    "core/consensus/pos",
    "core/mempool",
    "core/chain",
    "core/network",
  ]),
};

// An adapter imports no other adapter.
const IO: Readonly<Record<string, Layer>> = {
  "io/clock": layer(PROTOCOL),
  "io/crypto": layer(PROTOCOL, ["@bitauth/libauth", "node:*", "secp256k1"]),
  "io/engine": layer([], ["bun:ffi"]),
  "io/journal": layer(PROTOCOL, ["node:*"]),
  "io/keys": layer(PROTOCOL, ["node:*"]),
  "io/lock": layer(PROTOCOL, ["node:*", "bun:ffi"]),
  "io/logging": layer(PROTOCOL, ["node:*"]),
  "io/memory": layer(PROTOCOL),
  "io/metrics": layer(PROTOCOL),
  "io/rng": layer(PROTOCOL),
  "io/sqlite": layer(PROTOCOL, ["bun:sqlite", "node:*"]),
  "io/tcp": layer(PROTOCOL, ["node:*"]),
  "io/wasm": layer(PROTOCOL),
  "io/workers": layer(PROTOCOL, ["node:*"]),
};

const CLIENT: Layer = {
  imports: {
    "core/primitives": "all",
    "core/crypto": "all",
    "core/protocol": "all",
    "core/merkle": ["verifyProof", "pathOf", "ProofVerdict", "StateProof"],
    "core/state": ["decodeAccount", "encodeAccount", "accountKey", "Account", "EMPTY_ACCOUNT", "storageKey"],
  },
  packages: [],
};

const APP: Layer = {
  imports: {
    client: "all",
    "core/crypto": "all",
    "core/node": "all",
    "core/ports": "types",
    "core/primitives": "all",
    "core/protocol": "all",
  },
  packages: ["@elysiajs/swagger", "@sinclair/typebox", "elysia", "node:*", "smol-toml", "swagger-ui-dist"],
};

/** Each Worker has a composition root of its own, which joins core and io. */
const THREADS: Layer = layer([...Object.keys(CORE), ...Object.keys(IO)], ["node:*"]);

const PARTS: Readonly<Record<string, Layer>> = { ...CORE, ...IO, client: CLIENT, app: APP, threads: THREADS };

export const LAYERS: Readonly<Record<string, Layer>> = {
  ...PARTS,
  composition: layer(Object.keys(PARTS), ["node:*"]),
  "main.ts": layer([...Object.keys(PARTS), "composition"], ["node:*"]),
};
