// A whole replica with its network that is given spoilt lines by a peer. The peer has done the handshake, and comes again
// from another address when it was banned or left, so that what lies behind the decoder keeps being reached.

import { secretKeyToAddress } from "../../src/core/crypto/index.ts";
import { Handshake } from "../../src/core/network/peers/handshake.ts";
import type { Message } from "../../src/core/network/wire/message.ts";
import { createEngine, DEFAULT_NETWORK_SETTINGS, Replica } from "../../src/core/node/index.ts";
import type { Transport, TransportEvent, VerificationJob } from "../../src/core/ports/index.ts";
import {
  assert,
  bytesToHash,
  EMPTY_BYTES,
  HASH_SIZE_BYTES,
  type Height,
  type TimestampMs,
} from "../../src/core/primitives/index.ts";
import {
  decodeTransaction,
  encodeBlock,
  encodeHeader,
  type Genesis,
  hashHeader,
  verifyTransaction,
} from "../../src/core/protocol/index.ts";
import { signedTransfer, testAccount, testGenesis } from "./chainFixture.ts";
import { silentLogger } from "./inProcessNode.ts";
import { createTestMachine } from "./machine.ts";
import { MemoryStore } from "./memoryStore.ts";
import { createSeededRng, type SeededRng } from "./seededRng.ts";
import { type MinedBlock, mineAndImport, openTestChain } from "./testChain.ts";
import type { FuzzEvent } from "./wireFuzz.ts";

/** Of time, between two lines: as many as a peer may send for a while. */
const LINE_INTERVAL_MS = 10;
const LINES_PER_TICK = 10;
const STEPS_MAX = 8;
const MEMPOOL_COUNT_MAX = 1000;
/** Blocks that the replica has from the start, and those that lines tell it of. */
const OWN_BLOCKS = 4;
const FURTHER_BLOCKS = 4;
/** A peer that is banned is of no use, so only some of the faults reach the replica. */
const FAULTS_PASSED_ONE_IN = 16;

export interface HandlingReport {
  /** Lines that reached a peer that had done the handshake. */
  readonly handled: number;
  readonly connections: number;
  /** Of the peer, by the node. */
  readonly partings: number;
  readonly sent: Readonly<Record<string, number>>;
  /** What the replica holds at the end, each beside its bound. */
  readonly held: Readonly<Record<string, readonly [count: number, countMax: number]>>;
  readonly height: number;
}

/** Of the parts that a replica keeps to itself. */
interface Inside {
  readonly network: {
    readonly blocks: {
      readonly orphanCount: number;
      readonly earlyCount: number;
      readonly peers: Map<number, unknown>;
    };
    readonly transactions: {
      readonly intake: {
        readonly waitingCount: number;
        readonly earlyCount: number;
        readonly peers: Map<number, unknown>;
      };
    };
    readonly peers: { readonly discipline: { readonly scores: Map<string, unknown> } };
  };
}

export class FuzzedReplica {
  readonly samples: readonly Message[];
  private readonly replica: Replica;
  private readonly genesis: Genesis;
  private readonly rng: SeededRng;
  private readonly domain: ReturnType<typeof openTestChain>["domain"];
  private readonly jobs: VerificationJob[] = [];
  private readonly sent: Record<string, number> = {};
  private nowMs: number;
  private connectionId = 1;
  private connections = 0;
  private partings = 0;
  private handled = 0;
  private lines = 0;
  private peer: Handshake | undefined;
  private isReady = false;

