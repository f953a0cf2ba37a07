// Proof of work as the chain sees it: which headers and bodies pass, what a block weighs, which head is better.

import { describe, expect, test } from "bun:test";
import { TARGET_EASIEST, targetOfDifficulty } from "../../../../../src/core/consensus/pow/difficulty.ts";
import { PowEngine } from "../../../../../src/core/consensus/pow/engine.ts";
import { encodePowSeal, loadPowSeal, targetToBytes } from "../../../../../src/core/consensus/pow/seal.ts";
import type { Hash, Height, TimestampMs } from "../../../../../src/core/primitives/index.ts";
import { EMPTY_BODY, encodeHeader, type Header, hashHeader } from "../../../../../src/core/protocol/index.ts";
import { testGenesis } from "../../../../support/chainFixture.ts";
import { sealHeader } from "../../../../support/testChain.ts";
import { HEADER } from "../../../../vectors/samples.ts";

const NOW_MS = 1_700_000_100_000;
const genesis = testGenesis({ consensus: { engine: "pow", difficulty: 2, retarget: true } });
const engine = new PowEngine({ genesis, reorgDepthMax: 1000 });
const INITIAL = targetOfDifficulty(2);

function header(fields: { target?: bigint; nonce?: number; timestampMs?: number }): Header {
  const { target = INITIAL, nonce = 0, timestampMs = NOW_MS } = fields;
  return { ...HEADER, timestampMs: timestampMs as TimestampMs, seal: encodePowSeal({ target, nonce }) };
}

describe("sanity of a header", () => {
  test("a sealed one passes, and every change of it fails", () => {
    const sealed = sealHeader(engine, header({}));
    expect(engine.checkSanity(sealed)).toBeUndefined();
    expect(BigInt(hashHeader(sealed))).toBeLessThanOrEqual(INITIAL);
    const changed = Array.from({ length: 20 }, (_, extra) => ({ ...sealed, gasUsed: extra as Header["gasUsed"] }));
    const refused = changed.filter((other) => engine.checkSanity(other)?.code === "insufficient_work");
    // One in 256 passes by luck.
    expect(refused.length).toBeGreaterThanOrEqual(18);
  });

  test("the hash may be as large as the target, not larger", () => {
    let nonce = 0;
    while (BigInt(hashHeader(header({ target: TARGET_EASIEST, nonce }))) > TARGET_EASIEST) nonce++;
    expect(engine.checkSanity(header({ target: TARGET_EASIEST, nonce }))).toBeUndefined();
  });

  test("a target out of range or another seal is refused, whatever its work", () => {
    const seals = [
      encodePowSeal({ target: 0n, nonce: 0 }),
      encodePowSeal({ target: TARGET_EASIEST + 1n, nonce: 0 }),
      encodePowSeal({ target: 2n ** 256n - 1n, nonce: 0 }),
      new Uint8Array(0),
      new Uint8Array(41),
      new Uint8Array(40).fill(255),
    ];
    for (const seal of seals) {
      expect(engine.checkSanity({ ...HEADER, seal })?.code).toBe("invalid_seal");
    }
  });
});

test("a body has no votes, no evidence and no signature", () => {
  expect(engine.checkBody(EMPTY_BODY)).toBeUndefined();
  expect(engine.checkBody({ ...EMPTY_BODY, transactions: [Uint8Array.of(1)] })).toBeUndefined();
  const item = [Uint8Array.of(1)];
  const bodies = [
    { ...EMPTY_BODY, votes: item },
    { ...EMPTY_BODY, evidence: item },
    { ...EMPTY_BODY, proposerSignature: Uint8Array.of(0) },
  ];
  for (const body of bodies) expect(engine.checkBody(body)?.code).toBe("unexpected_votes");
});

