// Block 0 computed from docs/spec/encoding.md and docs/spec/state.md by their words alone, without the node's own code, held
// to the golden vectors.

import { expect, test } from "bun:test";
import vectors from "./genesis.json" with { type: "json" };

const HASH_BITS = 256;
const ZERO = "00".repeat(32);

interface Entry {
  readonly path: string;
  readonly leaf: string;
}

function sha256(hex: string): string {
  return new Bun.CryptoHasher("sha256").update(Buffer.from(hex, "hex")).digest("hex");
}

function u64(value: number): string {
  return value.toString(16).padStart(16, "0");
}

function entryOf(key: string, value: string): Entry {
  return { path: sha256(key), leaf: sha256(`00${sha256(key)}${sha256(value)}`) };
}

function bitOf(path: string, index: number): number {
  return (Number.parseInt(path.charAt(index >> 2), 16) >> (3 - (index & 3))) & 1;
}

function treeRoot(entries: readonly Entry[], depth = 0): string {
  const [first] = entries;
  if (first === undefined) return ZERO;
  if (entries.length === 1 || depth === HASH_BITS) return first.leaf;
  const sides = [0, 1].map((side) => entries.filter(({ path }) => bitOf(path, depth) === side));
  return sha256(`01${sides.map((side) => treeRoot(side, depth + 1)).join("")}`);
}

test.each(vectors.geneses.map((genesis) => [genesis.fields.chainName, genesis] as const))("%s", (_name, genesis) => {
  const { fields, encoded, block0 } = genesis;
  const accounts = fields.accounts.map(({ address, balance }) =>
    entryOf(`01${address.slice(2)}`, `${u64(balance)}${u64(0)}${u64(0)}00`),
  );
  const supply = fields.accounts.reduce((sum, { balance }) => sum + balance, 0);
  const stateRoot = treeRoot(supply === 0 ? accounts : [...accounts, entryOf("05", u64(supply))]);
  const target = (2n ** BigInt(HASH_BITS - 4 * fields.consensus.difficulty) - 1n).toString(16).padStart(64, "0");
  const header = [
    "01",
    sha256(encoded.slice(2)),
    u64(0),
    u64(fields.timestampMs),
    stateRoot,
    ZERO,
    "00000000",
    ZERO,
    ZERO,
    ZERO,
    "00".repeat(20),
    u64(0),
    "00000028",
    target,
    u64(0),
  ].join("");
  expect(block0).toEqual({ stateRoot: `0x${stateRoot}`, header: `0x${header}`, hash: `0x${sha256(header)}` });
  expect(header.length / 2).toBe(285);
});
