// Three compiled nodes run thousands of deployments and calls, and must agree on every header, receipt and value of the
// state. What they agree on is then held against the simulator's model, from one node's database.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configToGenesis } from "../../src/app/config/genesis.ts";
import { loadConfig } from "../../src/app/config/index.ts";
import { type BlockTransactionJson, transactionToJson } from "../../src/client/json/index.ts";
import type { StoreReader } from "../../src/core/ports/index.ts";
import { bytesToSignature, type Hash, type Height, SIGNATURE_SIZE_BYTES } from "../../src/core/primitives/index.ts";
import { createSigningDomain, type Genesis, type SigningDomain } from "../../src/core/protocol/index.ts";
import { signTransactionBy } from "../simulator/accounts.ts";
import { ReferenceLedger } from "../simulator/checkers/ledger.ts";
import { type ContractRequest, ContractRequests, oneOfEach } from "../simulator/contracts/requests.ts";
import { Random } from "../simulator/random.ts";
import { contractTransactionOf } from "../simulator/workload.ts";
import { testAccount } from "./chainFixture.ts";
import { Cluster, type ClusterNode, succeeded, until } from "./cluster.ts";
import { verifyState, withDatabaseCopy } from "./verifyChain.ts";

export interface CampaignReport {
  readonly sent: number;
  readonly height: number;
  /** By reason, from the receipts that the nodes serve; `refund` beside. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly seconds: number;
}

/** Account 9 is the miners' beneficiary. */
const SENDER_COUNT = 9;
/** Of one sender in one request; a node keeps more of each. */
const BATCH_MAX = 40;
const GAS_PRICE_MAX = 40;
const BLOCK_TIME_MS = 1000;
const MESH_MS_MAX = 60_000;
const INCLUSION_MS_MAX = 120_000;
const PAGE_COUNT = 100;

interface Sender {
  readonly index: number;
  nonce: number;
}

class ContractCampaign {
  private readonly cluster: Cluster;
  private readonly random: Random;
  private readonly requests: ContractRequests;
  private readonly senders: readonly Sender[];
  private readonly domain: SigningDomain;

  constructor(options: { cluster: Cluster; seed: number; domain: SigningDomain }) {
    this.cluster = options.cluster;
    this.domain = options.domain;
    this.random = new Random(`campaign ${options.seed}`);
    this.requests = new ContractRequests(this.random.fork("requests"));
    this.senders = Array.from({ length: SENDER_COUNT }, (_, index) => ({ index, nonce: 0 }));
  }

  /** A batch of each sender, each to a node that chance picks, all at once. @returns how many were sent */
  async sendRound(countMax: number): Promise<number> {
    let left = countMax;
    const batches = this.senders.map((sender) => {
      const batch = Array.from({ length: Math.min(left, this.random.int(1, BATCH_MAX)) }, () => this.next(sender));
      left -= batch.length;
      return { batch, node: this.random.pick(this.cluster.nodes) };
    });
    await Promise.all(batches.map(({ batch, node }) => submit(node, batch)));
    await Promise.all(this.cluster.nodes.map((node) => this.untilIncluded(node)));
    return countMax - left;
  }

  /** Of one sender, so that nothing of it depends on what comes first. @returns how many were sent */
  async sendOneOfEach(): Promise<number> {
    const [sender] = this.senders as [Sender];
    const requests = oneOfEach(testAccount(sender.index).address, sender.nonce);
    const batch = requests.map((request) => this.signed(sender, request));
    await submit(this.random.pick(this.cluster.nodes), batch);
    await Promise.all(this.cluster.nodes.map((node) => this.untilIncluded(node)));
    return batch.length;
  }

  private next(sender: Sender): object {
    return this.signed(sender, this.requests.next(testAccount(sender.index).address, sender.nonce));
  }

  private signed(sender: Sender, request: ContractRequest): object {
    const holder = testAccount(sender.index);
    const nonce = sender.nonce++;
    const transaction = contractTransactionOf(holder, { nonce, gasPrice: this.random.int(0, GAS_PRICE_MAX) }, request);
    const { hash, encoded } = signTransactionBy(transaction, holder, this.domain);
    const signature = bytesToSignature(encoded.subarray(-SIGNATURE_SIZE_BYTES));
    return transactionToJson({ hash, signed: { transaction, signature } });
  }

