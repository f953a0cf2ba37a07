// Clients: signed transfers, deployments and calls of many accounts at random nodes, a few invalid ones, replacements, and
// what a careful client does after a node has died: it asks again, and submits what was never included once more.

import type { SubmitRefusal } from "../../src/core/node/index.ts";
import type { Address, Amount, Bytes, Gas, GasPrice, Height, Nonce } from "../../src/core/primitives/index.ts";
import {
  kindOf,
  type SigningDomain,
  type Transaction,
  type Transfer,
  type VerifiedTransaction,
} from "../../src/core/protocol/index.ts";
import { type KeyHolder, keyHolder, signTransactionBy } from "./accounts.ts";
import { check } from "./checkFailure.ts";
import { BROKEN } from "./contracts/modules.ts";
import { type ContractRequest, ContractRequests } from "./contracts/requests.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimulatedNode } from "./simulatedNode.ts";
import type { Trace } from "./trace.ts";

/** A nonce of a sender, which one of several versions may take. */
interface Slot {
  readonly sender: KeyHolder;
  readonly nonce: number;
  readonly versions: VerifiedTransaction[];
  /** Hex of the encodings of all versions. */
  readonly encodings: string[];
  /** A node has taken it in. */
  isAdmitted: boolean;
}

interface Sender {
  readonly holder: KeyHolder;
  readonly slots: Slot[];
  /** The node that its wallet talks to. */
  home: number;
}

export interface WorkloadOptions {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly domain: SigningDomain;
  readonly nodes: readonly SimulatedNode[];
  readonly senderCount: number;
  /** Milliseconds between two bursts, on average. */
  readonly burstMs: number;
  readonly burstCountMax: number;
  readonly gasPriceMin: number;
  /** Of all transactions, those that deploy or call. */
  readonly contractShare: number;
}

const TRANSFER_GAS = 100_000;
/** Small beside what an account owns, so that no valid transfer fails for lack of money. */
const AMOUNT_MAX = 50;
/** How long a request is on its way. */
const CLIENT_MS = { min: 2, max: 40 };
const FRESH_ADDRESS_SHARE = 0.1;
const REPLACEMENT_SHARE = 0.06;
const INVALID_SHARE = 0.08;
/** Nodes refuse it; a miner who does not may put it into a block, where it fails. */
export const BROKEN_DEPLOYMENT: ContractRequest = { type: "deploy", amount: 0, code: BROKEN, args: "", gas: 0 };
/** A client asks after this long what became of its transactions. */
const ASK_AGAIN_MS = 4_000;

export class Workload {
  private readonly options: WorkloadOptions;
  private readonly senders: Sender[];
  private readonly signed = new Set<string>();
  private readonly listeners: ((encoded: Bytes) => void)[] = [];
  private readonly contracts: ContractRequests;
  private isClosed = false;

  constructor(options: WorkloadOptions) {
    this.options = options;
    const { random, nodes } = options;
    this.contracts = new ContractRequests(random.fork("contracts"));
    this.senders = Array.from({ length: options.senderCount }, (_, index) => ({
      holder: keyHolder(index),
      slots: [],
      home: random.int(0, nodes.length - 1),
    }));
    this.planBurst();
  }

  /** Whether these bytes were signed by whoever holds the key, here or by `sign`. */
  isSigned(encoded: string): boolean {
    return this.signed.has(encoded);
  }

  /** Signs what is no part of the workload's own transfers, such as those of a hostile peer. */
  sign(transaction: Transaction, holder: KeyHolder): VerifiedTransaction {
    const verified = signTransactionBy(transaction, holder, this.options.domain);
    this.signed.add(verified.encoded.toHex());
    return verified;
  }

  /** No new transfers from now on. */
  close(): void {
    this.isClosed = true;
  }

  private planBurst(): void {
    const { scheduler, random, burstMs } = this.options;
    scheduler.after(random.int(burstMs / 2, burstMs * 1.5), () => {
      if (this.isClosed) return;
      this.burst();
      this.planBurst();
    });
  }

