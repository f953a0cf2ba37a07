// Small parts for tests of gossip: links that note what is sent, a chain and a pool with a few plain rules, a verifier that
// answers when it is told to, and blocks and transactions to send.

import { sha256 } from "../../src/core/crypto/index.ts";
import type {
  BlockVerdict,
  ChainAccess,
  HeaderVerdict,
  ImportItem,
  PoolVerdict,
  TracedHeader,
  TransactionPool,
} from "../../src/core/network/chainAccess.ts";
import type { Offence, Peer, PeerLinks } from "../../src/core/network/peer.ts";
import type { VerificationJobs } from "../../src/core/network/verificationJobs.ts";
import type { Message, PeerHead } from "../../src/core/network/wire/message.ts";
import type { Clock, SignatureVerifier, VerificationJob } from "../../src/core/ports/index.ts";
import {
  type Address,
  assert,
  type Bytes,
  bytesToHash,
  bytesToSignature,
  defined,
  EMPTY_BYTES,
  type Gas,
  type Hash,
  type Height,
  SIGNATURE_SIZE_BYTES,
  type TimestampMs,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "../../src/core/primitives/index.ts";
import {
  assumeVerified,
  type Block,
  checkTransaction,
  type Deploy,
  EMPTY_BODY,
  encodeBlock,
  encodeTransaction,
  type Header,
  hashHeader,
  hashList,
  type SignedTransaction,
  type Transfer,
  type VerifiedTransaction,
} from "../../src/core/protocol/index.ts";
import { testAccount, transfer } from "./chainFixture.ts";

export class FakeClock implements Clock {
  atMs = 1_700_000_000_000;

  nowMs(): TimestampMs {
    return this.atMs as TimestampMs;
  }
}

export class FakeLinks implements PeerLinks {
  readonly sent: { readonly to: readonly number[]; readonly message: Message }[] = [];
  /** Who has sent something new, in order. */
  readonly useful: number[] = [];
  readonly punished: { readonly connectionId: number; readonly offence: Offence }[] = [];
  /** Offences after which a connection ends. */
  offencesMax = Number.POSITIVE_INFINITY;
  onGone: (connectionId: number) => void = () => undefined;
  private readonly connected = new Map<number, Peer & { isCongested: boolean }>();

  connect(connectionId: number): void {
    this.connected.set(connectionId, {
      connectionId,
      direction: "inbound",
      nodeKey: ZERO_ADDRESS,
      address: "192.0.2.1",
      head: { height: 0 as Height, hash: ZERO_HASH, totalWork: 0n },
      isCongested: false,
    });
  }

  disconnect(connectionId: number): void {
    if (this.connected.delete(connectionId)) this.onGone(connectionId);
  }

  congest(connectionId: number, isCongested: boolean): void {
    defined(this.connected.get(connectionId), "the peer is connected").isCongested = isCongested;
  }

  peers(): readonly Peer[] {
    return [...this.connected.values()];
  }

  peer(connectionId: number): Peer | undefined {
    return this.connected.get(connectionId);
  }

  send(connectionId: number, message: Message): void {
    this.broadcast([connectionId], message);
  }

  broadcast(connectionIds: readonly number[], message: Message): void {
    assert(connectionIds.length > 0, "a message goes to somebody");
    this.sent.push({ to: connectionIds, message });
  }

  punish(connectionId: number, offence: Offence): void {
    assert(this.connected.has(connectionId), "only a connected peer is punished");
    this.punished.push({ connectionId, offence });
    const count = this.punished.filter((punishment) => punishment.connectionId === connectionId).length;
    if (count >= this.offencesMax) this.disconnect(connectionId);
  }

  noteUseful(connectionId: number): void {
    this.useful.push(connectionId);
  }

  offences(connectionId: number): readonly Offence[] {
    return this.punished.filter((entry) => entry.connectionId === connectionId).map(({ offence }) => offence);
  }

  /** The transactions that a peer was sent, message by message. */
  transactionsTo(connectionId: number): readonly (readonly Bytes[])[] {
    return this.messagesTo(connectionId).flatMap((message) =>
      message.type === "Transactions" ? [message.transactions] : [],
    );
  }

  blocksTo(connectionId: number): readonly Bytes[] {
    return this.messagesTo(connectionId).flatMap((message) => (message.type === "Block" ? [message.block] : []));
  }

  private messagesTo(connectionId: number): readonly Message[] {
    return this.sent.filter(({ to }) => to.includes(connectionId)).map(({ message }) => message);
  }
}

const GARBAGE = bytesToSignature(new Uint8Array(SIGNATURE_SIZE_BYTES).fill(0xff));
const GOOD = bytesToSignature(new Uint8Array(SIGNATURE_SIZE_BYTES).fill(1));

/** What stands for recovery: every signature is right but one of 0xff bytes, and the hash leaves it out. */
function fakeRecover(encoded: Bytes): Hash | undefined {
  if (encoded.at(-1) === 0xff) return undefined;
  return bytesToHash(sha256(encoded.subarray(0, encoded.length - SIGNATURE_SIZE_BYTES)));
}

/** Keeps jobs until they are answered. */
export class FakeVerifier implements SignatureVerifier {
  readonly started: VerificationJob[] = [];
  jobs: VerificationJobs | undefined;
  recover = fakeRecover;
  /** Answers within the call, as a verifier without threads does. */
  isImmediate = false;

  verify(job: VerificationJob): void {
    this.started.push(job);
    if (this.isImmediate) this.answer(this.started.length - 1);
  }

  /** Answers one of the jobs that were not answered yet. */
  answer(index = 0): void {
    const [job] = this.started.splice(index, 1);
    assert(job !== undefined, "there is a job to answer");
    this.jobs?.onVerified({ jobId: job.jobId, hashes: job.encoded.map(this.recover) });
  }

  answerAll(): void {
    while (this.started.length > 0) this.answer();
  }
}

/** Takes what follows a sender's nonces by at most 64; a transaction that expires at height 1 does not fit. */
export class FakePool implements TransactionPool {
  readonly admitted: VerifiedTransaction[] = [];
  onAdmitted: (transactions: readonly VerifiedTransaction[]) => void = () => undefined;
  precheckCount = 0;
  private readonly byBytes = new Map<Hash, VerifiedTransaction>();
  private readonly hashes = new Set<Hash>();
  private readonly senders = new Map<Address, { readonly nonces: Set<number>; missing: number }>();

  precheck({ transaction }: SignedTransaction): Exclude<PoolVerdict, { kind: "admitted" }> | undefined {
    this.precheckCount++;
    const refusal = checkTransaction(transaction);
    if (refusal !== undefined) return { kind: "invalid", code: refusal.code };
    return transaction.expiry === 1 ? { kind: "unfit", code: "expired" } : undefined;
  }

  admit(transactions: readonly VerifiedTransaction[]): readonly PoolVerdict[] {
    const taken: VerifiedTransaction[] = [];
    const verdicts = transactions.map((transaction): PoolVerdict => {
      const { from, nonce } = transaction.transaction;
      const sender = this.senders.get(from) ?? { nonces: new Set(), missing: 0 };
      if (this.has(transaction.hash)) return { kind: "unfit", code: "already_known" };
      if (nonce > sender.missing + 64) return { kind: "unfit", code: "nonce_too_far" };
      this.senders.set(from, sender);
      sender.nonces.add(nonce);
      while (sender.nonces.has(sender.missing)) sender.missing++;
      this.hashes.add(transaction.hash);
      this.byBytes.set(bytesToHash(sha256(transaction.encoded)), transaction);
      taken.push(transaction);
      return { kind: "admitted" };
    });
    this.admitted.push(...taken);
    if (taken.length > 0) this.onAdmitted(taken);
    return verdicts;
  }

  has(hash: Hash): boolean {
    return this.hashes.has(hash);
  }

  verified(encoded: Bytes): VerifiedTransaction | undefined {
    return this.byBytes.get(bytesToHash(sha256(encoded)));
  }

  list(countMax: number): readonly VerifiedTransaction[] {
    return this.admitted.slice(0, countMax);
  }
}

/** Who proposes blocks that can't be executed. */
export const UNEXECUTABLE_PROPOSER = testAccount(8).address;
/** Gas that no header may name. */
export const INVALID_GAS = 13 as Gas;
const AHEAD_MS_MAX = 15_000;

/** Adopts what is higher than the head, keeps the rest; a seal is right when it is not empty. */
export class FakeChain implements ChainAccess {
  readonly imported: Hash[] = [];
  headerChecks = 0;
  bodyChecks = 0;
  heightMin = 0;
  private readonly clock: Clock;
  private readonly kept = new Map<Hash, { traced: TracedHeader; encoded: Bytes }>();
  private best: TracedHeader;

  constructor(options: { clock: Clock; genesis: Block }) {
    this.clock = options.clock;
    this.best = this.keep(options.genesis);
  }

  private keep(block: Block): TracedHeader {
    const { header } = block;
    const traced = { hash: hashHeader(header), header, totalWork: BigInt(header.height) };
    this.kept.set(traced.hash, { traced, encoded: encodeBlock(block) });
    return traced;
  }

  head(): PeerHead {
    return { height: this.best.header.height, hash: this.best.hash, totalWork: this.best.totalWork };
  }

  hashAt(height: Height): Hash | undefined {
    let at: TracedHeader | undefined = this.best;
    while (at !== undefined && at.header.height > height) at = this.header(at.header.parentHash);
    return at?.hash;
  }

  header(hash: Hash): TracedHeader | undefined {
    return this.kept.get(hash)?.traced;
  }

  block(hash: Hash): Bytes | undefined {
    return this.kept.get(hash)?.encoded;
  }

  isBetter(tip: Pick<PeerHead, "hash" | "totalWork">): boolean {
    return tip.totalWork > this.best.totalWork;
  }

  reorgHeightMin(): Height {
    return this.heightMin as Height;
  }

  checkHeader(header: Header, overlay: (hash: Hash) => TracedHeader | undefined): HeaderVerdict {
    this.headerChecks++;
    if (header.gasUsed === INVALID_GAS) return { kind: "invalid", code: "invalid_seal", message: "a test's header" };
    const parent = this.header(header.parentHash) ?? overlay(header.parentHash);
    if (parent === undefined) return { kind: "unknown_parent" };
    if (header.timestampMs > this.clock.nowMs() + AHEAD_MS_MAX) return { kind: "early" };
    const traced = { hash: hashHeader(header), header, totalWork: parent.totalWork + 1n };
    return { kind: "valid", header: traced };
  }

  checkBody({ header, body }: Block): Extract<BlockVerdict, { kind: "invalid" }> | undefined {
    this.bodyChecks++;
    if (header.seal.length === 0) {
      return { kind: "invalid", code: "insufficient_work", message: "no seal", isHashInvalid: true };
    }
    if (header.transactionsRoot === hashList(body.transactions)) return undefined;
    return { kind: "invalid", code: "body_mismatch", message: "another body", isHashInvalid: false };
  }

  importBlocks(items: readonly ImportItem[]): readonly BlockVerdict[] {
    return items.map(({ block, transactions }): BlockVerdict => {
      const { header, body } = block;
      assert(transactions.length === body.transactions.length, "a block comes with its transactions");
      const hash = hashHeader(header);
      if (this.kept.has(hash)) return { kind: "known" };
      if (!this.kept.has(header.parentHash)) return { kind: "unknown_parent" };
      if (header.proposer === UNEXECUTABLE_PROPOSER) {
        return { kind: "invalid", code: "state_mismatch", message: "another state", isHashInvalid: true };
      }
      const traced = this.keep(block);
      this.imported.push(hash);
      if (traced.totalWork <= this.best.totalWork) return { kind: "kept" };
      this.best = traced;
      return { kind: "adopted" };
    });
  }
}

export interface FakeBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly encoded: Bytes;
}