  constructor(options: { seed: number; blockSizeBytesMax: number }) {
    const { blockSizeBytesMax } = options;
    const base = testGenesis();
    this.genesis = testGenesis({ parameters: { ...base.parameters, blockSizeBytesMax } });
    this.rng = createSeededRng(options.seed);
    const source = openTestChain({ genesis: this.genesis });
    this.domain = source.domain;
    const transactions = Array.from({ length: OWN_BLOCKS + FURTHER_BLOCKS + 4 }, (_, nonce) =>
      signedTransfer({ sender: testAccount(0), to: testAccount(1).address, amount: 1, nonce, domain: this.domain }),
    );
    const blocks = Array.from({ length: OWN_BLOCKS + FURTHER_BLOCKS }, (_, index) =>
      mineAndImport(source, { transactions: transactions.slice(index, index + 1) }),
    );
    this.nowMs = (blocks.at(-1) as MinedBlock).block.header.timestampMs + LINE_INTERVAL_MS;
    this.replica = this.createReplica();
    const own = blocks.slice(0, OWN_BLOCKS);
    for (const result of this.replica.onBlocks(own)) assert(result.ok, "the replica takes its first blocks");
    this.samples = samplesOf({ blocks, transactions: transactions.slice(-4).map(({ encoded }) => encoded), source });
  }

  private createReplica(): Replica {
    const { secretKey } = testAccount(5);
    const transport: Transport<Message> = {
      connect: () => undefined,
      send: (_, message) => this.onSent(message),
      close: () => this.onClosed(),
      refuse: () => undefined,
    };
    return new Replica({
      store: new MemoryStore(),
      genesis: this.genesis,
      engine: createEngine(this.genesis),
      machine: createTestMachine(),
      clock: { nowMs: () => this.nowMs as TimestampMs },
      sealer: { start: () => undefined, cancel: () => undefined },
      logger: silentLogger,
      listener: {
        committed: () => undefined,
        reorganized: () => undefined,
        statusChanged: () => undefined,
        admitted: () => undefined,
      },
      network: {
        transport,
        verifier: { verify: (job) => this.jobs.push(job) },
        rng: this.rng,
        identity: { nodeKey: secretKeyToAddress(secretKey), secretKey },
        settings: DEFAULT_NETWORK_SETTINGS,
      },
      settings: {
        mining: {
          enabled: false,
          beneficiary: testAccount(9).address,
          onDemand: true,
          intervalMsMin: 0,
          intervalMsMax: 5000,
        },
        mempool: { countMax: MEMPOOL_COUNT_MAX, sizeBytesMax: 1_000_000, perAccountMax: 100 },
        cachedPagesMax: 64,
      },
    });
  }

  /** What a line has become, or what is wrong with it. */
  handle(event: FuzzEvent): void {
    this.nowMs += LINE_INTERVAL_MS;
    this.lines++;
    if (!this.isReady) this.meet();
    if (this.isReady && (event.kind === "message" || this.rng.chance(1, FAULTS_PASSED_ONE_IN))) {
      this.handled++;
      this.on({ ...event, connectionId: this.connectionId });
    }
    if (this.lines % LINES_PER_TICK === 0) this.tick();
  }

  private on(event: TransportEvent<Message>): void {
    this.replica.onTransport(event);
    for (let steps = 0; steps < STEPS_MAX && this.replica.hasWork(); steps++) this.replica.step();
  }

  private tick(): void {
    for (const job of this.jobs.splice(0)) {
      const hashes = job.encoded.map((encoded) => {
        const decoded = decodeTransaction(encoded);
        assert(decoded.ok, "only what decodes is verified");
        const verified = verifyTransaction(decoded.value, this.domain);
        return verified.ok ? verified.value.hash : undefined;
      });
      this.replica.onVerified({ jobId: job.jobId, hashes });
    }
    this.replica.tick();
  }

  /** Comes from a new address, and does the handshake. */
  private meet(): void {
    const { secretKey, address: nodeKey } = testAccount(6);
    this.connectionId += 2;
    this.connections++;
    const genesisHash = this.replica.chain.genesisHash;
    this.peer = new Handshake({
      local: { identity: { nodeKey, secretKey }, genesisHash, consensus: "pow", allowedNodeKeys: [] },
      direction: "outbound",
      channelBinding: EMPTY_BYTES,
      challenge: bytesToHash(this.rng.bytes(HASH_SIZE_BYTES)),
    });
    const address = `10.${[16, 8, 0].map((shift) => (this.connections >> shift) & 0xff).join(".")}`;
    const { connectionId } = this;
    const connected = { kind: "connected", connectionId, direction: "inbound", address, port: 1 } as const;
    this.on({ ...connected, channelBinding: EMPTY_BYTES });
  }