  private burst(): void {
    const { random, scheduler, nodes, burstCountMax } = this.options;
    const chosen = random.sample(this.senders, random.int(1, Math.min(3, this.senders.length)));
    for (const sender of chosen) {
      this.settle(sender);
      const node = nodes[sender.home] as SimulatedNode;
      const fresh = Array.from({ length: random.int(1, burstCountMax) }, () => this.addSlot(sender));
      for (const slot of fresh) this.overheard(slot);
      // A request takes its time from the client to the node.
      scheduler.after(random.int(CLIENT_MS.min, CLIENT_MS.max), () => {
        this.submitSlots(node, fresh);
        if (random.chance(REPLACEMENT_SHARE)) this.replace(node, fresh.at(-1) as Slot);
        if (random.chance(INVALID_SHARE)) this.submitInvalid(node, sender);
      });
    }
  }

  private overheard(slot: Slot): void {
    for (const listener of this.listeners) listener((slot.versions[0] as VerifiedTransaction).encoded);
  }

  /** Somebody listens to what clients send, on its way to the nodes. */
  listen(listener: (encoded: Bytes) => void): void {
    this.listeners.push(listener);
  }

  /** A wallet whose node is down talks to another one. */
  private settle(sender: Sender): void {
    const { nodes, random } = this.options;
    if ((nodes[sender.home] as SimulatedNode).isAlive) return;
    const alive = nodes.filter((node) => node.isAlive);
    if (alive.length > 0) sender.home = random.pick(alive).index;
  }

  private addSlot(sender: Sender): Slot {
    const { random, gasPriceMin } = this.options;
    const slot: Slot = {
      sender: sender.holder,
      nonce: sender.slots.length,
      versions: [],
      encodings: [],
      isAdmitted: false,
    };
    sender.slots.push(slot);
    const gasPrice = gasPriceMin + random.int(0, 30);
    const isContract = random.chance(this.options.contractShare);
    addVersion(
      slot,
      this.sign(isContract ? this.contract(slot, gasPrice) : this.transfer(slot, gasPrice), sender.holder),
    );
    return slot;
  }

  private contract(slot: Slot, gasPrice: number): Transaction {
    const { address } = slot.sender;
    return contractTransactionOf(
      slot.sender,
      { nonce: slot.nonce, gasPrice },
      this.contracts.next(address, slot.nonce),
    );
  }

  private transfer(slot: Slot, gasPrice: number): Transfer {
    const { random } = this.options;
    const to = random.chance(FRESH_ADDRESS_SHARE)
      ? (`0x${random.bytes(20).toHex()}` as Address)
      : random.pick([...this.senders.map(({ holder }) => holder.address), ...this.contracts.addresses]);
    return transferOf(slot.sender, { to, nonce: slot.nonce, gasPrice, amount: random.int(0, AMOUNT_MAX) });
  }

  private submitSlots(node: SimulatedNode, slots: readonly Slot[]): void {
    const transactions = slots.map((slot) => slot.versions.at(-1) as VerifiedTransaction);
    node.submit(transactions, (refusals) => {
      slots.forEach((slot, index) => {
        slot.isAdmitted ||= isTaken(refusals[index]);
      });
    });
  }

  /** Offers more for a transaction that waits; either version may be the one that is included. */
  private replace(node: SimulatedNode, slot: Slot): void {
    const price = (slot.versions.at(-1) as VerifiedTransaction).transaction.gasPrice;
    const dearer = this.sign(this.transfer(slot, 2 * price + 1), slot.sender);
    node.submit([dearer], ([refusal]) => {
      if (isTaken(refusal)) addVersion(slot, dearer);
    });
    // Somebody else may have heard of it all the same.
    this.options.trace.event("client", "replaces", `${slot.sender.address} ${slot.nonce}`);
  }