export function fakeBlock(options: {
  parent?: Block;
  transactions?: readonly Bytes[];
  header?: Partial<Header>;
}): FakeBlock {
  const { parent, transactions = [] } = options;
  const header: Header = {
    parentHash: parent === undefined ? ZERO_HASH : hashHeader(parent.header),
    height: (parent === undefined ? 0 : parent.header.height + 1) as Height,
    timestampMs: (parent === undefined ? 1_699_999_000_000 : parent.header.timestampMs + 1000) as TimestampMs,
    stateRoot: ZERO_HASH,
    transactionsRoot: hashList(transactions),
    transactionCount: transactions.length,
    receiptsRoot: ZERO_HASH,
    votesRoot: ZERO_HASH,
    evidenceRoot: ZERO_HASH,
    proposer: testAccount(9).address,
    gasUsed: 0 as Gas,
    seal: Uint8Array.of(1),
    ...options.header,
  };
  const block: Block = { header, body: { ...EMPTY_BODY, transactions, proposerSignature: EMPTY_BYTES } };
  return { block, hash: hashHeader(header), encoded: encodeBlock(block) };
}

/** Blocks on `parent`, each the parent of the next. */
export function fakeBlocks(parent: Block, count: number): readonly FakeBlock[] {
  const blocks: FakeBlock[] = [];
  for (let index = 0; index < count; index++) {
    blocks.push(fakeBlock({ parent: blocks.at(-1)?.block ?? parent }));
  }
  return blocks;
}

