// Checks and costs that deploy and call share: both carry text that a contract reads.

import { type Gas, type Refusal, utf8SizeBytes } from "../../primitives/index.ts";
import { DATA_GAS_PER_BYTE, TRANSACTION_GAS } from "../gas.ts";
import type { StaticCheckCode } from "./kind.ts";

export function dataGas(sizeBytes: number): Gas {
  return (TRANSACTION_GAS + DATA_GAS_PER_BYTE * sizeBytes) as Gas;
}

/** Refuses text that has no UTF-8 form or is longer than `sizeBytesMax`. */
export function checkText(options: {
  name: string;
  text: string;
  sizeBytesMax: number;
}): Refusal<StaticCheckCode> | undefined {
  const { name, text, sizeBytesMax } = options;
  const sizeBytes = utf8SizeBytes(text);
  if (sizeBytes === undefined) {
    return { code: "invalid_transaction", message: `${name} holds a lone surrogate, which has no UTF-8 form` };
  }
  if (sizeBytes > sizeBytesMax) {
    return {
      code: "invalid_transaction",
      message: `${name} has ${sizeBytes} bytes; at most ${sizeBytesMax} are allowed`,
      details: { sizeBytes, sizeBytesMax },
    };
  }
  return undefined;
}
