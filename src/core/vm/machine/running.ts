// What a contract's code can reach of the transaction that runs it: the seam between host functions and the machine.

import type { Address, Bytes, Gas, Hash, Height, TimestampMs } from "../../primitives/index.ts";
import type { ContractEvent, ContractLog, Reason } from "../../protocol/index.ts";
import type { State } from "../../state/index.ts";

/** The block that a contract runs in, as far as it can see it. */
export interface BlockEnvironment {
  readonly height: Height;
  readonly timestampMs: TimestampMs;
  readonly genesisHash: Hash;
}

export interface CallRequest {
  readonly caller: Address;
  readonly address: Address;
  /** Undefined when what was asked for is no text, and so no name of any export. */
  readonly functionName: string | undefined;
  readonly args: Bytes;
  /** Goes from the caller to the contract. Larger than any balance when it passes 2^53-1. */
  readonly amount: number;
  readonly gasLimit: number;
}

export interface DeployRequest {
  readonly creator: Address;
  readonly nonce: number;
  readonly codeHash: Hash;
  /** Undefined for a module that has to be in the state. */
  readonly code: Bytes | undefined;
  readonly args: Bytes;
  readonly amount: number;
  readonly gasLimit: number;
}

export interface CallResult {
  readonly reason: Reason;
  readonly gasLeft: Gas;
  /** What was returned, or reverted with; empty after any other failure. */
  readonly returnData: Bytes;
}

export interface RunningTransaction {
  readonly state: State;
  readonly block: BlockEnvironment;
  readonly origin: Address;
  readonly events: ContractEvent[];
  /** Of all calls, also of those that failed. */
  readonly logs: ContractLog[];
  call(request: CallRequest): CallResult;
  deploy(request: DeployRequest): CallResult & { readonly address: Address };
}
