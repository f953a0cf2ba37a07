// What a contract keeps: values under keys of its own.

import { STORAGE_KEY_SIZE_BYTES_MAX, STORAGE_VALUE_SIZE_BYTES_MAX } from "../../limits.ts";
import type { Frame } from "../frame.ts";
import { ContractStop } from "../stop.ts";
import { type CurrentFrame, flag, type HostFunctions } from "./table.ts";

/** What a read of an absent value results in. */
const ABSENT = -1;

/** Its bytes can be read once they are paid for. */
function checkKey(frame: Frame, pointer: number, length: number): number {
  frame.checkRange(pointer, length);
  const sizeBytes = length >>> 0;
  if (sizeBytes > STORAGE_KEY_SIZE_BYTES_MAX) throw new ContractStop("limitExceeded");
  return sizeBytes;
}

export function storageFunctions(
  current: CurrentFrame,
): Pick<HostFunctions, "storage_read" | "storage_write" | "storage_remove"> {
  return {
    storage_read: (keyPointer: number, keyLength: number, out: number, capacity: number) => {
      const frame = current();
      const keySizeBytes = checkKey(frame, keyPointer, keyLength);
      frame.checkRange(out, capacity);
      frame.charge("storage_read", keySizeBytes);
      const value = frame.transaction.state.storage(frame.address, frame.read(keyPointer, keyLength));
      if (value === undefined) return ABSENT;
      // All of it has been read, however much of it there is room for.
      frame.chargeBytes("storage_read", value.length);
      frame.writePart(out, value, { start: 0, sizeBytes: Math.min(value.length, capacity >>> 0) });
      return value.length;
    },
    storage_write: (keyPointer: number, keyLength: number, valuePointer: number, valueLength: number) => {
      const frame = current();
      const keySizeBytes = checkKey(frame, keyPointer, keyLength);
      frame.checkRange(valuePointer, valueLength);
      const valueSizeBytes = valueLength >>> 0;
      if (valueSizeBytes > STORAGE_VALUE_SIZE_BYTES_MAX) throw new ContractStop("limitExceeded");
      frame.charge("storage_write", keySizeBytes + valueSizeBytes);
      const key = frame.read(keyPointer, keyLength);
      frame.transaction.state.setStorage(frame.address, key, frame.read(valuePointer, valueLength));
      return undefined;
    },
    storage_remove: (keyPointer: number, keyLength: number) => {
      const frame = current();
      frame.charge("storage_remove", checkKey(frame, keyPointer, keyLength));
      const { state } = frame.transaction;
      const key = frame.read(keyPointer, keyLength);
      const wasThere = state.storage(frame.address, key) !== undefined;
      if (wasThere) state.setStorage(frame.address, key, undefined);
      return flag(wasThere);
    },
  };
}
