// The contract of the CryptoBackend port: every adapter gives the answers of the noble reference, on known answers, on
// signatures at the edges of the curve, and on thousands of seeded random ones. AUREON_TEST_SEED repeats a run.

import { expect, test } from "bun:test";
import { Point, signAsync } from "@noble/secp256k1";
import { nobleBackend, recoverSigner, sha256, sign, useCryptoBackend } from "../../src/core/crypto/index.ts";
import type { CryptoBackend } from "../../src/core/ports/index.ts";
import { type Bytes, bytesToHex, concatBytes, hexToBytes } from "../../src/core/primitives/index.ts";
import { chooseCryptoBackend, createCryptoBackend } from "../../src/io/crypto/index.ts";
import transactions from "../vectors/transactions.json";

const seed = Number(process.env.AUREON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
console.log(`cryptoBackend contract: AUREON_TEST_SEED=${seed}`);

const native = createCryptoBackend("native");
const wasm = chooseCryptoBackend(["wasm"]).backend;
const portable = chooseCryptoBackend(["noble"]).backend;
const backends: readonly CryptoBackend[] = [nobleBackend, portable, wasm, ...(native.ok ? [native.backend] : [])];

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

interface Case {
  readonly digest: Bytes;
  readonly compact: Bytes;
  readonly parity: 0 | 1;
}

function word(value: bigint): Bytes {
  return Uint8Array.fromHex(value.toString(16).padStart(64, "0"));
}

function caseOf(options: { digest: Bytes; r: bigint; s: bigint; parity: 0 | 1 }): Case {
  return { digest: options.digest, compact: concatBytes(word(options.r), word(options.s)), parity: options.parity };
}

/** A stream of bytes from a seed: SHA-256 over a counter. */
function createRandomBytes(stream: string): (count: number) => Bytes {
  let counter = 0;
  return (count) => {
    const bytes = new Uint8Array(count);
    for (let offset = 0; offset < count; offset += 32) {
      const block = nobleBackend.sha256(new TextEncoder().encode(`${stream} ${seed} ${counter++}`));
      bytes.set(block.subarray(0, Math.min(32, count - offset)), offset);
    }
    return bytes;
  };
}

/** The reference's answer, after seeing that all backends give it. */
function agreedKey(input: Case): string | undefined {
  const [expected, ...others] = backends.map((backend) => {
    const key = backend.recoverPublicKey(input);
    return key === undefined ? undefined : bytesToHex(key);
  });
  for (const other of others) {
    if (other !== expected) {
      const { digest, compact, parity } = input;
      throw new Error(`backends differ on ${digest.toHex()} ${compact.toHex()} ${parity}: ${expected} and ${other}`);
    }
  }
  return expected;
}

test("this platform's native backend loads, or it is said why not and WebAssembly takes its place", () => {
  const { backend, reason } = chooseCryptoBackend();
  expect(reason).not.toBe("");
  if (native.ok) expect(backend.name).toBe(native.backend.name);
  else {
    expect(reason).toContain(native.reason);
    expect(backend.name).toBe(wasm.name);
  }
  const isBuilt = ["linux-x64", "darwin-arm64", "win32-x64"].includes(`${process.platform}-${process.arch}`);
  expect(native.ok).toBe(isBuilt);
});

test("a backend can be forced, and the order decides", () => {
  expect(chooseCryptoBackend(["wasm", "noble"]).backend.name).toContain("libsecp256k1 WebAssembly");
  expect(chooseCryptoBackend(["noble", "wasm"]).backend.name).toBe("noble, Bun SHA-256");
  expect(chooseCryptoBackend(["wasm"]).reason).toBe("the first choice is loaded");
  expect(() => chooseCryptoBackend([])).toThrow("no crypto backend is loaded");
});

test.each(backends.map((backend) => [backend.name, backend] as const))(
  "%s passes the known-answer checks",
  (_, backend) => {
    useCryptoBackend(backend);
    useCryptoBackend(nobleBackend);
  },
);

test.each(backends.map((backend) => [backend.name, backend] as const))(
  "%s hashes as the reference does",
  (_, backend) => {
    const random = createRandomBytes("hash");
    // Around the block size of 64 bytes, where the padding takes another block, and larger.
    for (const count of [0, 1, 31, 32, 33, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1_000, 100_000]) {
      const input = random(count);
      const expected = nobleBackend.sha256(input).toHex();
      expect(backend.sha256(input).toHex()).toBe(expected);
      const surroundings = new Uint8Array(48).fill(0xee);
      const output = surroundings.subarray(8, 40);
      expect(backend.sha256(input, output)).toBe(output);
      expect(output.toHex()).toBe(expected);
      expect(surroundings.subarray(0, 8).toHex() + surroundings.subarray(40).toHex()).toBe("ee".repeat(16));
    }
  },
);

test.each(backends.map((backend) => [backend.name, backend] as const))(
  "%s computes Keccak-256 as the reference does",
  (_, backend) => {
    const random = createRandomBytes("keccak");
    // Every length over four blocks of 136 bytes, so that each place of the padding occurs, and larger ones.
    const counts = [...Array.from({ length: 4 * 136 + 2 }, (_, count) => count), 1_000, 16_384, 16_385, 100_000];
    for (const count of counts) {
      const input = random(count);
      const before = input.toHex();
      expect(backend.keccak256(input).toHex()).toBe(nobleBackend.keccak256(input).toHex());
      expect(input.toHex()).toBe(before);
    }
    // A view into other bytes is hashed alone.
    const surroundings = random(500);
    const view = surroundings.subarray(100, 300);
    expect(backend.keccak256(view).toHex()).toBe(nobleBackend.keccak256(view.slice()).toHex());
  },
);

test.each(backends.map((backend) => [backend.name, backend] as const))("%s keeps its answers apart", (_, backend) => {
  const [one, two] = transactions.transactions.map(({ digest, signature }) =>
    backend.recoverPublicKey({
      digest: hexToBytes(digest),
      compact: hexToBytes(signature).subarray(0, 64),
      parity: signature.endsWith("01") ? 1 : 0,
    }),
  );
  expect(one).toBeDefined();
  expect(two).not.toBe(one);
  expect(two).toEqual(one);
  for (const hash of [backend.sha256, backend.keccak256]) {
    const digest = hash(Uint8Array.of(1));
    const text = digest.toHex();
    expect(hash(Uint8Array.of(2)).toHex()).not.toBe(text);
    expect(digest.toHex()).toBe(text);
  }
});

test("all recover the signers of the golden vectors", () => {
  for (const { digest, signature } of transactions.transactions) {
    for (const backend of backends) {
      useCryptoBackend(backend);
      const signer = recoverSigner({ digest: hexToBytes(digest), signature: signature as `0x${string}` as never });
      expect(signer as string | undefined).toBe(transactions.address);
    }
  }
  useCryptoBackend(nobleBackend);
});

test("values out of range are refused by all", () => {
  const digest = sha256(Uint8Array.of(7));
  const good = hexToBytes(sign({ digest, secretKey: word(5n) }));
  const r = BigInt(`0x${good.subarray(0, 32).toHex()}`);
  const s = BigInt(`0x${good.subarray(32, 64).toHex()}`);
  const parity = good[64] as 0 | 1;
  expect(agreedKey(caseOf({ digest, r, s, parity }))).toBe(bytesToHex(Point.BASE.multiply(5n).toBytes(false)));
  const outside = [0n, ORDER, ORDER + 1n, FIELD - 1n, FIELD, FIELD + 1n, 2n ** 256n - 1n];
  for (const value of outside) {
    for (const sign of [0, 1] as const) {
      expect(agreedKey(caseOf({ digest, r: value, s, parity: sign }))).toBeUndefined();
      expect(agreedKey(caseOf({ digest, r, s: value, parity: sign }))).toBeUndefined();
    }
  }
});

test("edges inside the range get one answer from all", () => {
  const digests = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n].map(word);
  const values = [1n, 2n, 3n, 4n, 5n, 6n, 7n, ORDER / 2n, ORDER / 2n + 1n, ORDER - 1n, Point.BASE.x];
  let found = 0;
  let without = 0;
  for (const digest of digests) {
    for (const r of values) {
      for (const s of values) {
        for (const parity of [0, 1] as const) {
          if (agreedKey(caseOf({ digest, r, s, parity })) === undefined) without++;
          else found++;
        }
      }
    }
  }
  expect(found).toBeGreaterThan(0);
  // An r of 5 is the x coordinate of no point: 5^3 + 7 is no square.
  expect(without).toBeGreaterThan(0);
});

