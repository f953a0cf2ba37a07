// What the transactions of a block come to, by the rules of docs/spec: a ledger of accounts, with the model of the
// simulation's contracts in place of a machine. How much gas a contract used is taken from the receipt, since the model
// has none; that equal calls use equal gas, and what follows from it (fee, refund, limits), is checked.

import type { ChainParameters } from "../../../src/core/protocol/index.ts";
import { check } from "../checkFailure.ts";
import {
  ABSENT,
  type LedgerAccount,
  type LedgerState,
  type ModelEnd,
  type ModelEvent,
  type ModelLog,
  ModelRun,
  REASONS,
} from "../contracts/model.ts";
import { contractOf, isBroken } from "../contracts/programs.ts";
import { readReceipt, type SeenCall, type SeenDeploy, type SeenTransaction, sha256 } from "./reading.ts";

const BASE_GAS = 100_000;
const ACCOUNT_SIZE_BYTES = 46;
const CODE_HASH_SIZE_BYTES = 32;
const CODE_KEY_SIZE_BYTES = 33;
const GAS_PER_REMOVED_SLOT = 15_000;
const NO_CODE = new Uint8Array(0);
const OUTCOMES = ["none", "revert", "outOfGas"];

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function u32(value: number): Uint8Array {
  return u64(value).subarray(4);
}

export function isAbsent({ balance, nonce, codeHash }: LedgerAccount): boolean {
  return balance === 0 && nonce === 0 && codeHash === undefined;
}

export function feeOf(gas: number, gasPrice: number): number {
  return Number((BigInt(gas) * BigInt(gasPrice) + 999_999n) / 1_000_000n);
}

/** What is charged before anything runs. */
export function intrinsicGas(transaction: SeenTransaction): number {
  if (transaction.type === "transfer") return BASE_GAS;
  const sizeBytes = Buffer.byteLength(transaction.args);
  if (transaction.type === "deploy") return BASE_GAS + 240 * transaction.code.length + 40 * sizeBytes;
  return BASE_GAS + 40 * (sizeBytes + Buffer.byteLength(transaction.function));
}

/** The address of a contract that a transaction deploys. */
function addressOf(creator: string, nonce: number): string {
  const text = new TextEncoder().encode("aureon contract");
  return `0x${sha256(text, Uint8Array.fromHex(creator.slice(2)), u64(nonce))
    .subarray(12)
    .toHex()}`;
}

interface Outcome extends ModelEnd {
  readonly events: readonly ModelEvent[];
  readonly logs: readonly ModelLog[];
}

export interface ReceiptNumbers {
  readonly gasUsed: number;
  readonly gasRefunded: number;
  readonly fee: number;
}

function data(bytes: Uint8Array): number[] {
  return [...u32(bytes.length), ...bytes];
}

function address(text: string): Uint8Array {
  return Uint8Array.fromHex(text.slice(2));
}

export function encodeReceipt(outcome: Outcome, { gasUsed, gasRefunded, fee }: ReceiptNumbers): Uint8Array {
  const { reason, events, logs } = outcome;
  const known = OUTCOMES.indexOf(reason);
  return Uint8Array.of(
    known === -1 ? 3 : known,
    REASONS.indexOf(reason),
    ...[gasUsed, gasRefunded, fee].flatMap((value) => [...u64(value)]),
    ...data(outcome.data),
    ...u32(events.length),
    ...events.flatMap((event) => [
      ...address(event.address),
      ...u32(event.topics.length),
      ...event.topics.flatMap((topic) => [...topic]),
      ...data(event.data),
    ]),
    ...u32(logs.length),
    ...logs.flatMap((log) => [...address(log.address), ...data(log.data)]),
  );
}

export const NOTHING: Outcome = { reason: "none", data: NO_CODE, events: [], logs: [] };

function accountSizeBytes(account: LedgerAccount = ABSENT): number {
  if (isAbsent(account)) return 0;
  return ACCOUNT_SIZE_BYTES + (account.codeHash === undefined ? 0 : CODE_HASH_SIZE_BYTES);
}

function slotSizeBytes(name: string, value: string | undefined): number {
  return value === undefined ? 0 : 1 + (name.length + value.length) / 2;
}

/** Bytes that `after` has beyond `before` and beyond `stored`, the state before the block. */
export function newStateBytes(states: { stored: LedgerState; before: LedgerState; after: LedgerState }): number {
  const { stored, before, after } = states;
  let sum = 0;
  for (const [name, account] of after.accounts) {
    if (before.accounts.get(name) === account) continue;
    const had = [before, stored].map(({ accounts }) => accountSizeBytes(accounts.get(name)));
    sum += Math.max(0, accountSizeBytes(account) - Math.max(...had));
  }
  for (const [name, value] of after.slots) {
    if (before.slots.get(name) === value) continue;
    const had = [before, stored].map(({ slots }) => slotSizeBytes(name, slots.get(name)));
    sum += Math.max(0, slotSizeBytes(name, value) - Math.max(...had));
  }
  for (const [hash, code] of after.codes) {
    if (!before.codes.has(hash) && !stored.codes.has(hash)) sum += CODE_KEY_SIZE_BYTES + code.length;
  }
  return sum;
}

