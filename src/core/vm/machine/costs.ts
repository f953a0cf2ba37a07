// What entering a contract costs before its code runs (docs/spec/gas.md, Contracts). The same whether this node has the
// module at hand or not.

import type { LoadedModule } from "./modules.ts";

/** Reading the account, an instance, its end. */
const CALL_GAS = 20_000;
/** For each byte of the module as it was deployed: a node that has not run it lately has to compile it again. */
const CALL_GAS_PER_CODE_BYTE = 20;
/** For each page that the memory begins with: it is zeroed afterwards. */
const CALL_GAS_PER_PAGE = 6_000;
/** Bytes of data segments that are copied for one gas. */
const DATA_BYTES_PER_GAS = 8;

/** For each storage slot that the transaction has found and that is gone at its end. */
export const REFUND_GAS_PER_SLOT = 15_000;
/** At most this part of what a transaction used is given back. */
export const REFUND_DIVISOR = 5;

/** What is charged before the module is loaded. */
export function loadGas(codeSizeBytes: number): number {
  return CALL_GAS + CALL_GAS_PER_CODE_BYTE * codeSizeBytes;
}

/** What is charged before it is instantiated. */
export function instanceGas({ pagesMin, dataSizeBytes }: LoadedModule): number {
  return CALL_GAS_PER_PAGE * pagesMin + Math.ceil(dataSizeBytes / DATA_BYTES_PER_GAS);
}
