// Views and estimates on committed states: each kept height as it was, and nothing of them left behind.

import { describe, expect, test } from "bun:test";
import { ContractViews, PastProofs } from "../../../../src/core/node/index.ts";
import { createQueries } from "../../../../src/core/node/queries.ts";
import type { Gas, Height, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { type Call, contractAddress, type Deploy, kindOf } from "../../../../src/core/protocol/index.ts";
import { testAccount, transfer } from "../../../support/chainFixture.ts";
import { createTestMachine } from "../../../support/machine.ts";
import { mineAndImport, openTestChain, verified } from "../../../support/testChain.ts";
import { contract } from "../../../support/wat.ts";

const [ANNE, BERT] = [testAccount(0).address, testAccount(1).address];
const COUNTER = contractAddress({ creator: ANNE, nonce: 0 });
const KEY = new TextEncoder().encode("count");
const CODE = contract(`(memory 1) (data (i32.const 0) "count")
  (func $get (export "get") (result i32)
    (drop (call $storage_read (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4))) (i32.load (i32.const 8)))
  (func (export "add") (param i32) (result i32)
    (i32.store (i32.const 8) (i32.add (call $get) (local.get 0)))
    (call $storage_write (i32.const 0) (i32.const 5) (i32.const 8) (i32.const 4))
    (i32.load (i32.const 8)))
  (func (export "clear") (drop (call $storage_remove (i32.const 0) (i32.const 5))))
  (func (export "time") (result i64) (call $block_timestamp (i32.const 32)) (i64.load (i32.const 32)))`);

const base = (nonce: number) => {
  const { to: _to, ...fields } = transfer({ from: ANNE, to: ANNE, amount: 0, nonce, gasLimit: 5_000_000 });
  return fields;
};
const deploy: Deploy = { ...base(0), type: "deploy", code: CODE, args: "" };
const call = (nonce: number, name: string, args = ""): Call => ({
  ...base(nonce),
  type: "call",
  to: COUNTER,
  function: name,
  args,
});

/** The counter is deployed in block 1 and counted up by one in each block after it. */
function createChain(heightMax: number, reorgDepthMax?: number) {
  const testChain = openTestChain(reorgDepthMax === undefined ? {} : { reorgDepthMax });
  const { domain, store, genesis } = testChain;
  for (let height = 1; height <= heightMax; height++) {
    const transaction = height === 1 ? deploy : call(height - 1, "add", "[1]");
    mineAndImport(testChain, { transactions: [verified(transaction, domain)] });
  }
  return { ...testChain, views: new ContractViews({ store, genesis, machine: createTestMachine() }) };
}

function viewAt(views: ContractViews, height: number | undefined, name = "get") {
  const result = views.view({
    address: COUNTER,
    functionName: name,
    args: "",
    from: BERT,
    height: height as Height | undefined,
  });
  return result.ok ? new TextDecoder().decode(result.value.returnData) : result.refusal.code;
}

const nowMs = 1_800_000_000_000 as TimestampMs;

describe("views", () => {
  test("see the state of each height, and the time of its block", () => {
    const { views, store, chain } = createChain(6);
    const results = [1, 2, 3, 4, 5, 6, undefined].map((height) => viewAt(views, height));
    expect(results).toEqual(["0", "1", "2", "3", "4", "5", "5"]);
    expect(viewAt(views, 6, "time")).toBe(`"${chain.head.header.timestampMs}"`);
    const before = [...store.stateEntries()];
    expect(viewAt(views, undefined, "clear")).toBe("");
    expect([viewAt(views, undefined), [...store.stateEntries()]]).toEqual(["5", before]);
  });

  test("go as far back as undo records are kept", () => {
    const { views, store } = createChain(12, 2);
    const heightMin = store.undoHeightMin() - 1;
    expect(heightMin).toBeGreaterThan(1);
    expect([viewAt(views, heightMin), viewAt(views, heightMin - 1)]).toEqual([
      String(heightMin - 1),
      "height_not_kept",
    ]);
    expect(viewAt(views, 13)).toBe("block_not_found");
  });

  test("agree with what is proven of the storage at each height", () => {
    const { views, store, genesis, engine } = createChain(6);
    const past = new PastProofs({ store });
    const queries = createQueries({ store, genesis, engine });
    for (const height of [1, 2, 3, 4, 5, 6]) {
      const proven = past.storageProof({ address: COUNTER, key: KEY, height: height as Height });
      const value = proven.ok ? proven.value.value : undefined;
      expect(String(value?.[0] ?? 0)).toBe(viewAt(views, height));
      if (height === 6)
        expect(proven).toEqual({ ok: true, value: queries.storageProof({ address: COUNTER, key: KEY }) });
    }
  });
});

describe("estimates", () => {
  const estimate = (views: ContractViews, transaction: Call | Deploy, gasLimit?: number) =>
    views.estimate({ transaction, gasLimit: gasLimit as Gas | undefined, nowMs });

  test("count what is used before refunds", () => {
    const { views } = createChain(3);
    const result = estimate(views, call(99, "clear"));
    expect(result).toMatchObject({ ok: true, value: { outcome: "success", blockHeight: 3 } });
    if (!result.ok) return;
    const { gasUsed, gasRefunded, gasLimit } = result.value;
    expect(gasRefunded as number).toBeGreaterThan(0);
    expect(gasLimit as number).toBe(Math.ceil((gasUsed + gasRefunded) * 1.25));
  });

  test("are tried with the limit that is given", () => {
    const { views } = createChain(3);
    const intrinsic = kindOf(call(0, "get")).intrinsicGas(call(0, "get"));
    expect(estimate(views, call(0, "get"), intrinsic)).toMatchObject({ ok: true, value: { reason: "outOfGas" } });
    expect(estimate(views, call(0, "get"), intrinsic - 1)).toMatchObject({ refusal: { code: "gas_limit_too_low" } });
  });

  test("name the place in a module that can't be deployed", () => {
    const { views } = createChain(1);
    expect(estimate(views, { ...deploy, code: CODE.subarray(0, -1) })).toMatchObject({
      ok: false,
      refusal: { code: "malformed_module", details: { offset: expect.any(Number) } },
    });
  });
});
