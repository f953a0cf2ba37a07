// What a transaction can know and change while it is executed.

import type { Address, Gas, Hash, Height, Refusal, TimestampMs } from "../primitives/index.ts";
import type { ChainParameters, StaticCheckCode } from "../protocol/index.ts";
import type { State } from "../state/index.ts";
import type { VirtualMachine } from "../vm/index.ts";

/** The block that transactions are executed for. */
export interface BlockContext {
  readonly height: Height;
  readonly timestampMs: TimestampMs;
  readonly proposer: Address;
  readonly parameters: ChainParameters;
  readonly genesisHash: Hash;
}

export interface ExecutionContext {
  readonly state: State;
  readonly block: BlockContext;
  readonly machine: VirtualMachine;
  /** Gas of the block that is still to be had. */
  readonly gasLeft: Gas;
  /** Bytes of new state that the block may still add. */
  readonly newStateBytesLeft: number;
}

/** Why a transaction can't be in the block at this place. A block that holds such a transaction is invalid. */
export type ExecutionCode =
  | StaticCheckCode
  | "not_yet_enabled"
  | "expired"
  | "gas_price_too_low"
  | "nonce_too_low"
  | "nonce_gap"
  | "insufficient_balance"
  | "block_gas_exhausted"
  | "block_state_exhausted";

export type ExecutionRefusal = Refusal<ExecutionCode>;