  private submitInvalid(node: SimulatedNode, sender: Sender): void {
    const { random, gasPriceMin } = this.options;
    const { holder } = sender;
    const nonce = sender.slots.length;
    const fields = { to: holder.address, nonce, gasPrice: gasPriceMin, amount: 1 };
    const invalid = random.pick([
      { ...fields, amount: Number.MAX_SAFE_INTEGER },
      { ...fields, nonce: nonce + 1_000 },
      { ...fields, gasLimit: TRANSFER_GAS - 1 },
      { ...fields, gasLimit: Number.MAX_SAFE_INTEGER },
    ]);
    const verified = this.sign(transferOf(holder, invalid), holder);
    node.submit([verified], ([refusal]) => {
      check(refusal !== undefined, "admission", () => `${node.name} took in ${JSON.stringify(invalid)}`);
    });
    if (!random.chance(this.options.contractShare)) return;
    const broken = contractTransactionOf(holder, { nonce, gasPrice: gasPriceMin + 30 }, BROKEN_DEPLOYMENT);
    node.submit([this.sign(broken, holder)], ([refusal]) => {
      check(refusal !== undefined, "admission", () => `${node.name} took in a module that is none`);
    });
  }

  /** Submits again what no node of those that live has included, as after a crash. */
  resubmit(): void {
    const { nodes, trace } = this.options;
    for (const sender of this.senders) {
      this.settle(sender);
      const node = nodes[sender.home] as SimulatedNode;
      const lost = sender.slots.filter((slot) => !this.isIncluded(node, slot));
      if (lost.length > 0) this.submitSlots(node, lost);
    }
    trace.milestone("clients", "submit again what is not included");
  }

  /** A crash has lost what waited in a node's memory: clients ask again after a while. */
  onCrash(): void {
    this.options.scheduler.after(ASK_AGAIN_MS, () => this.resubmit());
  }

  private isIncluded(node: SimulatedNode, slot: Slot): boolean {
    return slot.encodings.some((encoded) => node.chain.includes(encoded));
  }

  /** What a node's canonical chain still lacks of all that must be in it in the end. */
  missing(node: SimulatedNode): string[] {
    return this.senders.flatMap(({ slots }) =>
      slots
        .filter((slot) => !this.isIncluded(node, slot))
        .map((slot) => `${slot.sender.address} nonce ${slot.nonce} (${slot.versions.at(-1)?.hash})`),
    );
  }

  /** Transactions that must be included in the end. */
  get slotCount(): number {
    return this.senders.reduce((sum, { slots }) => sum + slots.length, 0);
  }

  /** Whether some node refused a transaction that none took in since. */
  get hasRefused(): boolean {
    return this.senders.some(({ slots }) => slots.some((slot) => !slot.isAdmitted));
  }
}

function addVersion(slot: Slot, version: VerifiedTransaction): void {
  slot.versions.push(version);
  slot.encodings.push(version.encoded.toHex());
}

/** Included, waiting or taken in: the node needs nothing more. */
function isTaken(refusal: SubmitRefusal | undefined): boolean {
  return refusal === undefined || refusal.code === "already_known" || refusal.code === "nonce_too_low";
}

export function contractTransactionOf(
  holder: KeyHolder,
  fields: { nonce: number; gasPrice: number },
  request: ContractRequest,
): Transaction {
  const { gas, ...kind } = request;
  const draft: Transaction = {
    ...kind,
    from: holder.address,
    amount: kind.amount as Amount,
    nonce: fields.nonce as Nonce,
    gasLimit: 0 as Gas,
    gasPrice: fields.gasPrice as GasPrice,
    expiry: 0 as Height,
  };
  return { ...draft, gasLimit: (kindOf(draft).intrinsicGas(draft) + gas) as Gas };
}

export function transferOf(
  holder: KeyHolder,
  fields: { to: Address; nonce: number; gasPrice: number; amount: number; gasLimit?: number },
): Transfer {
  return {
    type: "transfer",
    from: holder.address,
    to: fields.to,
    amount: fields.amount as Amount,
    nonce: fields.nonce as Nonce,
    gasLimit: (fields.gasLimit ?? TRANSFER_GAS) as Gas,
    gasPrice: fields.gasPrice as GasPrice,
    expiry: 0 as Height,
  };
}
