// What every host function has in common: ranges at the edges of memory, and exact gas.

import { describe, expect, test } from "bun:test";
import { HOST_FUNCTIONS, type HostFunctionName } from "../../../../../src/core/vm/hostInterface.ts";
import { ContractFixture, entryGas, gasOf, HOST_EXPORTS } from "../../../../support/contractFixture.ts";
import { contract } from "../../../../support/wat.ts";

const SIZE = 65_536;
const CODE = contract(`(memory 1) ${HOST_EXPORTS}`);

/** Where a function's parameters name a range: the pointer, and the length or the parameter that has it. */
type Range = readonly [pointer: number, length: { readonly parameter: number } | number];

const RANGES: { readonly [Name in HostFunctionName]: readonly Range[] } = {
  input_size: [],
  input_read: [[0, { parameter: 2 }]],
  return_data: [[0, { parameter: 1 }]],
  revert: [[0, { parameter: 1 }]],
  caller: [[0, 20]],
  origin: [[0, 20]],
  self_address: [[0, 20]],
  attached_amount: [[0, 8]],
  block_height: [[0, 8]],
  block_timestamp: [[0, 8]],
  chain_id: [[0, 32]],
  gas_left: [[0, 8]],
  get_balance: [
    [0, 20],
    [1, 8],
  ],
  transfer: [
    [0, 20],
    [1, 8],
  ],
  storage_read: [
    [0, { parameter: 1 }],
    [2, { parameter: 3 }],
  ],
  storage_write: [
    [0, { parameter: 1 }],
    [2, { parameter: 3 }],
  ],
  storage_remove: [[0, { parameter: 1 }]],
  log: [[0, { parameter: 1 }]],
  event: [
    [0, 32],
    [2, { parameter: 3 }],
  ],
  sha256: [
    [0, { parameter: 1 }],
    [2, 32],
  ],
  keccak256: [
    [0, { parameter: 1 }],
    [2, 32],
  ],
  secp256k1_recover: [
    [0, 32],
    [1, 65],
    [2, 20],
  ],
  call_contract: [
    [0, 20],
    [1, { parameter: 2 }],
    [3, { parameter: 4 }],
    [5, 8],
    [6, 8],
  ],
  deploy_contract: [
    [0, 32],
    [1, { parameter: 2 }],
    [3, 8],
    [4, 8],
    [5, 20],
  ],
  returned_size: [],
  returned_read: [[0, { parameter: 2 }]],
  code_hash: [
    [0, 20],
    [1, 32],
  ],
};

const fixture = new ContractFixture();
const probe = fixture.install(CODE);

/** One topic for `event`, whose first range would otherwise be empty. */
const DEFAULTS: { readonly [Name in HostFunctionName]?: readonly number[] } = { event: [0, 1, 0, 0] };

function call(name: HostFunctionName, changes: Readonly<Record<number, number>>, gas?: number) {
  const { parameters } = HOST_FUNCTIONS[name];
  const values = Array.from({ length: parameters }, (_, index) => changes[index] ?? DEFAULTS[name]?.[index] ?? 0);
  return fixture.call(probe, name, `[${values.join(",")}]`, gas === undefined ? {} : { gas });
}

const CASES = Object.entries(RANGES).flatMap(([name, ranges]) =>
  ranges.map(([pointer, length]) => [name as HostFunctionName, pointer, length] as const),
);

describe("a range lies in the contract's memory to its last byte", () => {
  test.each(CASES)("%s, parameter %i", (name, pointer, length) => {
    const at = (start: number, sizeBytes: number) =>
      call(
        name,
        typeof length === "number" ? { [pointer]: start } : { [pointer]: start, [length.parameter]: sizeBytes },
      ).reason;
    // Nothing has been returned, so there is nothing to read.
    const size = typeof length === "number" ? length : name === "returned_read" ? 0 : 1;
    expect(at(SIZE - size, size)).not.toBe("hostRange");
    expect(at(SIZE - size + 1, size)).toBe("hostRange");
    expect(at(-1, size)).toBe("hostRange");
    expect(at(-(2 ** 31), size)).toBe("hostRange");
    if (typeof length === "number") return;
    expect(at(0, -1)).toBe("hostRange");
    expect(at(-1, -1)).toBe("hostRange");
    expect(at(1, SIZE)).toBe("hostRange");
    expect(at(SIZE, 0)).not.toBe("hostRange");
    expect(at(SIZE + 1, 0)).toBe("hostRange");
    expect(at(-1, 0)).toBe("hostRange");
  });
});

describe("gas is exact: what was used is enough, and one less is not", () => {
  const names = Object.keys(HOST_FUNCTIONS) as HostFunctionName[];

  test.each(names)("%s costs its base", (name) => {
    const args = { name, args: `[${Array.from({ length: HOST_FUNCTIONS[name].parameters }, () => 0)}]` };
    const { base } = HOST_FUNCTIONS[name];
    const receipt = fixture.call(probe, name, args.args);
    expect(gasOf(receipt, args)).toBe(entryGas(CODE, { pages: 1 }) + base);
    const exact = fixture.call(probe, name, args.args, { gas: gasOf(receipt, args) });
    expect(exact).toEqual(receipt);
    const short = fixture.call(probe, name, args.args, { gas: gasOf(receipt, args) - 1 });
    expect(short).toMatchObject({ outcome: "outOfGas", reason: "outOfGas" });
    expect(gasOf(short, args)).toBe(gasOf(receipt, args) - 1);
  });

  test.each([
    ["input_read", [0, 0, 7], 1],
    ["return_data", [0, 100], 40],
    ["revert", [0, 100], 40],
    ["storage_write", [0, 5, 0, 7], 40],
    ["storage_remove", [0, 5], 1],
    ["storage_read", [0, 5, 0, 7], 1],
    ["log", [0, 100], 40],
    ["event", [0, 2, 0, 36], 40],
    ["sha256", [0, 100, 0], 1],
    ["keccak256", [0, 100, 0], 4],
  ] as const)("%s costs by its bytes: %p, %p each", (name, values, perByte) => {
    const args = `[${values.join(",")}]`;
    // What is read has been written before: 5 bytes of key and 7 of value.
    if (name === "storage_read") fixture.call(probe, "storage_write", "[0,5,0,7]");
    if (name === "storage_remove") fixture.call(probe, "storage_remove", "[0,5]");
    const sizeBytes = { input_read: 7, storage_write: 12, storage_remove: 5, storage_read: 12 }[name as string] ?? 100;
    const receipt = fixture.call(probe, name, args);
    const expected = entryGas(CODE, { pages: 1 }) + HOST_FUNCTIONS[name].base + perByte * sizeBytes;
    expect(gasOf(receipt, { name, args })).toBe(expected);
    expect(fixture.call(probe, name, args, { gas: expected - 1 }).outcome).toBe("outOfGas");
  });
});
