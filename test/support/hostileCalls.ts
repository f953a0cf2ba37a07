// Contracts that are accepted and do harm where they can once they run, and what must come of each of their calls.

import type { Address, Bytes } from "../../src/core/primitives/index.ts";
import type { Reason } from "../../src/core/protocol/index.ts";
import { nestedCall } from "./contractFixture.ts";
import { exampleModule } from "./exampleContracts.ts";
import { ACCEPTED_MODULES, BYTE_ORDER_MARK_NAMES, HOT_MODULES, LIMIT_MODULES } from "./hostileModules.ts";
import { smallContract } from "./wat.ts";

export interface HostileCall {
  /** Which of the contracts is called. */
  readonly contract?: number;
  readonly name: string;
  readonly args?: string | ((addresses: readonly Address[]) => string);
  readonly gas?: number;
  readonly amount?: number;
  readonly reason: Reason;
  /** What it returns, as text; anything when absent. */
  readonly returns?: string;
}

export interface HostileStory {
  readonly name: string;
  readonly modules: readonly Bytes[];
  readonly calls: readonly HostileCall[];
}

/** A hundred milliseconds of gas. */
export const GAS = 100_000_000;
/** What a block of the default has, less what a transaction is charged before it runs. */
const BLOCK_GAS = 620_000_000;

const LOOP = "(loop $again (br $again))";
const ALLOW_REENTRY = `(func (export "allow_reentry"))`;

/** Calls itself by one of its other exports, and returns the status. */
function calling(name: string, options: { body: string; pages?: number; gas?: number }): Bytes {
  const { body, pages = 1, gas } = options;
  const again = nestedCall({ name, ...(gas === undefined ? {} : { gas }) });
  return smallContract(`(memory ${pages}) ${again.data} ${ALLOW_REENTRY}
    (func $again (result i32) ${again.code}) ${body}`);
}

const loops = smallContract(`(memory 1)
  (func (export "run") ${LOOP})
  (func $start (param i32) (if (local.get 0) (then ${LOOP})))
  (func (export "calls") (loop $again (call $start (i32.const 0)) (br $again)))
  (func (export "divides") (local i32) (loop $again (local.set 0 (i32.div_u (i32.const 7) (i32.const 3))) (br $again)))
  (func (export "fills") (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $again)))
  (func (export "copies") (loop $again (memory.copy (i32.const 0) (i32.const 1) (i32.const 65535)) (br $again)))
  (func (export "grows") (loop $again (drop (memory.grow (i32.const 1))) (br $again)))
  (func (export "growsByNothing") (loop $again (drop (memory.grow (i32.const 0))) (br $again)))`);

const starts = (body: string) => smallContract(`(memory 1) (func $start ${body}) (start $start) (func (export "run"))`);

const recursion = smallContract(`(memory 1) (table 1 funcref) (elem (i32.const 0) $table)
  (type $none (func))
  (func $table (type $none) (call_indirect (type $none) (i32.const 0)))
  (func $deep (call $deep))
  (func $wide (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64) (local i64 i64 i64 i64 i64 i64 i64 i64)
    (i64.add (call $wide (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
      (i64.const 7) (i64.const 8)) (i64.const 1)))
  (func $one (call $two)) (func $two (call $one))
  (func (export "run") (call $deep)) (func (export "indirectly") (call $table)) (func (export "mutually") (call $one))
  (func (export "widely") (drop (call $wide (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
    (i64.const 6) (i64.const 7) (i64.const 8))))`);

const size = (minimum: number) =>
  smallContract(`(memory ${minimum})
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (result i32) (drop (memory.grow (i32.const 3))) (memory.size))`);

const storage = smallContract(`(memory 1)
  (func $key (param i32) (i32.store (i32.const 0) (local.get 0)))
  (func (export "churns") (loop $again
    (call $storage_write (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 8))
    (drop (call $storage_remove (i32.const 0) (i32.const 4))) (br $again)))
  (func (export "spreads") (local i32) (loop $again
    (call $key (local.tee 0 (i32.add (local.get 0) (i32.const 1))))
    (call $storage_write (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 16384)) (br $again)))
  (func (export "reads") (local i32) (loop $again
    (call $key (local.tee 0 (i32.add (local.get 0) (i32.const 1))))
    (drop (call $storage_read (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 16384))) (br $again)))
  (func (export "stays") (local i32) (loop $again
    (call $key (local.tee 0 (i32.add (local.get 0) (i32.const 1))))
    (call $storage_write (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 4))
    (br_if $again (i32.lt_u (local.get 0) (i32.const 2000)))))
  (func (export "clears") (local i32) (loop $again
    (call $key (local.tee 0 (i32.add (local.get 0) (i32.const 1))))
    (drop (call $storage_remove (i32.const 0) (i32.const 4)))
    (br_if $again (i32.lt_u (local.get 0) (i32.const 2000)))))`);

