// Whether this thread's native stack holds what the rules allow a contract to take of it. Where it does not, a deep
// recursion would end in the engine's own error in place of the metered trap, at another depth on each machine.

import { sha256 } from "../../crypto/index.ts";
import {
  type Address,
  bytesToHash,
  EMPTY_BYTES,
  type Height,
  type TimestampMs,
  ZERO_HASH,
} from "../../primitives/index.ts";
import { State } from "../../state/index.ts";
import { ExecutionFault } from "./stop.ts";
import type { VirtualMachine } from "./virtualMachine.ts";

/*
 * (import "env" "self_address" (func $self (param i32)))
 * (import "env" "call_contract" (func $call (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
 * (memory 1) (data (i32.const 32) "nest") (data (i32.const 40) "\ff\ff\ff\ff\ff\ff\ff\ff")
 * (func $deep call $deep)
 * (func (export "deep") call $deep)
 * (func (export "nest") ;; calls itself as deep as calls may be nested, and recurses there
 *   (call $self (i32.const 0))
 *   (if (i32.eq (call $call (i32.const 0) (i32.const 32) (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 48)
 *     (i32.const 40)) (i32.const 4)) (then call $deep)))
 * (func (export "allow_reentry"))
 */
const MODULE = Uint8Array.fromHex(
  "0061736d0100000001130360017f0060077f7f7f7f7f7f7f017f60000002280203656e760c73656c665f61646472657373000003656e760d" +
    "63616c6c5f636f6e74726163740001030504020202020503010001071f0304646565700003046e65737400040d616c6c6f775f7265656e74" +
    "727900050a2d04040010020b040010020b1e004100100041004120410441004100413041281001410446044010020b0b02000b0b17020041" +
    "200b046e6573740041280b08ffffffffffffffff",
);
const ORIGIN = `0x${"11".repeat(20)}` as Address;
const GAS_LIMIT = 1_000_000_000;
/** Calls of ours that a block's import may lie beneath. */
const OWN_DEPTH = 256;

/** Why contracts can't be run on this thread; undefined when they can. */
export function checkStack(machine: VirtualMachine): string | undefined {
  const state = new State({ stateValue: () => undefined });
  const block = { height: 0 as Height, timestampMs: 0 as TimestampMs, genesisHash: ZERO_HASH };
  const context = { state, block, origin: ORIGIN };
  const common = { args: EMPTY_BYTES, amount: 0, gasLimit: GAS_LIMIT };
  const codeHash = bytesToHash(sha256(MODULE));
  const deployed = machine.deploy(context, { ...common, creator: ORIGIN, nonce: 0, codeHash, code: MODULE });
  const call = (functionName: string) =>
    machine.call(context, { ...common, caller: ORIGIN, address: deployed.address, functionName }).reason;
  try {
    const [deep, nested] = beneath(OWN_DEPTH, () => [call("deep"), call("nest")]);
    if (deployed.reason === "none" && deep === "stackExhausted" && nested === "none") return undefined;
    return `a trial contract came to ${deployed.reason}, ${deep} and ${nested}`;
  } catch (error) {
    if (!(error instanceof ExecutionFault)) throw error;
    return error.message;
  }
}

function beneath<Value>(depth: number, run: () => Value): Value {
  const [value] = [depth === 0 ? run() : beneath(depth - 1, run)];
  return value;
}