  private async untilIncluded(node: ClusterNode): Promise<void> {
    const isIncluded = async ({ index, nonce }: Sender) =>
      (await succeeded(node.client.account(testAccount(index).address))).nonce === nonce;
    const all = async () => (await Promise.all(this.senders.map(isIncluded))).every((is) => is);
    await until(`all transactions on node ${node.index + 1}`, all, INCLUSION_MS_MAX);
  }
}

async function submit(node: ClusterNode, batch: readonly object[]): Promise<void> {
  if (batch.length === 0) return;
  const results = await succeeded(node.client.submitMany(batch));
  const refused = results.find(({ status }) => status !== "ok");
  if (refused !== undefined) throw new RangeError(`node ${node.index + 1} refused ${JSON.stringify(refused)}`);
}

/** Of one block as a node serves it: the header, and all transactions with their receipts. */
async function blockOf(node: ClusterNode, height: number) {
  const block = await succeeded(node.client.block(height));
  const transactions: BlockTransactionJson[] = [];
  while (transactions.length < block.transactionCount) {
    const page = { offset: transactions.length, countMax: PAGE_COUNT };
    transactions.push(...(await succeeded(node.client.blockTransactions(height, page))).transactions);
  }
  return { block, transactions };
}

/** Compares every block up to a height that all have, and counts the receipts. */
async function compareBlocks(cluster: Cluster, height: number): Promise<Map<string, number>> {
  const reasons = new Map<string, number>();
  const count = (what: string) => reasons.set(what, (reasons.get(what) ?? 0) + 1);
  for (let at = 0; at <= height; at++) {
    const [first, ...others] = await Promise.all(cluster.nodes.map((node) => blockOf(node, at)));
    const text = JSON.stringify(first);
    if (others.some((other) => JSON.stringify(other) !== text)) throw new RangeError(`the nodes differ at block ${at}`);
    for (const { receipt } of first?.transactions ?? []) {
      if (receipt === null) throw new RangeError(`block ${at} lacks a receipt`);
      count(receipt.reason);
      if (receipt.gasRefunded > 0) count("refund");
    }
  }
  return reasons;
}

function genesisOf(datadir: string): Genesis {
  const file = { name: "config.toml", text: readFileSync(join(datadir, "config.toml"), "utf8") };
  const loaded = loadConfig({ file, environment: {}, flags: [], readFile: () => ({ ok: false, reason: "none" }) });
  if (!loaded.ok) throw new RangeError(JSON.stringify(loaded.problems));
  return configToGenesis(loaded.config);
}

function entriesOf(store: StoreReader): string[] {
  return Array.from(store.stateEntries(), ({ key, value }) => `${key.toHex()} ${value.toHex()}`).toSorted();
}

/** What stopped nodes have on their disks: one state, with the root and the supply that it must have. */
function checkDatabases(datadirs: readonly string[]): void {
  const states = datadirs.map((datadir) =>
    withDatabaseCopy(join(datadir, "chain", "chain.sqlite"), (store) => {
      const { headHash, problems } = verifyState(store);
      if (problems.length > 0) throw new RangeError(`${datadir}: ${problems.join("; ")}`);
      return { headHash, entries: entriesOf(store).join("\n") };
    }),
  );
  const [first] = states;
  for (const { headHash, entries } of states) {
    if (headHash === first?.headHash && entries !== first.entries) throw new RangeError("the nodes' states differ");
  }
}

/** Every block of a node, executed by the model. */
function checkModel(datadir: string): void {
  const ledger = new ReferenceLedger({ genesis: genesisOf(datadir), isSigned: () => true });
  withDatabaseCopy(join(datadir, "chain", "chain.sqlite"), (store) => {
    const { height } = store.head() ?? { height: -1 };
    for (let at = 0; at <= height; at++) {
      const stored = store.block(store.hashAt(at as Height) as Hash);
      if (stored === undefined) throw new RangeError(`block ${at} is missing`);
      ledger.add(stored);
    }
  });
}

export async function runContractCampaign(options: {
  calls: number;
  seed: number;
  onProgress?: (sent: number) => void;
}): Promise<CampaignReport> {
  const startMs = performance.now();
  const cluster = await Cluster.create({ count: 3, blockTimeMs: BLOCK_TIME_MS, isDirect: true });
  try {
    await Promise.all(cluster.nodes.map((node) => node.start()));
    const isMeshed = async () => {
      const reports = await Promise.all(cluster.nodes.map(({ client }) => succeeded(client.peers())));
      return reports.every(({ peers }) => peers.length === 2);
    };
    await until("a full mesh", isMeshed, MESH_MS_MAX);
    const domain = createSigningDomain((await succeeded(cluster.node(0).client.info())).genesisHash);
    const campaign = new ContractCampaign({ cluster, seed: options.seed, domain });
    let sent = await campaign.sendOneOfEach();
    while (sent < options.calls) {
      sent += await campaign.sendRound(options.calls - sent);
      options.onProgress?.(sent);
    }
    const { height } = await cluster.untilLevel(INCLUSION_MS_MAX);
    const reasons = await compareBlocks(cluster, height);
    const datadirs = cluster.nodes.map(({ datadir }) => datadir);
    await Promise.all(cluster.nodes.map((node) => node.stop()));
    checkDatabases(datadirs);
    // All three have the same blocks.
    checkModel(datadirs[0] as string);
    return { sent, height, reasons, seconds: (performance.now() - startMs) / 1000 };
  } finally {
    await cluster.stop();
  }
}