  private say(message: Message): void {
    const { connectionId } = this;
    this.on({ kind: "message", connectionId, message, sizeBytes: 100 });
  }

  private onSent(message: Message): void {
    this.sent[message.type] = (this.sent[message.type] ?? 0) + 1;
    const { peer } = this;
    if (message.type !== "PeerInfo" || peer === undefined) return;
    if (message.kind === "proof") this.isReady = true;
    if (message.kind !== "hello") return;
    const head = { height: 0 as Height, hash: this.replica.chain.genesisHash, totalWork: 0n };
    const step = peer.onHello(message);
    assert(step.kind === "prove", "the node's hello fits");
    this.say(peer.hello({ listenEndpoint: undefined, head }));
    this.say(step.proof);
  }

  private onClosed(): void {
    if (this.peer === undefined) return;
    this.peer = undefined;
    this.isReady = false;
    this.partings++;
    this.replica.onTransport({ kind: "disconnected", connectionId: this.connectionId, reason: "closed" });
  }

  report(): HandlingReport {
    this.tick();
    const { network } = this.replica as unknown as Inside;
    const view = this.replica.networkView();
    const { intake } = network.transactions;
    return {
      handled: this.handled,
      connections: this.connections,
      partings: this.partings,
      sent: this.sent,
      height: this.replica.chain.head.header.height,
      held: {
        peers: [view?.peers.length ?? 0, 1],
        handshaking: [view?.counts.handshaking ?? 0, 1],
        bans: [view?.bans.length ?? 0, 1024],
        endpoints: [view?.counts.known ?? 0, 1000],
        scores: [network.peers.discipline.scores.size, 1024],
        orphans: [network.blocks.orphanCount, 64],
        early: [network.blocks.earlyCount, 16],
        blockPeers: [network.blocks.peers.size, 1],
        transactionPeers: [intake.peers.size, 1],
        unverified: [intake.waitingCount, 16_384],
        earlyTransactions: [intake.earlyCount, 1024],
        mempool: [this.replica.status().mempoolCount, MEMPOOL_COUNT_MAX],
        jobs: [this.jobs.length, 64],
      },
    };
  }
}

/** Messages of the replica's own chain: lines that are spoilt a little are then nearly right. */
function samplesOf(options: {
  blocks: readonly MinedBlock[];
  transactions: readonly Uint8Array[];
  source: ReturnType<typeof openTestChain>;
}): readonly Message[] {
  const { blocks, transactions, source } = options;
  const { chain } = source;
  const encoded = blocks.map(({ block }) => encodeBlock(block));
  const headers = blocks.map(({ block }) => encodeHeader(block.header));
  const hashes = blocks.map(({ block }) => hashHeader(block.header));
  const locator = [chain.genesisHash];
  const head = { height: blocks.length as Height, hash: chain.head.hash, totalWork: chain.head.totalWork };
  return [
    ...encoded.slice(OWN_BLOCKS).map((block): Message => ({ type: "Block", block })),
    { type: "Transactions", transactions },
    { type: "SyncRequest", kind: "headers", requestId: 1, locator, countMax: 8 },
    { type: "SyncRequest", kind: "blocks", requestId: 2, hashes },
    { type: "SyncResponse", kind: "headers", requestId: 1, headers: headers.slice(OWN_BLOCKS) },
    { type: "SyncResponse", kind: "blocks", requestId: 2, blocks: encoded.slice(OWN_BLOCKS, OWN_BLOCKS + 2) },
    { type: "GetBlock", hash: chain.head.hash },
    { type: "PeerInfo", kind: "status", head, endpoints: [] },
  ];
}
