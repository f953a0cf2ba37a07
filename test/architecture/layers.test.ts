// Holds src to the layer table, and the rules to examples of what they must find.

import { describe, expect, test } from "bun:test";
import { importCycles, layerViolations } from "./layerRules.ts";
import { LAYERS } from "./layerTable.ts";
import { readSources, type Sources } from "./sources.ts";

const sources = readSources("src");

function files(entries: Readonly<Record<string, string>>): Sources {
  return new Map(Object.entries(entries));
}

describe("the code", () => {
  test("imports only downwards, and through each folder's index", () => {
    expect(sources.size).toBeGreaterThan(50);
    expect(layerViolations(sources, LAYERS)).toEqual([]);
  });

  test("has no import cycles", () => {
    expect(importCycles(sources, LAYERS)).toEqual([]);
  });
});

describe("the table", () => {
  test("names only layers that it has", () => {
    const named = Object.values(LAYERS).flatMap((layer) => Object.keys(layer.imports));
    expect(named.filter((name) => LAYERS[name] === undefined)).toEqual([]);
  });

  test("has no cycle of its own", () => {
    const reachable = (from: string): string[] =>
      Object.keys(LAYERS[from]?.imports ?? {}).flatMap((name) => [name, ...reachable(name)]);
    // reachable() does not end on a cycle: Bun reports the overflow as a failure.
    for (const name of Object.keys(LAYERS)) expect(reachable(name)).not.toContain(name);
  });
});

describe("the rules find", () => {
  const cases: Readonly<Record<string, { path: string; code: string; message: string }>> = {
    "an import upwards": {
      path: "src/core/primitives/a.ts",
      code: 'import { sha256 } from "../crypto/index.ts";',
      message: "core/primitives may not import core/crypto",
    },
    "an import of a type upwards": {
      path: "src/core/crypto/a.ts",
      code: 'import type {\n  Block,\n} from "../protocol/index.ts";',
      message: "core/crypto may not import core/protocol",
    },
    "a re-export upwards": {
      path: "src/core/ports/a.ts",
      code: 'export { type Block } from "../protocol/index.ts";',
      message: "core/ports may not import core/protocol",
    },
    "a type named in place": {
      path: "src/core/ports/a.ts",
      code: 'export type A = import("../protocol/index.ts").Block;',
      message: "core/ports may not import core/protocol",
    },
    "one engine in the other": {
      path: "src/core/consensus/pos/a.ts",
      code: 'import { target } from "../pow/index.ts";',
      message: "core/consensus/pos may not import core/consensus/pow",
    },
    "an engine in the chain": {
      path: "src/core/chain/a.ts",
      code: 'import { PowEngine } from "../consensus/pow/index.ts";',
      message: "core/chain may not import core/consensus/pow",
    },
    "one adapter in another": {
      path: "src/io/logging/a.ts",
      code: 'import { openStore } from "../sqlite/index.ts";',
      message: "io/logging may not import io/sqlite",
    },
    "an adapter in the app": {
      path: "src/app/api/a.ts",
      code: 'import { openStore } from "../../io/sqlite/index.ts";',
      message: "app may not import io/sqlite",
    },
    "the app in a Worker": {
      path: "src/threads/a.ts",
      code: 'import { load } from "../app/config/index.ts";',
      message: "threads may not import app",
    },
    "a value where types alone are allowed": {
      path: "src/app/api/a.ts",
      code: 'import { type Clock, LEVELS } from "../../core/ports/index.ts";',
      message: "app may import types alone from core/ports",
    },
    "a name that is not on the list": {
      path: "src/client/a.ts",
      code: 'import { StateTree, verifyProof } from "../core/merkle/index.ts";',
      message: "client may import of core/merkle only verifyProof, pathOf, ProofVerdict, StateProof",
    },
    "an import past an index": {
      path: "src/core/chain/a.ts",
      code: 'import { State } from "../state/state.ts";',
      message: "src/core/state/state.ts is reached past core/state/index.ts",
    },
    "a package that the layer may not have": {
      path: "src/client/a.ts",
      code: 'import { keccak_256 } from "@noble/hashes/sha3.js";',
      message: "client may not import the package @noble/hashes",
    },
    "SQLite outside its adapter": {
      path: "src/io/clock/a.ts",
      code: 'const sqlite = require("bun:sqlite");',
      message: "io/clock may not import the package bun:sqlite",
    },
    "a module of the environment in the core": {
      path: "src/core/node/a.ts",
      code: 'import "node:fs";',
      message: "core/node may not import the package node:fs",
    },
    "a file in no layer": {
      path: "src/helpers/a.ts",
      code: "",
      message: "is in no layer of the table",
    },
    "a file outside src": {
      path: "src/app/a.ts",
      code: 'import data from "../../test/vectors/a.json";',
      message: "test/vectors/a.json lies outside src",
    },
  };

  for (const [name, { path, code, message }] of Object.entries(cases)) {
    test(name, () => {
      expect(layerViolations(files({ [path]: code }), LAYERS)).toEqual([`${path}: ${message}`]);
    });
  }

  test("a cycle of files within one folder", () => {
    const cycle = files({
      "src/core/state/a.ts": 'import type { B } from "./b.ts";',
      "src/core/state/b.ts": 'import { a } from "./a.ts";',
    });
    expect(importCycles(cycle, LAYERS)).toEqual(["src/core/state/a.ts -> src/core/state/b.ts -> src/core/state/a.ts"]);
  });

  test("a cycle of folders that is none of files", () => {
    const cycle = files({
      "src/app/api/a.ts": 'import { b } from "../cli/b.ts";',
      "src/app/cli/b.ts": "",
      "src/app/cli/c.ts": 'import { d } from "../api/d.ts";',
      "src/app/api/d.ts": "",
    });
    expect(importCycles(cycle, LAYERS)).toEqual(["app/api -> app/cli -> app/api"]);
  });

  test("nothing in comments, and nothing in what is allowed", () => {
    const path = "src/core/crypto/a.ts";
    const code = `// import { Block } from "../protocol/index.ts";
/**
 * import { Block } from "../protocol/index.ts";
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { assert } from "../primitives/index.ts";
export { assert, sha256 };`;
    expect(layerViolations(files({ [path]: code }), LAYERS)).toEqual([]);
  });
});