const noise = smallContract(`(memory 2)
  (func (export "logs") (loop $again (call $log (i32.const 0) (i32.const 1024)) (br $again)))
  (func (export "events") (loop $again (call $event (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 65536)) (br $again)))
  (func (export "hashes") (loop $again (call $keccak256 (i32.const 0) (i32.const 131040) (i32.const 131040)) (br $again)))
  (func (export "recovers") (loop $again
    (drop (call $secp256k1_recover (i32.const 0) (i32.const 0) (i32.const 0))) (br $again)))
  (func (export "pays") (local i32) (loop $again
    (i32.store (i32.const 0) (local.tee 0 (i32.add (local.get 0) (i32.const 1))))
    (drop (call $transfer (i32.const 0) (i32.const 64))) (br $again)))
  (func (export "returns") (loop $again (call $return_data (i32.const 0) (i32.const 65536)) (br $again)))`);

/** Ranges that end where the memory does, one byte past it, and where 32 bits do. */
const edges = smallContract(`(memory 1)
  (func (export "fits") (call $sha256 (i32.const 65504) (i32.const 32) (i32.const 65504)))
  (func (export "empty") (call $log (i32.const 65536) (i32.const 0)))
  (func (export "past") (call $sha256 (i32.const 65505) (i32.const 32) (i32.const 0)))
  (func (export "outPast") (call $sha256 (i32.const 0) (i32.const 32) (i32.const 65505)))
  (func (export "emptyPast") (call $log (i32.const 65537) (i32.const 0)))
  (func (export "wraps") (call $log (i32.const -1) (i32.const 2)))
  (func (export "endless") (call $log (i32.const 0) (i32.const -1)))
  (func (export "loads") (drop (i64.load offset=4294967295 (i32.const -1))))
  (func (export "copies") (memory.copy (i32.const 0) (i32.const 1) (i32.const 65536)))
  (func (export "afterGrowth") (drop (memory.grow (i32.const 1))) (call $sha256 (i32.const 131040) (i32.const 32) (i32.const 131040)))`);

const burner = calling("burns", {
  gas: 10_000_000,
  body: `(func (export "burns") ${LOOP}) (func (export "run") (result i32) (call $again))
    (func (export "forever") (loop $more (drop (call $again)) (br $more)))`,
});

const diver = (grow: number) =>
  calling("dive", {
    body: `(func (export "dive") (result i32) (drop (memory.grow (i32.const ${grow}))) (call $again))`,
  });

/** Has one memory after the other grow to its cap, none of which serves again. */
const bloat = calling("grow", {
  gas: 7_000_000,
  body: `(func (export "grow") (drop (memory.grow (i32.const 255))))
    (func (export "run") (loop $more (drop (call $again)) (br $more)))`,
});

/** Each call calls twice, which is 2^64 calls without a bound. */
const tree = calling("run", { body: `(func (export "run") (result i32) (drop (call $again)) (call $again))` });

const outOfGas = (name: string, gas = GAS): HostileCall => ({ name, gas, reason: "outOfGas" });

function robbery(bank: string, returns: string): HostileStory {
  const robbed = (addresses: readonly Address[]) => `{"bank":"${addresses[0]}","rounds":3}`;
  return {
    name: `a thief and ${bank}`,
    modules: [exampleModule(`reentrancy/${bank}`), exampleModule("reentrancy/thief")],
    calls: [
      { name: "deposit", args: "{}", amount: 1000, reason: "none" },
      { contract: 1, name: "attack", args: robbed, amount: 100, reason: "none", returns },
    ],
  };
}