function deployOf({ from, amount, nonce, gasPrice, expiry }: Transfer, codeSizeBytes: number): Deploy {
  const gasLimit = 1_000_000_000 as Gas;
  const code = new Uint8Array(codeSizeBytes);
  return { type: "deploy", from, amount, nonce, gasLimit, gasPrice, expiry, code, args: "{}" };
}

/** A transaction of a test account as it travels, whose signature `fakeRecover` accepts unless it is garbage. */
export function fakeTransaction(options: {
  sender?: number;
  nonce: number;
  amount?: number;
  expiry?: number;
  gasLimit?: number;
  isGarbage?: boolean;
  /** Makes it a deploy with this much code. */
  codeSizeBytes?: number;
}): VerifiedTransaction {
  const { sender = 0, nonce, amount = 1, isGarbage = false, codeSizeBytes, ...fields } = options;
  const from = testAccount(sender).address;
  const base = transfer({ from, to: testAccount(9).address, amount, nonce, ...fields });
  const transaction = codeSizeBytes === undefined ? base : deployOf(base, codeSizeBytes);
  const signed = { transaction, signature: isGarbage ? GARBAGE : GOOD };
  const encoded = encodeTransaction(signed);
  return assumeVerified({ signed, encoded, hash: fakeRecover(encoded) ?? ZERO_HASH });
}

export function fakeTransactions(count: number, options: { sender?: number } = {}): readonly VerifiedTransaction[] {
  return Array.from({ length: count }, (_, nonce) => fakeTransaction({ nonce, ...options }));
}