export interface ContractExecution {
  readonly state: LedgerState;
  readonly receipt: Uint8Array;
  readonly numbers: ReceiptNumbers;
}

export class ContractChecker {
  private readonly parameters: ChainParameters;
  /** How many deployments and calls came to each reason, in all blocks that were seen; refunds beside. */
  readonly counts = new Map<string, number>();
  /** Before refunds, by what the gas of a run depends on. */
  private readonly gasOfPaths = new Map<string, number>();

  constructor(parameters: ChainParameters) {
    this.parameters = parameters;
  }

  /**
   * Executes a deploy or a call. What the model can't know, the gas, comes from the receipt, and all else is the model's.
   * @param options.before with the nonce taken
   */
  execute(
    transaction: SeenDeploy | SeenCall,
    options: { stored: LedgerState; before: LedgerState; receipt: Uint8Array; invalid: (text: string) => () => string },
  ): ContractExecution {
    const { stored, before, receipt, invalid } = options;
    const seen = readReceipt(receipt);
    const gas = seen.gasUsed + seen.gasRefunded;
    const intrinsic = intrinsicGas(transaction);
    check(gas >= intrinsic && gas <= transaction.gasLimit, "contract gas", invalid(`a contract used ${gas} gas`));
    const run = new ModelRun({ state: before, origin: transaction.from, contractOf });
    const end = runModel(run, transaction);
    const path = `${transaction.type} ${transaction.args} ${run.path} ${end.reason}`;
    const isOutOfGas = REASONS[seen.reason] === "outOfGas";
    this.checkGas({ gas, path, isOutOfGas: isOutOfGas && end.reason !== "outOfGas", transaction, invalid });
    const isUnentered = end.reason === "noContract" || end.reason === "invalidModule";
    check(!isUnentered || gas === intrinsic, "contract gas", invalid(`${gas} gas for ${end.reason}`));
    let outcome: Outcome = { ...end, events: run.events, logs: run.logs };
    if (isOutOfGas) {
      check(gas === transaction.gasLimit, "contract gas", invalid("out of gas with gas left"));
      outcome = { reason: "outOfGas", data: NO_CODE, events: [], logs: run.logs };
    } else if (newStateBytes({ stored, before, after: run }) > this.parameters.newStateBytesMax) {
      outcome = { reason: "limitExceeded", data: NO_CODE, events: [], logs: run.logs };
    }
    this.count(outcome.reason);
    const isDone = outcome.reason === "none";
    if (!isDone) outcome = { ...outcome, events: [] };
    const state: LedgerState = isDone ? run : before;
    const gasRefunded = isDone ? refundOf(before, state, gas) : 0;
    if (gasRefunded > 0) this.count("refund");
    const numbers = { gasUsed: gas - gasRefunded, gasRefunded, fee: feeOf(gas - gasRefunded, transaction.gasPrice) };
    return { state, numbers, receipt: matching(outcome, numbers, { receipt, isOutOfGas }) };
  }

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  private checkGas(found: {
    gas: number;
    path: string;
    isOutOfGas: boolean;
    transaction: SeenTransaction;
    invalid: (text: string) => () => string;
  }): void {
    const { gas, path, isOutOfGas, transaction, invalid } = found;
    const known = this.gasOfPaths.get(path);
    if (isOutOfGas) {
      const isTooLittle = known === undefined || transaction.gasLimit < known;
      check(isTooLittle, "contract gas", invalid(`out of gas at ${transaction.gasLimit}, ${known} were enough`));
      return;
    }
    // What runs out in the end uses its limit, whatever that is.
    if (path.endsWith("outOfGas")) return;
    check(known === undefined || known === gas, "contract gas", invalid(`${gas} gas, ${known} before, for ${path}`));
    this.gasOfPaths.set(path, gas);
  }
}

function runModel(run: ModelRun, transaction: SeenDeploy | SeenCall): ModelEnd {
  const { from: caller, amount, args, nonce } = transaction;
  if (transaction.type === "call") {
    return run.call({ caller, address: transaction.to, name: transaction.function, args, amount });
  }
  const { code } = transaction;
  const module = { code, codeHash: sha256(code).toHex(), isValid: !isBroken(code) };
  return run.deploy({ caller, address: addressOf(caller, nonce), args, amount }, module);
}

function refundOf(before: LedgerState, after: LedgerState, gas: number): number {
  let slots = 0;
  for (const name of before.slots.keys()) if (!after.slots.has(name)) slots++;
  return Math.min(slots * GAS_PER_REMOVED_SLOT, Math.floor(gas / 5));
}

/** The receipt that there must be. What was logged before the gas ran out is not known: any beginning of the logs may be. */
function matching(
  outcome: Outcome,
  numbers: ReceiptNumbers,
  { receipt, isOutOfGas }: { receipt: Uint8Array; isOutOfGas: boolean },
): Uint8Array {
  const expected = encodeReceipt(outcome, numbers);
  for (let count = outcome.logs.length - 1; isOutOfGas && count >= 0; count--) {
    const shorter = encodeReceipt({ ...outcome, logs: outcome.logs.slice(0, count) }, numbers);
    if (Buffer.compare(shorter, receipt) === 0) return shorter;
  }
  return expected;
}
