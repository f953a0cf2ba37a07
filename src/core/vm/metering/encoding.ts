// Bytes of the binary format that metering writes (WebAssembly Core Specification 2.0, section 5.3).

import type { ValueType } from "../module/types.ts";

export const VALUE_TYPE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };
export const FUNCTION_TYPE_BYTE = 0x60;
export const FUNCREF_BYTE = 0x70;
/** The type of a block without parameters and results. */
export const EMPTY_BLOCK_BYTE = 0x40;
