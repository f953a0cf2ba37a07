// A state in memory, a few accounts, and contracts on it: what tests of the machine and of execution deploy and call.

import { applyTransaction } from "../../src/core/execution/applyTransaction.ts";
import type { ExecutionCode } from "../../src/core/execution/context.ts";
import {
  type Address,
  type Amount,
  type Bytes,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  hexToBytes,
  type Nonce,
  type Result,
  type TimestampMs,
} from "../../src/core/primitives/index.ts";
import {
  type Call,
  type ChainParameters,
  contractAddress,
  DEFAULT_PARAMETERS,
  type Deploy,
  kindOf,
  type Receipt,
  type Transaction,
} from "../../src/core/protocol/index.ts";
import { EMPTY_ACCOUNT, State } from "../../src/core/state/index.ts";
import { HOST_FUNCTIONS } from "../../src/core/vm/hostInterface.ts";
import type { VirtualMachine } from "../../src/core/vm/index.ts";
import { createTestMachine } from "./machine.ts";

export const ANNE = `0x${"aa".repeat(20)}` as Address;
export const BERT = `0x${"bb".repeat(20)}` as Address;
export const GENESIS_HASH = `0x${"9e".repeat(32)}` as Hash;
export const HEIGHT = 7;
export const TIMESTAMP_MS = 1_700_000_000_123;
export const BALANCE = 1_000_000;
/** Beside what the bytes of a transaction cost. */
export const GAS = 100_000_000;

export interface CallOptions {
  readonly from?: Address;
  readonly amount?: number;
  /** Beside what the bytes of the transaction cost. */
  readonly gas?: number;
  readonly gasPrice?: number;
}

const base = { nonce: 0 as Nonce, gasLimit: 0 as Gas, gasPrice: 0 as GasPrice, expiry: 0 as Height };

export function text(bytes: Bytes): string {
  return new TextDecoder().decode(bytes);
}

export class ContractFixture {
  readonly state: State;
  readonly machine: VirtualMachine;
  private readonly parameters: ChainParameters;

  constructor(options: { state?: State; machine?: VirtualMachine; parameters?: Partial<ChainParameters> } = {}) {
    this.machine = options.machine ?? createTestMachine();
    this.state = options.state ?? new State({ stateValue: () => undefined });
    this.parameters = { ...DEFAULT_PARAMETERS, ...options.parameters };
    if (options.state !== undefined) return;
    for (const address of [ANNE, BERT]) this.fund(address, BALANCE);
  }

  fund(address: Address, balance: number): void {
    this.state.setAccount(address, { ...EMPTY_ACCOUNT, balance: balance as Amount });
  }

  balance(address: Address): number {
    return this.state.account(address).balance;
  }

  apply(transaction: Transaction): Result<Receipt, ExecutionCode> {
    return applyTransaction(transaction, {
      state: this.state,
      machine: this.machine,
      block: {
        height: HEIGHT as Height,
        timestampMs: TIMESTAMP_MS as TimestampMs,
        proposer: BERT,
        parameters: this.parameters,
        genesisHash: GENESIS_HASH,
      },
      gasLeft: this.parameters.blockGasLimit,
      newStateBytesLeft: this.parameters.newStateBytesMax,
    });
  }

  private send(draft: Call | Deploy, { gas = GAS, gasPrice = 0 }: CallOptions): Receipt {
    const intrinsic = kindOf(draft).intrinsicGas(draft);
    const { nonce } = this.state.account(draft.from);
    const result = this.apply({
      ...draft,
      nonce,
      gasLimit: (intrinsic + gas) as Gas,
      gasPrice: gasPrice as GasPrice,
    });
    if (!result.ok) throw new RangeError(`${result.refusal.code}: ${result.refusal.message}`);
    return result.value;
  }

  deploy(code: Bytes, options: CallOptions & { args?: string } = {}): { receipt: Receipt; address: Address } {
    const { from = ANNE, amount = 0, args = "" } = options;
    const address = contractAddress({ creator: from, nonce: this.state.account(from).nonce });
    const draft: Deploy = { ...base, type: "deploy", from, amount: amount as Amount, code, args };
    return { receipt: this.send(draft, options), address };
  }

  /** Deploys what has to succeed. */
  install(code: Bytes, options: CallOptions & { args?: string } = {}): Address {
    const { receipt, address } = this.deploy(code, options);
    if (receipt.reason !== "none") throw new RangeError(`the contract came to ${receipt.reason}`);
    return address;
  }

  call(address: Address, name: string, args = "", options: CallOptions = {}): Receipt {
    const { from = ANNE, amount = 0 } = options;
    const draft: Call = { ...base, type: "call", from, to: address, amount: amount as Amount, function: name, args };
    return this.send(draft, options);
  }
}

/** What a call uses beside what the bytes of its transaction cost; before refunds. */
export function gasOf(receipt: Receipt, draft: { name: string; args?: string }): number {
  return receipt.gasUsed + receipt.gasRefunded - callIntrinsicGas(draft);
}

/** Of ASCII. */
export function callIntrinsicGas(draft: { name: string; args?: string }): number {
  return 100_000 + 40 * (draft.name.length + (draft.args ?? "").length);
}

/** An export of each host function, which a call reaches with nothing of the contract's own in between. */
export const HOST_EXPORTS = Object.keys(HOST_FUNCTIONS)
  .map((name) => `(export "${name}" (func $${name}))`)
  .join("\n");

/** What entering a contract costs, and no more. */
export function entryGas(code: Bytes, fields: { pages: number; dataSizeBytes?: number }): number {
  return 20_000 + 20 * code.length + 6_000 * fields.pages + Math.ceil((fields.dataSizeBytes ?? 0) / 8);
}

export function u64(value: number | bigint): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return escaped(bytes);
}

/** Bytes as a string of the text format. */
export function escaped(bytes: Bytes): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

export function addressBytes(address: Address): string {
  return escaped(hexToBytes(address));
}

/** Where `nestedCall` puts its data, in the first page. */
const NESTED = { address: 4096, name: 4128, args: 4400, amount: 5000, gas: 5008 };

/**
 * The data of a call to another contract, to be put into a module once, and its code, which leaves the status on the
 * operand stack. Without an address the contract calls itself.
 */
export function nestedCall(call: {
  address?: Address;
  name: string;
  args?: string;
  amount?: number | bigint;
  gas?: number | bigint;
}): { readonly data: string; readonly code: string } {
  const { address, name, args = "", amount = 0, gas = 2n ** 64n - 1n } = call;
  const data = [
    [NESTED.address, address === undefined ? "" : addressBytes(address)],
    [NESTED.name, name],
    [NESTED.args, args.replaceAll('"', '\\"')],
    [NESTED.amount, u64(amount)],
    [NESTED.gas, u64(gas)],
  ].map(([at, bytes]) => `(data (i32.const ${at}) "${bytes}")`);
  const self = address === undefined ? `(call $self_address (i32.const ${NESTED.address}))` : "";
  const values = [NESTED.address, NESTED.name, name.length, NESTED.args, args.length, NESTED.amount, NESTED.gas];
  return {
    data: data.join("\n"),
    code: `${self} (call $call_contract ${values.map((value) => `(i32.const ${value})`).join(" ")})`,
  };
}
