// What a contract was asked, and what it answers.

import { RETURN_DATA_SIZE_BYTES_MAX } from "../../../protocol/index.ts";
import type { Frame } from "../frame.ts";
import { ContractStop } from "../stop.ts";
import type { CurrentFrame, HostFunctions } from "./table.ts";

type Group = Pick<
  HostFunctions,
  "input_size" | "input_read" | "return_data" | "revert" | "returned_size" | "returned_read"
>;

/** Copies a part of bytes that the host holds; a part that is not there stops the contract. */
function copyPart(
  frame: Frame,
  name: "input_read" | "returned_read",
  part: { pointer: number; offset: number; length: number },
): undefined {
  const { pointer, length } = part;
  const bytes = name === "input_read" ? frame.input : frame.returned;
  const [start, sizeBytes] = [part.offset >>> 0, length >>> 0];
  frame.checkRange(pointer, length);
  if (start + sizeBytes > bytes.length) throw new ContractStop("hostRange");
  frame.charge(name, sizeBytes);
  frame.writePart(pointer, bytes, { start, sizeBytes });
}

/** The bytes that a contract answers with. */
function readAnswer(frame: Frame, name: "return_data" | "revert", pointer: number, length: number) {
  const sizeBytes = length >>> 0;
  frame.checkRange(pointer, length);
  if (sizeBytes > RETURN_DATA_SIZE_BYTES_MAX) throw new ContractStop("limitExceeded");
  frame.charge(name, sizeBytes);
  return frame.read(pointer, length);
}

export function inputFunctions(current: CurrentFrame): Group {
  return {
    input_size: () => {
      const frame = current();
      frame.charge("input_size");
      return frame.input.length;
    },
    input_read: (pointer: number, offset: number, length: number) =>
      copyPart(current(), "input_read", { pointer, offset, length }),
    return_data: (pointer: number, length: number) => {
      const frame = current();
      frame.setReturnData(readAnswer(frame, "return_data", pointer, length));
      return undefined;
    },
    revert: (pointer: number, length: number) => {
      throw new ContractStop("revert", readAnswer(current(), "revert", pointer, length));
    },
    returned_size: () => {
      const frame = current();
      frame.charge("returned_size");
      return frame.returned.length;
    },
    returned_read: (pointer: number, offset: number, length: number) =>
      copyPart(current(), "returned_read", { pointer, offset, length }),
  };
}
