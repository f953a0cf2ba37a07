// One running call of a contract: its instance, its memory, and what its host functions do in its name.

import type { WasmRuntime, WasmValue } from "../../ports/index.ts";
import {
  ADDRESS_SIZE_BYTES,
  type Address,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  EMPTY_BYTES,
  type Gas,
  HASH_SIZE_BYTES,
  type Hash,
} from "../../primitives/index.ts";
import type { Reason } from "../../protocol/index.ts";
import { HOST_FUNCTIONS, type HostFunctionName } from "../hostInterface.ts";
import type { Instance } from "./instance.ts";
import type { ExportedFunction, LoadedModule } from "./modules.ts";
import { formatResult } from "./numericArguments.ts";
import type { RunningTransaction } from "./running.ts";
import { ContractStop, ExecutionFault } from "./stop.ts";

const TWO_TO_32 = 2 ** 32;
export const U64_SIZE_BYTES = 8;

export interface FrameOptions {
  readonly transaction: RunningTransaction;
  readonly runtime: WasmRuntime;
  /** Its memory is as the module declares it. */
  readonly instance: Instance;
  readonly address: Address;
  readonly caller: Address;
  readonly amount: number;
  /** The bytes that the contract reads. */
  readonly input: Bytes;
  readonly gasLimit: number;
  readonly stackSlots: number;
  readonly pagesMax: number;
}

export class Frame {
  readonly transaction: RunningTransaction;
  readonly module: LoadedModule;
  readonly address: Address;
  readonly caller: Address;
  readonly amount: number;
  readonly input: Bytes;
  /** What the last call to another contract returned, or reverted with. */
  returned: Bytes = EMPTY_BYTES;
  private returnData: Bytes | undefined;
  private readonly options: FrameOptions;
  private readonly instance: Instance;

  constructor(options: FrameOptions) {
    this.options = options;
    this.transaction = options.transaction;
    this.instance = options.instance;
    this.module = options.instance.module;
    this.address = options.address;
    this.caller = options.caller;
    this.amount = options.amount;
    this.input = options.input;
  }

  /**
   * Runs the start function, `_start`, and `target`.
   * @throws what is not the contract's doing
   */
  run(target: ExportedFunction | undefined, inputs: readonly WasmValue[]): CallEnd {
    try {
      const { instance } = this;
      const { gasLimit: gas, stackSlots, pagesMax } = this.options;
      instance.enter({ gas, stackSlots, pagesMax });
      instance.start();
      const start = this.module.functions.get("_start");
      if (start !== undefined && start.type.parameters.length + start.type.results.length === 0) {
        instance.functionOf(start)();
      }
      const result = target && instance.functionOf(target)(...inputs);
      if (result !== undefined) this.returnData ??= formatResult(result);
      return { reason: "none", gasLeft: this.gasLeft(), returnData: this.returnData ?? EMPTY_BYTES };
    } catch (error) {
      if (error instanceof ContractStop) {
        const gasLeft = error.reason === "outOfGas" ? 0 : this.gasLeft();
        return { reason: error.reason, gasLeft: gasLeft as Gas, returnData: error.data };
      }
      if (this.options.runtime.errorKind(error) !== "trap") throw error;
      return { ...this.explainTrap(), returnData: EMPTY_BYTES };
    }
  }

  private explainTrap(): Pick<CallEnd, "reason" | "gasLeft"> {
    if (this.instance.isFaulty()) throw new ExecutionFault("the engine has no pages for a contract's memory");
    const gas = this.gas();
    if (gas < 0) return { reason: "outOfGas", gasLeft: 0 as Gas };
    return { reason: this.stackSlotsLeft() < 0 ? "stackExhausted" : "trap", gasLeft: gas as Gas };
  }

  /** Below zero once there was not enough. */
  gas(): number {
    return this.instance.gas();
  }

  private gasLeft(): Gas {
    return this.gas() as Gas;
  }

  stackSlotsLeft(): number {
    return this.instance.stackSlots();
  }

  /** Pages that the memory has now. */
  pages(): number {
    return this.instance.pages();
  }

  /** Takes what a host function costs that handles so many bytes, before it acts. */
  charge(name: HostFunctionName, sizeBytes = 0): void {
    const { base, perByte } = HOST_FUNCTIONS[name];
    this.chargeGas(base + perByte * sizeBytes);
  }

  /** Takes what the bytes cost that a host function has come upon, beside its base. */
  chargeBytes(name: HostFunctionName, sizeBytes: number): void {
    this.chargeGas(HOST_FUNCTIONS[name].perByte * sizeBytes);
  }

  chargeGas(gas: number): void {
    if (!this.instance.charge(gas)) throw new ContractStop("outOfGas");
  }

  /** Stops the contract when a range does not lie in its memory. Pointers and lengths are unsigned. */
  checkRange(pointer: number, sizeBytes: number): void {
    if ((pointer >>> 0) + (sizeBytes >>> 0) > this.instance.bytes().length) throw new ContractStop("hostRange");
  }

  /** A copy of a range that has been checked. */
  read(pointer: number, sizeBytes: number): Bytes {
    const start = pointer >>> 0;
    return this.instance.bytes().slice(start, start + (sizeBytes >>> 0));
  }

  /** Writes to a range that has been checked. */
  write(pointer: number, bytes: Bytes): void {
    this.instance.bytes().set(bytes, pointer >>> 0);
  }

  /** Writes a part that `bytes` has to a range that has been checked. A view of it would cost more than a short copy does. */
  writePart(pointer: number, bytes: Bytes, part: { start: number; sizeBytes: number }): void {
    const { start, sizeBytes } = part;
    const isWhole = sizeBytes === bytes.length;
    this.write(pointer, isWhole ? bytes : bytes.subarray(start, start + sizeBytes));
  }

  readAddress(pointer: number): Address {
    return bytesToAddress(this.read(pointer, ADDRESS_SIZE_BYTES));
  }

  readHash(pointer: number): Hash {
    return bytesToHash(this.read(pointer, HASH_SIZE_BYTES));
  }

  /** Eight bytes, little-endian; infinite when they pass 2^53-1, which is more than there is of anything. */
  readU64(pointer: number): number {
    const view = new DataView(this.instance.bytes().buffer, pointer >>> 0, U64_SIZE_BYTES);
    const value = view.getUint32(4, true) * TWO_TO_32 + view.getUint32(0, true);
    return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
  }

  writeU64(pointer: number, value: number): void {
    const view = new DataView(this.instance.bytes().buffer, pointer >>> 0, U64_SIZE_BYTES);
    view.setUint32(0, value % TWO_TO_32, true);
    view.setUint32(4, Math.floor(value / TWO_TO_32), true);
  }

  setReturnData(data: Bytes): void {
    this.returnData = data;
  }
}

export interface CallEnd {
  readonly reason: Reason;
  readonly gasLeft: Gas;
  readonly returnData: Bytes;
}