describe("context of a header", () => {
  const parent = header({ timestampMs: NOW_MS - 5000 });
  const ancestry = { header: (distance: number) => (distance === 0 ? parent : undefined) };
  const check = (fields: Parameters<typeof header>[0], nowMs = NOW_MS) =>
    engine.checkContext({ header: header(fields), ancestry, nowMs: nowMs as TimestampMs })?.code;

  test("the timestamp is above the parent's", () => {
    expect(check({ timestampMs: NOW_MS - 4999 })).toBeUndefined();
    expect(check({ timestampMs: NOW_MS - 5000 })).toBe("invalid_timestamp");
    expect(check({ timestampMs: 0 })).toBe("invalid_timestamp");
    expect(engine.timestampMin(parent) as number).toBe(NOW_MS - 4999);
  });

  test("at most 15 s ahead of the clock; the same block passes when its time has come", () => {
    expect(check({ timestampMs: NOW_MS + 15_000 })).toBeUndefined();
    expect(check({ timestampMs: NOW_MS + 15_001 })).toBe("timestamp_ahead");
    expect(check({ timestampMs: NOW_MS + 15_001 }, NOW_MS + 1)).toBeUndefined();
  });

  test("the target is the one that the blocks before ask for, neither harder nor easier", () => {
    expect(check({ target: INITIAL - 1n })).toBe("invalid_seal");
    expect(check({ target: INITIAL + 1n })).toBe("invalid_seal");
    expect(check({ target: 2n * INITIAL })).toBe("invalid_seal");
    const lateMs = NOW_MS - 5000 + 10 * genesis.parameters.blockTimeMs;
    expect(check({ target: 2n * INITIAL, timestampMs: lateMs }, lateMs)).toBeUndefined();
    expect(check({ target: INITIAL, timestampMs: lateMs }, lateMs)).toBe("invalid_seal");
  });

  test("a template's seal is the one that context asks for", () => {
    const timestampMs = NOW_MS as TimestampMs;
    const seal = engine.prepareSeal({ timestampMs, ancestry });
    const template = { ...header({}), timestampMs, seal };
    expect(engine.checkContext({ header: template, ancestry, nowMs: timestampMs })).toBeUndefined();
  });
});

test("a sealer's job is the encoded header that ends in the nonce, and its target", () => {
  const unsealed = header({});
  const job = engine.sealJob({ jobId: 7, header: unsealed });
  expect(job).toEqual({ jobId: 7, header: encodeHeader(unsealed), target: targetToBytes(INITIAL) });
  const sealed = engine.applySeal(unsealed, 2 ** 33 + 1);
  expect(loadPowSeal(sealed.seal)).toEqual({ target: INITIAL, nonce: 2 ** 33 + 1 });
  expect(encodeHeader(sealed).subarray(0, -8)).toEqual(job.header.subarray(0, -8));
});

test("a seal in words for people and programs", () => {
  const described = engine.describeSeal(header({ nonce: 42 }));
  expect(described).toEqual({ target: `0x00${"f".repeat(62)}`, nonce: "42" });
});

describe("heads", () => {
  const low = `0x${"0".repeat(64)}` as Hash;
  const high = `0x${"f".repeat(64)}` as Hash;

  test("more work wins over a lower hash; at equal work the lower hash wins; nothing beats itself", () => {
    const better = (candidate: [Hash, bigint], current: [Hash, bigint]) =>
      engine.isBetter({
        candidate: { hash: candidate[0], totalWork: candidate[1] },
        current: { hash: current[0], totalWork: current[1] },
      });
    expect(better([high, 2n ** 70n + 1n], [low, 2n ** 70n])).toBe(true);
    expect(better([low, 2n ** 70n], [high, 2n ** 70n + 1n])).toBe(false);
    expect(better([low, 5n], [high, 5n])).toBe(true);
    expect(better([high, 5n], [low, 5n])).toBe(false);
    expect(better([low, 5n], [low, 5n])).toBe(false);
  });

  test("a header's work is that of its target, so one that took the relief weighs less", () => {
    expect(engine.workOf(header({}))).toBe(256n);
    expect(engine.workOf(header({ target: 2n * INITIAL + 1n }))).toBe(128n);
  });

  test("safe is six behind the head, finalized as far as the node undoes blocks; never below block 0", () => {
    const shallow = new PowEngine({ genesis, reorgDepthMax: 10 });
    const heights = [0, 5, 6, 7, 10, 11, 2000] as Height[];
    expect(heights.map((height) => shallow.safeHeight(height) as number)).toEqual([0, 0, 0, 1, 4, 5, 1994]);
    expect(heights.map((height) => shallow.finalizedHeight(height) as number)).toEqual([0, 0, 0, 0, 0, 1, 1990]);
    expect(engine.finalizedHeight(2000 as Height) as number).toBe(1000);
  });
});
