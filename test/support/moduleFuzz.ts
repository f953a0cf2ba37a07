// Spoils valid modules at random places, from a seed, and holds the validator to the engine's: it never throws, and accepts
// nothing that the engine refuses.

import { decodeAndValidate } from "../../src/core/vm/index.ts";
import { INSTRUCTIONS, PREFIX } from "../../src/core/vm/module/instructions.ts";
import { createRandom } from "./random.ts";
import { readSuiteRuns, SUITE_IMPORTS } from "./wasmSuite.ts";
import { integerBelow, type Random } from "./wireMutator.ts";

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Bytes that mean much in the format: opcodes, types, and ends of LEB128. */
const TELLING = [
  ...[0x00, 0x01, 0x02, 0x7e, 0x7f, 0x80, 0xff, 0x40, 0x60, 0x70, 0x0b],
  ...INSTRUCTIONS.map(({ opcode }) => (opcode > 0xff ? PREFIX : opcode)),
];
const PIECE_BYTES_MAX = 12;
const MUTATIONS_OF_ONE_MAX = 3;

function changeAt(bytes: Uint8Array, random: Random, value: (old: number) => number): Uint8Array {
  const at = integerBelow(random, bytes.length);
  const changed = bytes.slice();
  changed[at] = value(bytes[at] as number);
  return changed;
}

function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

function piece(bytes: Uint8Array, random: Random): Uint8Array {
  const at = integerBelow(random, bytes.length);
  return bytes.subarray(at, at + 1 + integerBelow(random, PIECE_BYTES_MAX));
}

const flipBit: Mutation = (bytes, random) => changeAt(bytes, random, (old) => old ^ (1 << integerBelow(random, 8)));
const step: Mutation = (bytes, random) => changeAt(bytes, random, (old) => old + (random() < 0.5 ? 1 : -1));
const anyByte: Mutation = (bytes, random) => changeAt(bytes, random, () => integerBelow(random, 256));
const tellingByte: Mutation = (bytes, random) =>
  changeAt(bytes, random, () => TELLING[integerBelow(random, TELLING.length)] as number);
const remove: Mutation = (bytes, random) => {
  const at = integerBelow(random, bytes.length);
  return splice(bytes, at, 1 + integerBelow(random, PIECE_BYTES_MAX), new Uint8Array(0));
};
const insert: Mutation = (bytes, random, other) =>
  splice(bytes, integerBelow(random, bytes.length), 0, piece(other, random));
const replace: Mutation = (bytes, random, other) => {
  const added = piece(other, random);
  return splice(bytes, integerBelow(random, bytes.length), added.length, added);
};
const cut: Mutation = (bytes, random) => bytes.slice(0, integerBelow(random, bytes.length));

// Those that keep all lengths as they are lead deepest, so they are named more often.
const MUTATIONS: readonly Mutation[] = [
  ...[flipBit, flipBit, step, step, anyByte, tellingByte, tellingByte, tellingByte, replace, replace],
  ...[remove, insert, cut],
];

export interface FuzzReport {
  readonly mutations: number;
  readonly accepted: number;
  /** Refusals by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Refused as malformed or invalid here, accepted by the engine, which knows more of WebAssembly: by message. */
  readonly stricter: ReadonlyMap<string, number>;
  /** What broke a rule, with the module in base64. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
}

/** Modules that contracts could be, of every kind of instruction. */
function samples(): readonly Uint8Array[] {
  return readSuiteRuns().flatMap(({ modules }) => modules.map(({ wasm }) => Uint8Array.fromBase64(wasm)));
}

export function fuzzModules(options: { seed: number; mutations: number }): FuzzReport {
  const random = createRandom(options.seed);
  const seeds = samples();
  const pick = () => seeds[integerBelow(random, seeds.length)] as Uint8Array;
  const refused: Record<string, number> = {};
  const stricter = new Map<string, number>();
  const faults: string[] = [];
  let accepted = 0;
  let slowestMs = 0;
  for (let done = 0; done < options.mutations; done++) {
    let bytes = pick();
    for (let left = 1 + integerBelow(random, MUTATIONS_OF_ONE_MAX); left > 0 && bytes.length > 0; left--) {
      const mutation = MUTATIONS[integerBelow(random, MUTATIONS.length)] as Mutation;
      bytes = mutation(bytes, random, pick());
    }
    const startMs = performance.now();
    let result: ReturnType<typeof decodeAndValidate>;
    try {
      result = decodeAndValidate(bytes, SUITE_IMPORTS);
    } catch (error) {
      faults.push(`threw ${error}: ${Buffer.from(bytes).toString("base64")}`);
      continue;
    }
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    const isValid = WebAssembly.validate(Buffer.from(bytes));
    if (result.ok) {
      accepted++;
      if (!isValid) faults.push(`accepted what the engine refuses: ${Buffer.from(bytes).toString("base64")}`);
      continue;
    }
    const { code, message } = result.refusal;
    refused[code] = (refused[code] ?? 0) + 1;
    if (!isValid || (code !== "malformed_module" && code !== "invalid_module")) continue;
    const kind = message.replace(/,? at byte .*/, "").replace(/\d+/g, "N");
    stricter.set(kind, (stricter.get(kind) ?? 0) + 1);
  }
  return { mutations: options.mutations, accepted, refused, stricter, faults, slowestMs };
}
