// What each instruction costs in gas, of which one is about a nanosecond (docs/spec/metering.md, Costs). Consensus: a
// changed number is a new version of metering.

import { INSTRUCTIONS, OPCODE } from "../module/instructions.ts";

/** What an instruction costs that is not named here. */
const DEFAULT_GAS = 1;

const NAMED_GAS: ReadonlyMap<number, number> = new Map([
  [OPCODE.block, 0],
  [OPCODE.end, 0],
  [OPCODE.else, 0],
]);

/** Of entering a function, by call or from outside. */
export const ENTRY_GAS = 2;
/** Of entering a function, for each local that it declares. */
export const LOCAL_GAS = 1;
/** Of each page that the memory grows by. */
export const PAGE_GAS = 1000n;
/** Bytes that memory.copy and memory.fill handle for one gas, as a power of two. */
export const BYTES_PER_GAS_SHIFT = 3n;

/** Slots of 16 bytes that a frame takes beside its locals and operands. */
export const FRAME_SLOTS = 48;

const GAS_BY_OPCODE: ReadonlyMap<number, number> = new Map(
  INSTRUCTIONS.map(({ opcode }) => [opcode, NAMED_GAS.get(opcode) ?? DEFAULT_GAS]),
);

/** The gas of one instruction; what it costs by its operands is charged by the helper functions. */
export function instructionGas(opcode: number): number {
  return GAS_BY_OPCODE.get(opcode) ?? DEFAULT_GAS;
}
