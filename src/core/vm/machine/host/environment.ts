// Who asks, and where.

import { ADDRESS_SIZE_BYTES, type Bytes, HASH_SIZE_BYTES, hexToBytes } from "../../../primitives/index.ts";
import { type Frame, U64_SIZE_BYTES } from "../frame.ts";
import type { CurrentFrame, HostFunctions } from "./table.ts";

type BytesName = "caller" | "origin" | "self_address" | "chain_id";
type NumberName = "attached_amount" | "block_height" | "block_timestamp" | "gas_left";

function bytesFunction(current: CurrentFrame, name: BytesName, sizeBytes: number, read: (frame: Frame) => Bytes) {
  return (pointer: number): undefined => {
    const frame = current();
    frame.checkRange(pointer, sizeBytes);
    frame.charge(name);
    frame.write(pointer, read(frame));
  };
}

function numberFunction(current: CurrentFrame, name: NumberName, read: (frame: Frame) => number) {
  return (pointer: number): undefined => {
    const frame = current();
    frame.checkRange(pointer, U64_SIZE_BYTES);
    frame.charge(name);
    frame.writeU64(pointer, read(frame));
  };
}

export function environmentFunctions(current: CurrentFrame): Pick<HostFunctions, BytesName | NumberName> {
  const address = (name: BytesName, read: (frame: Frame) => string) =>
    bytesFunction(current, name, ADDRESS_SIZE_BYTES, (frame) => hexToBytes(read(frame)));
  return {
    caller: address("caller", (frame) => frame.caller),
    origin: address("origin", (frame) => frame.transaction.origin),
    self_address: address("self_address", (frame) => frame.address),
    attached_amount: numberFunction(current, "attached_amount", (frame) => frame.amount),
    block_height: numberFunction(current, "block_height", (frame) => frame.transaction.block.height),
    block_timestamp: numberFunction(current, "block_timestamp", (frame) => frame.transaction.block.timestampMs),
    chain_id: bytesFunction(current, "chain_id", HASH_SIZE_BYTES, ({ transaction }) =>
      hexToBytes(transaction.block.genesisHash),
    ),
    // What is left once this call is paid.
    gas_left: numberFunction(current, "gas_left", (frame) => frame.gas()),
  };
}
