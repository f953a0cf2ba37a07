// Headers ahead of their blocks: checked one upon the other before any body is there; and bodies before any state.

import { expect, test } from "bun:test";
import type { ChainHeader } from "../../../../src/core/chain/index.ts";
import type { Gas, Hash, Height, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { type Header, hashHeader } from "../../../../src/core/protocol/index.ts";
import { chainOf, deliver, grow, growInvalid, hashOfBlock, LATE_MS } from "../../../support/branches.ts";
import { testAccount, testGenesis } from "../../../support/chainFixture.ts";
import { type MinedBlock, openTestChain, sealHeader, type TestChain } from "../../../support/testChain.ts";

const GENESIS = testGenesis();
const RETARGETING = testGenesis({ consensus: { engine: "pow", difficulty: 1, retarget: true } });
const NONE = () => undefined;

function verify(testChain: TestChain, header: Header, overlay: (hash: Hash) => ChainHeader | undefined = NONE) {
  return testChain.chain.verifyHeader({ header, overlay, nowMs: LATE_MS });
}

test("headers are checked upon kept blocks and upon each other, with the work of the whole chain", () => {
  const blocks = grow(
    RETARGETING,
    [],
    Array.from({ length: 12 }, () => ({ stepMs: 4000 })),
  );
  const testChain = chainOf(RETARGETING, blocks.slice(0, 4));
  const whole = chainOf(RETARGETING, blocks);
  const overlay = new Map<Hash, ChainHeader>();
  for (const { block } of blocks.slice(4)) {
    const result = verify(testChain, block.header, (hash) => overlay.get(hash));
    if (!result.ok) throw new RangeError(result.refusal.code);
    expect(result.header).toEqual(whole.chain.header(hashHeader(block.header)) as ChainHeader);
    overlay.set(result.header.hash, result.header);
  }
  expect(testChain.chain.head.header.height as number).toBe(4);
  expect(verify(testChain, (blocks[6] as MinedBlock).block.header)).toMatchObject({
    refusal: { code: "unknown_parent" },
  });
});

test("a kept header is answered from the store", () => {
  const blocks = grow(GENESIS, [], [{}, {}]);
  const testChain = chainOf(GENESIS, blocks);
  expect(verify(testChain, (blocks[0] as MinedBlock).block.header)).toEqual({
    ok: true,
    header: testChain.chain.header(hashOfBlock(blocks[0] as MinedBlock)) as ChainHeader,
  });
});

test("a header is refused for its own faults, its time, and the parent that it rests on", () => {
  const [block] = grow(GENESIS, [], [{}]) as [MinedBlock];
  const testChain = openTestChain();
  const { header } = block.block;
  const changed = (change: Partial<Header>) =>
    verify(testChain, sealHeader(testChain.engine, { ...header, ...change }));
  expect(changed({ height: 2 as Height })).toMatchObject({ refusal: { code: "invalid_height" } });
  expect(changed({ timestampMs: GENESIS.timestampMs })).toMatchObject({ refusal: { code: "invalid_timestamp" } });
  const early = (LATE_MS + 15_001) as TimestampMs;
  expect(changed({ timestampMs: early })).toMatchObject({ refusal: { code: "timestamp_ahead" } });
  const later = testChain.chain.verifyHeader({
    header: sealHeader(testChain.engine, { ...header, timestampMs: early }),
    overlay: NONE,
    nowMs: (LATE_MS + 1) as TimestampMs,
  });
  expect(later.ok).toBe(true);
  const [bad, child] = growInvalid(GENESIS, [], { count: 2, change: { gasUsed: 1 as Gas } }) as [
    MinedBlock,
    MinedBlock,
  ];
  expect(verify(testChain, bad.block.header).ok).toBe(true);
  expect(deliver(testChain, [bad]).codes).toEqual(["gas_mismatch"]);
  expect(verify(testChain, bad.block.header)).toMatchObject({ refusal: { code: "gas_mismatch" } });
  expect(verify(testChain, child.block.header)).toMatchObject({ refusal: { code: "invalid_parent" } });
});

test("a body is checked without its parent", () => {
  const [, second] = grow(GENESIS, [], [{}, { proposer: testAccount(4).address }]) as [MinedBlock, MinedBlock];
  const { chain } = openTestChain();
  expect(chain.checkBody(second.block)).toBeUndefined();
  const other = { ...second.block, body: { ...second.block.body, transactions: [Uint8Array.of(1)] } };
  expect(chain.checkBody(other)).toMatchObject({ code: "body_mismatch" });
});

test("what is refused for now is not remembered against its hash", () => {
  const [block] = grow(GENESIS, [], [{}]) as [MinedBlock];
  const testChain = openTestChain();
  const other = {
    ...block,
    block: { ...block.block, body: { ...block.block.body, transactions: [Uint8Array.of(1)] } },
  };
  const early = testChain.chain.importBlock({ ...block, nowMs: 0 as TimestampMs });
  expect(early).toMatchObject({ refusal: { code: "timestamp_ahead" } });
  expect(deliver(testChain, [other]).codes).toEqual(["body_mismatch"]);
  expect(deliver(testChain, [block]).codes).toEqual(["adopted"]);
});
