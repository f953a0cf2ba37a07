// What can be told of a contract: its account, and what its module exports. Modules are decoded once, and kept by their hash.

import type { StoreReader } from "../ports/index.ts";
import { type Address, type Amount, assert, type Bytes, defined, type Hash, type Nonce } from "../primitives/index.ts";
import { accountKey, codeKey, loadAccount } from "../state/index.ts";
import { type ContractModule, decodeAndValidate, type FunctionType, type ValueType } from "../vm/index.ts";

export interface ContractExport {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface ModuleDescription {
  readonly sizeBytes: number;
  /** The functions that the module exports, in its order. */
  readonly exports: readonly ContractExport[];
  /** Pages of memory that the contract begins with. */
  readonly memoryPages: number;
}

export interface ContractDescription extends ModuleDescription {
  readonly address: Address;
  readonly codeHash: Hash;
  readonly balance: Amount;
  readonly nonce: Nonce;
}

/** Each has at most 256 exports with names of at most 256 bytes. */
const KEPT_MODULES_MAX = 64;

export class ContractDescriptions {
  /** Oldest use first. */
  private readonly kept = new Map<Hash, ModuleDescription>();

  /** The contract in the current state; undefined for an account that is none. */
  read(store: StoreReader, address: Address): ContractDescription | undefined {
    const { codeHash, balance, nonce } = loadAccount(store.stateValue(accountKey(address)));
    if (codeHash === undefined) return undefined;
    const module =
      this.kept.get(codeHash) ??
      describeModule(defined(store.stateValue(codeKey(codeHash)), "the code of a contract is in the state"));
    this.kept.delete(codeHash);
    this.kept.set(codeHash, module);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT_MODULES_MAX) break;
      this.kept.delete(oldest);
    }
    return { address, codeHash, balance, nonce, ...module };
  }
}

function typeOf({ imports, functions, types }: ContractModule, index: number): FunctionType {
  const declared = index < imports.length ? imports[index] : functions[index - imports.length];
  return defined(declared && types[declared.typeIndex], "a valid module exports functions that it has");
}

function describeModule(code: Bytes): ModuleDescription {
  const decoded = decodeAndValidate(code);
  assert(decoded.ok, "a module that was deployed is valid");
  const module = decoded.value;
  const exports = module.exports
    .filter(({ kind }) => kind === "function")
    .map(({ name, index }) => {
      const { parameters, results } = typeOf(module, index);
      return { name, parameters, results };
    });
  return { sizeBytes: code.length, exports, memoryPages: module.memory.minimum };
}
