// A second implementation of the rules of blocks, small and plain: every block that a node takes is checked against it,
// from its bytes and the ledger that its parent left (docs/spec/blocks.md, transactions.md, gas.md).

import type { StoredBlock } from "../../../src/core/ports/index.ts";
import type { Genesis } from "../../../src/core/protocol/index.ts";
import { check } from "../checkFailure.ts";
import { readBody, readHeader, readTransfer, type SeenHeader, type SeenTransfer } from "./reading.ts";
import { listRootOf, stateRootOf } from "./roots.ts";
import { genesisTarget, targetOfChild } from "./target.ts";

export interface LedgerAccount {
  readonly balance: number;
  readonly nonce: number;
}

/** What a block leaves behind. */
export interface LedgerBlock {
  readonly header: SeenHeader;
  readonly accounts: ReadonlyMap<string, LedgerAccount>;
  readonly supply: number;
  readonly totalWork: bigint;
  /** Hex of the encodings of its transactions. */
  readonly transactions: readonly string[];
}

const ZERO_ROOT = `0x${"0".repeat(64)}`;
const TRANSFER_GAS = 100_000;
const SUPPLY_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const NEW_ACCOUNT_SIZE_BYTES = 46;
const ABSENT: LedgerAccount = { balance: 0, nonce: 0 };

function workOf(target: bigint): bigint {
  return (1n << 256n) / (target + 1n);
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Outcome success for no reason, gas, none given back, fee, no return data, no events, no logs. */
function receiptOf(fee: number): Uint8Array {
  return Uint8Array.of(0, 0, ...u64(TRANSFER_GAS), ...u64(0), ...u64(fee), ...new Uint8Array(12));
}

function isAbsent({ balance, nonce }: LedgerAccount): boolean {
  return balance === 0 && nonce === 0;
}

/** The state as its entries: accounts under 01, the supply under 05. */
export function entriesOf(block: Pick<LedgerBlock, "accounts" | "supply">) {
  const entries: { key: Uint8Array; value: Uint8Array }[] = [];
  for (const [address, { balance, nonce }] of block.accounts) {
    if (isAbsent({ balance, nonce })) continue;
    const key = Uint8Array.fromHex(`01${address.slice(2)}`);
    entries.push({ key, value: Uint8Array.of(...u64(balance), ...u64(nonce), ...u64(0), 0) });
  }
  if (block.supply !== 0) entries.push({ key: Uint8Array.of(5), value: u64(block.supply) });
  return entries;
}

export interface LedgerOptions {
  readonly genesis: Genesis;
  /** Whether somebody who holds the sender's key has signed these bytes. */
  readonly isSigned: (encoded: string, transfer: SeenTransfer) => boolean;
}

export class ReferenceLedger {
  private readonly genesis: Genesis;
  private readonly isSigned: LedgerOptions["isSigned"];
  private readonly blocks = new Map<string, LedgerBlock>();

  constructor(options: LedgerOptions) {
    this.genesis = options.genesis;
    this.isSigned = options.isSigned;
  }

  get(hash: string): LedgerBlock | undefined {
    return this.blocks.get(hash);
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
    const isRight =
      header.timestampMs === timestampMs &&
      header.target === target &&
      header.stateRoot === stateRootOf(entriesOf({ accounts, supply }));
    check(isRight, "genesis", () => "block 0 is not that of the genesis");
    return { header, accounts, supply, totalWork: workOf(target), transactions: [] };
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
    const { accounts, supply, receipts } = this.execute(parent, header, encoded);
    check(header.gasUsed === TRANSFER_GAS * encoded.length, "gas", invalid("the gas used is wrong"));
    check(header.receiptsRoot === listRootOf(receipts), "receipts root", invalid("the receipts are others"));
    check(
      header.stateRoot === stateRootOf(entriesOf({ accounts, supply })),
      "state root",
      invalid("the state's root is another one"),
    );
    const totalWork = parent.totalWork + workOf(header.target);
    return { header, accounts, supply, totalWork, transactions: encoded.map((bytes) => bytes.toHex()) };
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

  private execute(parent: LedgerBlock, header: SeenHeader, encoded: readonly Uint8Array[]) {
    const { parameters } = this.genesis;
    const accounts = new Map(parent.accounts);
    const receipts: Uint8Array[] = [];
    let [fees, newStateBytes, gasLeft] = [0, 0, parameters.blockGasLimit as number];
    for (const bytes of encoded) {
      const transfer = readTransfer(bytes);
      const invalid = (message: string) => () => `block ${header.height} ${header.hash}: ${message}`;
      const sender = accounts.get(transfer.from) ?? ABSENT;
      const feeMax = (BigInt(transfer.gasLimit) * BigInt(transfer.gasPrice) + 999_999n) / 1_000_000n;
      const fee = Number((BigInt(TRANSFER_GAS) * BigInt(transfer.gasPrice) + 999_999n) / 1_000_000n);
      check(this.isSigned(bytes.toHex(), transfer), "signature", invalid("nobody signed a transaction"));
      check(transfer.nonce === sender.nonce, "nonce", invalid(`${transfer.nonce}, not ${sender.nonce}`));
      const isCovered = BigInt(transfer.amount) + feeMax <= BigInt(sender.balance);
      check(isCovered, "balance", invalid(`${transfer.from} can't pay`));
      check(transfer.gasLimit >= TRANSFER_GAS && transfer.gasLimit <= gasLeft, "gas", invalid("a gas limit is wrong"));
      check(transfer.gasPrice >= parameters.gasPriceMin, "gas price", invalid("a price is below the least"));
      check(transfer.expiry === 0 || transfer.expiry >= header.height, "expiry", invalid("a transaction had expired"));
      accounts.set(transfer.from, { balance: sender.balance - transfer.amount - fee, nonce: sender.nonce + 1 });
      const receiver = accounts.get(transfer.to) ?? ABSENT;
      accounts.set(transfer.to, { ...receiver, balance: receiver.balance + transfer.amount });
      const isNew = isAbsent(receiver) && transfer.amount > 0 && isAbsent(parent.accounts.get(transfer.to) ?? ABSENT);
      if (isNew) newStateBytes += NEW_ACCOUNT_SIZE_BYTES;
      // Who stands on the allow-list may send without being there before.
      if (isAbsent(sender)) newStateBytes += NEW_ACCOUNT_SIZE_BYTES;
      fees += fee;
      gasLeft -= TRANSFER_GAS;
      receipts.push(receiptOf(fee));
    }
    check(
      newStateBytes <= parameters.newStateBytesMax,
      "new state",
      () => `block ${header.hash}: ${newStateBytes} bytes`,
    );
    const room = SUPPLY_MAX - BigInt(parent.supply);
    const reward = room < BigInt(parameters.blockReward) ? Number(room) : parameters.blockReward;
    const proposer = accounts.get(header.proposer) ?? ABSENT;
    accounts.set(header.proposer, { ...proposer, balance: proposer.balance + fees + reward });
    const supply = parent.supply + reward;
    let sum = 0n;
    for (const { balance } of accounts.values()) sum += BigInt(balance);
    check(sum === BigInt(supply), "supply", () => `block ${header.hash}: balances come to ${sum}, not to ${supply}`);
    return { accounts, supply, receipts };
  }
}
