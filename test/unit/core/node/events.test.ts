// Events of contracts from committed blocks: in pages of bounded work, and gone with the blocks that are taken back.

import { describe, expect, test } from "bun:test";
import { createQueries } from "../../../../src/core/node/queries.ts";
import type { Address, Bytes, Gas, Hash, Height } from "../../../../src/core/primitives/index.ts";
import { type Call, contractAddress, type Deploy } from "../../../../src/core/protocol/index.ts";
import { deliver, grow } from "../../../support/branches.ts";
import { testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { mineAndImport, openTestChain, type TestChain, takeBack, verified } from "../../../support/testChain.ts";
import { contract } from "../../../support/wat.ts";

const ANNE = testAccount(0).address;
const EMITTER = contractAddress({ creator: ANNE, nonce: 0 });
/** `emit(count, size)` announces `count` events of `size` bytes whose first byte is the number of those left. */
const CODE = contract(`(memory 2)
  (func (export "emit") (param i32 i32)
    (loop
      (i32.store8 (i32.const 0) (local.get 0))
      (call $event (i32.const 70000) (i32.const 0) (i32.const 0) (local.get 1))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if 0 (local.get 0))))`);

const base = (nonce: number) => {
  const { to: _to, ...fields } = transfer({ from: ANNE, to: ANNE, amount: 0, nonce, gasLimit: 150_000_000 });
  return fields;
};

function deploy(nonce: number, code: Bytes = CODE): Deploy {
  return { ...base(nonce), type: "deploy", code, args: "" };
}

function emit(nonce: number, args: string): Call {
  return { ...base(nonce), gasLimit: 150_000_000 as Gas, type: "call", to: EMITTER, function: "emit", args };
}

/** Block 1 deploys the emitter; each block after it has the calls whose arguments are given. */
function createChain(calls: readonly (readonly string[])[]) {
  const testChain = openTestChain();
  const { domain, store, genesis, engine } = testChain;
  mineAndImport(testChain, { transactions: [verified(deploy(0), domain)] });
  let nonce = 1;
  for (const ofBlock of calls) {
    mineAndImport(testChain, { transactions: ofBlock.map((args) => verified(emit(nonce++, args), domain)) });
  }
  return { ...testChain, queries: createQueries({ store, genesis, engine }) };
}

function page(
  { queries }: Pick<ReturnType<typeof createChain>, "queries">,
  options: Partial<Parameters<typeof queries.contractEvents>[0]> = {},
) {
  return queries.contractEvents({
    address: EMITTER,
    heightMin: 0 as Height,
    heightMax: 1000 as Height,
    topic: undefined,
    start: undefined,
    countMax: 1000,
    ...options,
  });
}

function placesOf({ events }: ReturnType<typeof page>): string[] {
  return events.map(({ height, transactionIndex, eventIndex }) => `${height}-${transactionIndex}-${eventIndex}`);
}

describe("a page", () => {
  test("has the events of several transactions of a block in order", () => {
    const chain = createChain([["[2,1]", "[1,1]"], [], ["[1,1]"]]);
    const { events, next } = page(chain);
    expect(placesOf({ events, next })).toEqual(["2-0-0", "2-0-1", "2-1-0", "4-0-0"]);
    expect(next).toBeUndefined();
    expect(events.map(({ data }) => data[0])).toEqual([2, 1, 1, 1]);
    const [first] = events;
    const block = chain.queries.block(2 as Height);
    expect(first).toMatchObject({
      blockHash: block?.hash as Hash,
      transactionHash: block?.transactionHashes[0] as Hash,
    });
  });

  test("begins and ends where it is told to", () => {
    const chain = createChain([["[2,1]", "[1,1]"], [], ["[1,1]"]]);
    const first = page(chain, { countMax: 2 });
    expect([placesOf(first), first.next]).toEqual([
      ["2-0-0", "2-0-1"],
      { height: 2, transactionIndex: 1, eventIndex: 0 } as never,
    ]);
    const second = page(chain, first.next === undefined ? {} : { start: first.next, countMax: 2 });
    expect([placesOf(second), second.next]).toEqual([["2-1-0", "4-0-0"], undefined]);
    expect(placesOf(page(chain, { heightMin: 3 as Height }))).toEqual(["4-0-0"]);
    expect(placesOf(page(chain, { heightMax: 3 as Height }))).toEqual(["2-0-0", "2-0-1", "2-1-0"]);
  });

  test("ends after so many blocks, and goes on without a gap", () => {
    const chain = createChain(Array.from({ length: 70 }, () => ["[1,1]"]));
    const first = page(chain);
    expect([first.events.length, first.next]).toEqual([
      64,
      { height: 66, transactionIndex: 0, eventIndex: 0 } as never,
    ]);
    const second = page(chain, first.next === undefined ? {} : { start: first.next });
    expect([placesOf(second)[0], second.events.length, second.next]).toEqual(["66-0-0", 6, undefined]);
    const none = page(chain, { topic: `0x${"11".repeat(32)}` as Hash });
    expect([none.events.length, none.next?.height as number]).toEqual([0, 66]);
  });

  test("ends after so many bytes, with one event at least", () => {
    const chain = createChain([["[20,65536]"], ["[20,65536]"]]);
    const places: string[] = [];
    let start: Parameters<typeof chain.queries.contractEvents>[0]["start"];
    let pages = 0;
    do {
      const { events, next } = page(chain, { start });
      expect(events.length).toBeGreaterThan(0);
      expect(events.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(1024 * 1024);
      places.push(...placesOf({ events, next }));
      start = next;
      pages++;
    } while (start !== undefined);
    expect([pages, new Set(places).size]).toEqual([3, 40]);
  });
});

describe("with the blocks of another branch", () => {
  test("the events of those that were taken back are gone, and the new ones are there", () => {
    const genesis = testGenesis();
    const call = (nonce: number, args: string) => ({
      transactions: ({ domain }: TestChain) => [verified(emit(nonce, args), domain)],
    });
    const common = grow(
      genesis,
      [],
      [{ transactions: ({ domain }) => [verified(deploy(0), domain)] }, call(1, "[1,1]")],
    );
    const old = grow(genesis, common, [call(2, "[2,1]"), call(3, "[3,1]")]);
    const better = grow(genesis, common, [call(2, "[7,2]"), {}, {}]);
    const testChain = openTestChain({ genesis });
    const queries = createQueries(testChain);
    deliver(testChain, [...common, ...old]);
    expect(placesOf(page({ queries }))).toEqual(["2-0-0", "3-0-0", "3-0-1", "4-0-0", "4-0-1", "4-0-2"]);
    expect(deliver(testChain, better).report.abandoned).toHaveLength(2);
    const { events } = page({ queries });
    expect(placesOf({ events, next: undefined })).toEqual([
      "2-0-0",
      ...[0, 1, 2, 3, 4, 5, 6].map((index) => `3-0-${index}`),
    ]);
    expect(new Set(events.slice(1).map(({ data }) => data.length))).toEqual(new Set([2]));
  });

  test("a rollback takes its blocks' events", () => {
    const chain = createChain([["[1,1]"], ["[1,1]"]]);
    takeBack(chain);
    expect(placesOf(page(chain))).toEqual(["2-0-0"]);
    takeBack(chain);
    takeBack(chain);
    expect(placesOf(page(chain))).toEqual([]);
    expect(chain.queries.contractCode(EMITTER as Address)).toBeUndefined();
  });
});
