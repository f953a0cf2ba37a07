// Other contracts: calling them, deploying them, and what code an account has.

import { ADDRESS_SIZE_BYTES, bytesToUtf8, HASH_SIZE_BYTES, hexToBytes, type Nonce } from "../../../primitives/index.ts";
import { ARGS_SIZE_BYTES_MAX, type Reason } from "../../../protocol/index.ts";
import { EXPORT_NAME_SIZE_BYTES_MAX } from "../../limits.ts";
import { type Frame, U64_SIZE_BYTES } from "../frame.ts";
import type { CallResult } from "../running.ts";
import { ContractStop } from "../stop.ts";
import { type CurrentFrame, flag, type HostFunctions } from "./table.ts";

const STATUS = { success: 0, revert: 1, outOfGas: 2, failed: 3, notBegun: 4 } as const;

/** None of the other contract's code has run. */
const NOT_BEGUN: ReadonlySet<Reason> = new Set<Reason>([
  "noContract",
  "noFunction",
  "badArguments",
  "depthExceeded",
  "reentrancy",
  "memoryLimit",
  "insufficientBalance",
  "invalidModule",
  "addressTaken",
]);

function statusOf(reason: Reason): number {
  if (reason === "none") return STATUS.success;
  if (reason === "revert") return STATUS.revert;
  if (reason === "outOfGas") return STATUS.outOfGas;
  return NOT_BEGUN.has(reason) ? STATUS.notBegun : STATUS.failed;
}

interface Text {
  readonly pointer: number;
  readonly length: number;
  readonly sizeBytesMax: number;
}

/** Checks ranges and lengths of what a call takes, and charges for it. */
function take(
  frame: Frame,
  name: "call_contract" | "deploy_contract",
  options: { texts: readonly Text[]; numbers: readonly number[] },
): void {
  for (const pointer of options.numbers) frame.checkRange(pointer, U64_SIZE_BYTES);
  let sizeBytes = 0;
  for (const { pointer, length, sizeBytesMax } of options.texts) {
    frame.checkRange(pointer, length);
    if (length >>> 0 > sizeBytesMax) throw new ContractStop("limitExceeded");
    sizeBytes += length >>> 0;
  }
  frame.charge(name, sizeBytes);
}

/** Runs another contract within a part of this one's gas. */
function delegate<Result extends CallResult>(
  frame: Frame,
  gasPointer: number,
  run: (gasLimit: number) => Result,
): { readonly status: number; readonly result: Result } {
  const gasLimit = Math.min(frame.readU64(gasPointer), frame.gas());
  const result = run(gasLimit);
  frame.chargeGas(gasLimit - result.gasLeft);
  frame.returned = result.returnData;
  return { status: statusOf(result.reason), result };
}

function callContract(
  frame: Frame,
  pointers: {
    address: number;
    functionName: { pointer: number; length: number };
    args: { pointer: number; length: number };
    amount: number;
    gas: number;
  },
): number {
  const { address, functionName, args, amount, gas } = pointers;
  frame.checkRange(address, ADDRESS_SIZE_BYTES);
  const texts = [
    { ...functionName, sizeBytesMax: EXPORT_NAME_SIZE_BYTES_MAX },
    { ...args, sizeBytesMax: ARGS_SIZE_BYTES_MAX },
  ];
  take(frame, "call_contract", { texts, numbers: [amount, gas] });
  const { status } = delegate(frame, gas, (gasLimit) =>
    frame.transaction.call({
      caller: frame.address,
      address: frame.readAddress(address),
      functionName: bytesToUtf8(frame.read(functionName.pointer, functionName.length)),
      args: frame.read(args.pointer, args.length),
      amount: frame.readU64(amount),
      gasLimit,
    }),
  );
  return status;
}

function deployContract(
  frame: Frame,
  pointers: { codeHash: number; args: { pointer: number; length: number }; amount: number; gas: number; out: number },
): number {
  const { codeHash, args, amount, gas, out } = pointers;
  frame.checkRange(codeHash, HASH_SIZE_BYTES);
  frame.checkRange(out, ADDRESS_SIZE_BYTES);
  const texts = [{ ...args, sizeBytesMax: ARGS_SIZE_BYTES_MAX }];
  take(frame, "deploy_contract", { texts, numbers: [amount, gas] });
  const { state } = frame.transaction;
  const own = state.account(frame.address);
  // Counted up whatever becomes of the deployment, so that no address is tried twice.
  state.setAccount(frame.address, { ...own, nonce: (own.nonce + 1) as Nonce });
  const { status, result } = delegate(frame, gas, (gasLimit) =>
    frame.transaction.deploy({
      creator: frame.address,
      nonce: own.nonce,
      codeHash: frame.readHash(codeHash),
      code: undefined,
      args: frame.read(args.pointer, args.length),
      amount: frame.readU64(amount),
      gasLimit,
    }),
  );
  if (status === STATUS.success) frame.write(out, hexToBytes(result.address));
  return status;
}

export function contractFunctions(
  current: CurrentFrame,
): Pick<HostFunctions, "call_contract" | "deploy_contract" | "code_hash"> {
  return {
    call_contract: (
      address: number,
      functionPointer: number,
      functionLength: number,
      argsPointer: number,
      argsLength: number,
      amount: number,
      gas: number,
    ) =>
      callContract(current(), {
        address,
        functionName: { pointer: functionPointer, length: functionLength },
        args: { pointer: argsPointer, length: argsLength },
        amount,
        gas,
      }),
    deploy_contract: (
      codeHash: number,
      argsPointer: number,
      argsLength: number,
      amount: number,
      gas: number,
      out: number,
    ) =>
      deployContract(current(), {
        codeHash,
        args: { pointer: argsPointer, length: argsLength },
        amount,
        gas,
        out,
      }),
    code_hash: (address: number, out: number) => {
      const frame = current();
      frame.checkRange(address, ADDRESS_SIZE_BYTES);
      frame.checkRange(out, HASH_SIZE_BYTES);
      frame.charge("code_hash");
      const { codeHash } = frame.transaction.state.account(frame.readAddress(address));
      if (codeHash !== undefined) frame.write(out, hexToBytes(codeHash));
      return flag(codeHash !== undefined);
    },
  };
}
