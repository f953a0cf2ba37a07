// How value types are encoded.

import type { ValueType } from "../module/types.ts";

export const VALUE_TYPE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };
