// A second implementation of the rules of blocks, small and plain: every block that a node takes is checked against it,
// from its bytes and the ledger that its parent left (docs/spec/blocks.md, transactions.md, gas.md).

import type { StoredBlock } from "../../../src/core/ports/index.ts";
import type { Genesis } from "../../../src/core/protocol/index.ts";
import { check } from "../checkFailure.ts";
import { ABSENT, type LedgerAccount, type LedgerState } from "../contracts/model.ts";
import {
  ContractChecker,
  type ContractExecution,
  encodeReceipt,
  feeOf,
  intrinsicGas,
  isAbsent,
  NOTHING,
  newStateBytes,
  u64,
} from "./execution.ts";
import {
  readBody,
  readHeader,
  readReceipts,
  readTransaction,
  type SeenHeader,
  type SeenTransaction,
  type SeenTransfer,
} from "./reading.ts";
import { listRootOf, stateRootOf } from "./roots.ts";
import { genesisTarget, targetOfChild } from "./target.ts";

/** What a block leaves behind. */
export interface LedgerBlock extends LedgerState {
  readonly header: SeenHeader;
  readonly supply: number;
  readonly totalWork: bigint;
  /** Hex of the encodings of its transactions. */
  readonly transactions: readonly string[];
}

const ZERO_ROOT = `0x${"0".repeat(64)}`;
const SUPPLY_MAX = BigInt(Number.MAX_SAFE_INTEGER);

function workOf(target: bigint): bigint {
  return (1n << 256n) / (target + 1n);
}

/** The state as its entries: accounts under 01, contracts' slots under 02, modules under 03, the supply under 05. */
export function entriesOf(block: LedgerState & Pick<LedgerBlock, "supply">) {
  const entries: { key: Uint8Array; value: Uint8Array }[] = [];
  for (const [address, account] of block.accounts) {
    if (isAbsent(account)) continue;
    const { balance, nonce, codeHash } = account;
    const code = codeHash === undefined ? [0] : [1, ...Uint8Array.fromHex(codeHash)];
    const key = Uint8Array.fromHex(`01${address.slice(2)}`);
    entries.push({ key, value: Uint8Array.of(...u64(balance), ...u64(nonce), ...u64(0), ...code) });
  }
  for (const [name, value] of block.slots) {
    entries.push({ key: Uint8Array.fromHex(`02${name}`), value: Uint8Array.fromHex(value) });
  }
  for (const [codeHash, code] of block.codes) entries.push({ key: Uint8Array.fromHex(`03${codeHash}`), value: code });
  if (block.supply !== 0) entries.push({ key: Uint8Array.of(5), value: u64(block.supply) });
  return entries;
}

export interface LedgerOptions {
  readonly genesis: Genesis;
  /** Whether somebody who holds the sender's key has signed these bytes. */
  readonly isSigned: (encoded: string, transaction: SeenTransaction) => boolean;
}

export class ReferenceLedger {
  private readonly genesis: Genesis;
  private readonly isSigned: LedgerOptions["isSigned"];
  private readonly contracts: ContractChecker;
  private readonly blocks = new Map<string, LedgerBlock>();

  constructor(options: LedgerOptions) {
    this.genesis = options.genesis;
    this.isSigned = options.isSigned;
    this.contracts = new ContractChecker(options.genesis.parameters);
  }

  get(hash: string): LedgerBlock | undefined {
    return this.blocks.get(hash);
  }

  /** Deployments and calls in them, by their reasons. */
  get contractCounts(): ReadonlyMap<string, number> {
    return this.contracts.counts;
  }

  /** Blocks seen so far, of all branches. */
  get size(): number {
    return this.blocks.size;
  }

  /** Checks a block that a node has taken, once; its parent has been seen before. */
  add(stored: StoredBlock): LedgerBlock {
    const known = this.blocks.get(stored.hash);
    if (known !== undefined) return known;
    const header = readHeader(stored.header);
    const invalid = (message: string) => `block ${header.height} ${stored.hash}: ${message}`;
    check(header.hash === stored.hash, "block hash", () => invalid("the stored hash is another one"));
    const encoded = readBody(stored.body);
    const block = header.height === 0 ? this.genesisBlock(header) : this.child(header, encoded, stored);
    check(block.totalWork === stored.totalWork, "total work", () =>
      invalid(`${stored.totalWork} of ${block.totalWork}`),
    );
    this.blocks.set(stored.hash, block);
    return block;
  }

  private genesisBlock(header: SeenHeader): LedgerBlock {
    const { accounts: funded, timestampMs, consensus } = this.genesis;
    const accounts = new Map(funded.map(({ address, balance }) => [address as string, { balance, nonce: 0 }]));
    const supply = funded.reduce((sum, { balance }) => sum + balance, 0);
    const target = genesisTarget({ ...consensus, blockTimeMs: this.genesis.parameters.blockTimeMs });
    const state: LedgerState = { accounts, slots: new Map(), codes: new Map() };
    const isRight =
      header.timestampMs === timestampMs &&
      header.target === target &&
      header.stateRoot === stateRootOf(entriesOf({ ...state, supply }));
    check(isRight, "genesis", () => "block 0 is not that of the genesis");
    return { header, ...state, supply, totalWork: workOf(target), transactions: [] };
  }

  private child(header: SeenHeader, encoded: readonly Uint8Array[], stored: StoredBlock): LedgerBlock {
    const parent = this.blocks.get(header.parentHash);
    const invalid = (message: string) => () => `block ${header.height} ${header.hash}: ${message}`;
    check(parent !== undefined, "unknown parent", invalid("the parent was never seen"));
    this.checkHeader(header, parent.header);
    const roots = [header.votesRoot, header.evidenceRoot];
    check(
      roots.every((root) => root === ZERO_ROOT),
      "body roots",
      invalid("votes or evidence"),
    );
    check(header.transactionCount === encoded.length, "body roots", invalid("the count of transactions is wrong"));
    check(header.transactionsRoot === listRootOf(encoded), "body roots", invalid("the body is another one"));
    const { blockSizeBytesMax } = this.genesis.parameters;
    const sizeBytes = stored.header.length + stored.body.length;
    check(sizeBytes <= blockSizeBytesMax, "block size", invalid(`${sizeBytes} bytes`));
    const { state, supply, receipts, gas } = this.execute({ parent, header, encoded, receipts: stored.receipts });
    check(header.gasUsed === gas, "gas", invalid("the gas used is wrong"));
    check(header.receiptsRoot === listRootOf(receipts), "receipts root", invalid("the receipts are others"));
    const stateRoot = stateRootOf(entriesOf({ ...state, supply }));
    check(header.stateRoot === stateRoot, "state root", invalid("the state's root is another one"));
    const totalWork = parent.totalWork + workOf(header.target);
    return { header, ...state, supply, totalWork, transactions: encoded.map((bytes) => bytes.toHex()) };
  }

  private checkHeader(header: SeenHeader, parent: SeenHeader): void {
    const invalid = (message: string) => () => `block ${header.height} ${header.hash}: ${message}`;
    check(header.height === parent.height + 1, "height", invalid(`the parent has ${parent.height}`));
    check(header.timestampMs > parent.timestampMs, "timestamp", invalid("not above the parent's"));
    check(BigInt(header.hash) <= header.target, "work", invalid("the hash is above the target"));
    const { consensus, parameters } = this.genesis;
    const target = targetOfChild({
      parent,
      parentOf: ({ parentHash }) => this.blocks.get(parentHash)?.header,
      timestampMs: header.timestampMs,
      rules: { ...consensus, blockTimeMs: parameters.blockTimeMs },
    });
    check(header.target === target, "target", invalid(`${header.target.toString(16)}, not ${target.toString(16)}`));
  }

  private execute(block: {
    parent: LedgerBlock;
    header: SeenHeader;
    encoded: readonly Uint8Array[];
    receipts: Uint8Array;
  }) {
    const { parent, header, encoded } = block;
    const { parameters } = this.genesis;
    const invalid = (message: string) => () => `block ${header.height} ${header.hash}: ${message}`;
    const told = readReceipts(block.receipts);
    const receipts: Uint8Array[] = [];
    let state: LedgerState = parent;
    let [fees, stateBytes, gas] = [0, 0, 0];
    for (const [index, bytes] of encoded.entries()) {
      const transaction = readTransaction(bytes);
      const gasLeft = parameters.blockGasLimit - gas;
      this.checkTransaction(transaction, { state, header, gasLeft, text: bytes.toHex(), invalid });
      const before = state;
      const begun = withAccount(before, transaction.from, { nonce: transaction.nonce + 1 });
      const receipt = told[index] ?? new Uint8Array(0);
      const executed =
        transaction.type === "transfer"
          ? transfer(transaction, begun)
          : this.contracts.execute(transaction, { stored: parent, before: begun, receipt, invalid });
      const { gasUsed, gasRefunded, fee } = executed.numbers;
      const balance = (executed.state.accounts.get(transaction.from) ?? ABSENT).balance - fee;
      state = withAccount(executed.state, transaction.from, { balance });
      stateBytes += newStateBytes({ stored: parent, before, after: state });
      fees += fee;
      gas += gasUsed + gasRefunded;
      receipts.push(executed.receipt);
    }
    check(stateBytes <= parameters.newStateBytesMax, "new state", invalid(`${stateBytes} bytes`));
    const room = SUPPLY_MAX - BigInt(parent.supply);
    const reward = room < BigInt(parameters.blockReward) ? Number(room) : parameters.blockReward;
    const proposer = state.accounts.get(header.proposer) ?? ABSENT;
    state = withAccount(state, header.proposer, { balance: proposer.balance + fees + reward });
    const supply = parent.supply + reward;
    let sum = 0n;
    for (const account of state.accounts.values()) sum += BigInt(account.balance);
    check(sum === BigInt(supply), "supply", invalid(`balances come to ${sum}, not to ${supply}`));
    return { state, supply, receipts, gas };
  }

  private checkTransaction(
    transaction: SeenTransaction,
    options: {
      state: LedgerState;
      header: SeenHeader;
      gasLeft: number;
      text: string;
      invalid: (message: string) => () => string;
    },
  ): void {
    const { state, header, gasLeft, text, invalid } = options;
    const { from, nonce, amount, gasLimit, gasPrice, expiry } = transaction;
    const sender = state.accounts.get(from) ?? ABSENT;
    const feeMax = (BigInt(gasLimit) * BigInt(gasPrice) + 999_999n) / 1_000_000n;
    check(this.isSigned(text, transaction), "signature", invalid("nobody signed a transaction"));
    check(nonce === sender.nonce, "nonce", invalid(`${nonce}, not ${sender.nonce}`));
    check(BigInt(amount) + feeMax <= BigInt(sender.balance), "balance", invalid(`${from} can't pay`));
    const isWithin = gasLimit >= intrinsicGas(transaction) && gasLimit <= gasLeft;
    check(isWithin, "gas", invalid("a gas limit is wrong"));
    check(gasPrice >= this.genesis.parameters.gasPriceMin, "gas price", invalid("a price is below the least"));
    check(expiry === 0 || expiry >= header.height, "expiry", invalid("a transaction had expired"));
  }
}

function withAccount(state: LedgerState, address: string, change: Partial<LedgerAccount>): LedgerState {
  const accounts = new Map(state.accounts);
  accounts.set(address, { ...(accounts.get(address) ?? ABSENT), ...change });
  return { accounts, slots: state.slots, codes: state.codes };
}

function transfer(transaction: SeenTransfer, before: LedgerState): ContractExecution {
  const { from, to, amount } = transaction;
  const gasUsed = intrinsicGas(transaction);
  const numbers = { gasUsed, gasRefunded: 0, fee: feeOf(gasUsed, transaction.gasPrice) };
  const balanceOf = (state: LedgerState, address: string) => (state.accounts.get(address) ?? ABSENT).balance;
  const paid = withAccount(before, from, { balance: balanceOf(before, from) - amount });
  const state = withAccount(paid, to, { balance: balanceOf(paid, to) + amount });
  return { state, numbers, receipt: encodeReceipt(NOTHING, numbers) };
}