const runs =
  (name: string) =>
  (module: { name: string; code: Bytes }): HostileStory => ({
    name: `${name}: ${module.name}`,
    modules: [module.code],
    calls: [{ name: "run", reason: "none" }],
  });

export const HOSTILE_STORIES: readonly HostileStory[] = [
  {
    name: "loops without end",
    modules: [loops],
    calls: ["run", "calls", "divides", "fills", "copies", "grows", "growsByNothing"].map((name) => outOfGas(name)),
  },
  {
    name: "a start function that does not end",
    modules: [starts(LOOP)],
    calls: [{ name: "run", reason: "noContract" }],
  },
  {
    name: "a start function that traps",
    modules: [starts("unreachable")],
    calls: [{ name: "run", reason: "noContract" }],
  },
  {
    name: "recursion without end",
    modules: [recursion],
    calls: ["run", "indirectly", "mutually", "widely"].map((name) => ({ name, reason: "stackExhausted" as const })),
  },
  {
    // The second one's memory was the first one's; a third has another minimum.
    name: "sizes of memories that were used before",
    modules: [size(1), size(1), size(2)],
    calls: [0, 1, 0, 1, 2].flatMap((contract) => [
      { contract, name: "size", reason: "none" as const, returns: contract === 2 ? "2" : "1" },
      { contract, name: "grow", reason: "none" as const, returns: contract === 2 ? "5" : "4" },
    ]),
  },
  {
    name: "storage that is written and removed",
    modules: [storage],
    calls: [
      outOfGas("churns"),
      outOfGas("spreads"),
      outOfGas("reads"),
      { name: "stays", gas: GAS, reason: "none" },
      { name: "clears", gas: GAS, reason: "none" },
    ],
  },
  {
    name: "host functions without end",
    modules: [noise],
    calls: [
      { name: "logs", gas: GAS, reason: "limitExceeded" },
      outOfGas("events"),
      outOfGas("hashes"),
      outOfGas("recovers"),
      outOfGas("pays"),
      outOfGas("returns"),
    ],
  },
  {
    name: "ranges at the edges of a memory",
    modules: [edges],
    calls: [
      ...["fits", "empty", "afterGrowth"].map((name) => ({ name, reason: "none" as const })),
      ...["past", "outPast", "emptyPast", "wraps", "endless"].map((name) => ({ name, reason: "hostRange" as const })),
      ...["loads", "copies"].map((name) => ({ name, reason: "trap" as const })),
    ],
  },
  {
    name: "a callee that burns its caller's gas",
    modules: [burner],
    calls: [{ name: "run", gas: 20_000_000, reason: "none", returns: "2" }, outOfGas("forever")],
  },
  { name: "64 nested calls", modules: [diver(0)], calls: [{ name: "dive", gas: GAS, reason: "none", returns: "0" }] },
  {
    name: "64 nested calls that grow to the cap",
    modules: [diver(7), diver(255)],
    calls: [
      { name: "dive", gas: GAS, reason: "none", returns: "0" },
      { contract: 1, name: "dive", gas: GAS, reason: "none", returns: "0" },
    ],
  },
  { name: "memories that grow to the cap one after the other", modules: [bloat], calls: [outOfGas("run", BLOCK_GAS)] },
  { name: "a tree of calls", modules: [tree], calls: [outOfGas("run")] },
  robbery("carelessBank", '{"lastCode":4}'),
  robbery("recklessBank", '{"lastCode":0}'),
  ...ACCEPTED_MODULES.map((module) => ({
    name: module.name,
    modules: [module.code],
    calls: [
      { name: BYTE_ORDER_MARK_NAMES.marked, reason: "none" as const },
      { name: BYTE_ORDER_MARK_NAMES.unmarked, reason: "trap" as const },
      { name: `${BYTE_ORDER_MARK_NAMES.marked}n`, reason: "noFunction" as const },
    ],
  })),
  ...LIMIT_MODULES.filter(({ refusal }) => refusal === undefined).map(runs("at the limit")),
];

/** Until what they call is compiled by each of the engine's compilers. */
export const HOT_STORIES: readonly HostileStory[] = HOT_MODULES.map(({ name, code }) => ({
  name: `often: ${name}`,
  modules: [code],
  calls: Array.from({ length: 3 }, () => ({ name: "run", args: "[0]", gas: BLOCK_GAS, reason: "outOfGas" as const })),
}));