test("a signature whose key would be the point at infinity is refused by all", () => {
  // The key is (s R - z G) / r: with R = k G it vanishes where z = s k.
  for (const [k, s] of [
    [3n, 11n],
    [12345n, ORDER - 2n],
  ] as const) {
    const point = Point.BASE.multiply(k);
    const digest = word((s * k) % ORDER);
    const parity = Number(point.y & 1n) as 0 | 1;
    expect(agreedKey(caseOf({ digest, r: point.x % ORDER, s, parity }))).toBeUndefined();
    expect(agreedKey(caseOf({ digest, r: point.x % ORDER, s, parity: parity === 0 ? 1 : 0 }))).toBeDefined();
  }
});

test("random signatures, and what mutation makes of them, get one answer from all", async () => {
  const random = createRandomBytes("signatures");
  const counts = { right: 0, other: 0, none: 0 };
  for (let round = 0; round < 250; round++) {
    const secretKey = word((BigInt(`0x${random(32).toHex()}`) % (ORDER - 1n)) + 1n);
    const digest = random(32);
    // Signatures of both halves: the port knows no rule about S, `recoverSigner` does.
    const signed = await signAsync(digest, secretKey, { prehash: false, lowS: round % 2 === 0, format: "recovered" });
    const compact = signed.slice(1);
    const parity = ((signed[0] as number) & 1) as 0 | 1;
    const own = bytesToHex(Point.BASE.multiply(BigInt(`0x${secretKey.toHex()}`)).toBytes(false));
    expect(agreedKey({ digest, compact, parity })).toBe(own);
    counts.right++;
    const mutants: Case[] = [
      { digest, compact, parity: parity === 0 ? 1 : 0 },
      { digest, compact: random(64), parity },
    ];
    for (let mutation = 0; mutation < 6; mutation++) {
      const changed = compact.slice();
      const at = (random(1)[0] as number) % 64;
      changed[at] = (changed[at] as number) ^ ((random(1)[0] as number) | 1);
      mutants.push({ digest, compact: changed, parity });
    }
    mutants.push({ digest: random(32), compact, parity });
    for (const mutant of mutants) {
      const key = agreedKey(mutant);
      expect(key).not.toBe(own);
      if (key === undefined) counts.none++;
      else counts.other++;
    }
  }
  expect(counts.right).toBe(250);
  expect(counts.other).toBeGreaterThan(500);
  expect(counts.none).toBeGreaterThan(200);
}, 60_000);

test.each(backends.map((backend) => [backend.name, backend] as const))(
  "%s crashes on a length that no caller may pass, since that is no bad signature",
  (_, backend) => {
    const digest = new Uint8Array(32);
    const compact = new Uint8Array(64);
    expect(() => backend.recoverPublicKey({ digest: digest.subarray(1), compact, parity: 0 })).toThrow("has 32");
    expect(() => backend.recoverPublicKey({ digest, compact: new Uint8Array(65), parity: 0 })).toThrow("have 64");
  },
);
