// A replica whose clock, sealer and log a test holds in its hands.

import { searchNonce } from "../../../../src/core/consensus/pow/index.ts";
import { createEngine, type NodeStatus, type Reorganization, Replica } from "../../../../src/core/node/index.ts";
import type { LogFields, Logger, SealJob } from "../../../../src/core/ports/index.ts";
import type { TimestampMs } from "../../../../src/core/primitives/index.ts";
import {
  createSigningDomain,
  decodeHeader,
  type Genesis,
  type Header,
  type VerifiedTransaction,
} from "../../../../src/core/protocol/index.ts";
import type { VirtualMachine } from "../../../../src/core/vm/index.ts";
import { testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { createTestMachine } from "../../../support/machine.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { verified } from "../../../support/testChain.ts";

export const INTERVAL_MS = 5000;
export const INTERVAL_MS_MIN = 25;
export const BENEFICIARY = testAccount(9).address;

export interface HarnessOptions {
  readonly genesis?: Genesis;
  readonly onDemand?: boolean;
  readonly enabled?: boolean;
  readonly reorgDepthMax?: number;
  readonly store?: MemoryStore;
  readonly machine?: VirtualMachine;
  /** Where the clock begins, counted from the genesis time. */
  readonly startMs?: number;
}

export function createHarness(options: HarnessOptions = {}) {
  const { genesis = testGenesis(), onDemand = true, enabled = true, startMs = 1000, reorgDepthMax } = options;
  const engine = createEngine(genesis, reorgDepthMax === undefined ? {} : { reorgDepthMax });
  const store = options.store ?? new MemoryStore();
  const jobs: SealJob[] = [];
  const statuses: NodeStatus[] = [];
  const committed: { height: number; transactions: number }[] = [];
  /** Reorganizations, and the heights of the blocks that are told of, in order. */
  const told: (Reorganization | number)[] = [];
  const logged: { event: string; fields: LogFields | undefined }[] = [];
  let nowMs = genesis.timestampMs + startMs;
  let open: SealJob | undefined;
  let templates = 0;
  const prepareSeal = engine.prepareSeal.bind(engine);
  engine.prepareSeal = (seal) => {
    templates++;
    return prepareSeal(seal);
  };
  const logger: Logger = {
    log: (level, event, fields) => {
      if (level !== "debug") logged.push({ event, fields });
    },
    module: () => logger,
  };
  const replica = new Replica({
    store,
    genesis,
    engine,
    machine: options.machine ?? createTestMachine(),
    clock: { nowMs: () => nowMs as TimestampMs },
    sealer: {
      start: (job) => {
        jobs.push(job);
        open = job;
      },
      cancel: () => {
        open = undefined;
      },
    },
    logger,
    listener: {
      committed: ({ header, transactions }) => {
        told.push(header.height);
        committed.push({ height: header.height, transactions: transactions.length });
      },
      reorganized: (reorganization) => told.push(reorganization),
      statusChanged: (status) => statuses.push(status),
      admitted: () => undefined,
    },
    settings: {
      mining: {
        enabled,
        beneficiary: BENEFICIARY,
        onDemand,
        intervalMsMax: INTERVAL_MS,
        intervalMsMin: INTERVAL_MS_MIN,
      },
      mempool: { countMax: 100, sizeBytesMax: 100_000, perAccountMax: 50 },
      cachedPagesMax: 16,
    },
  });
  const domain = createSigningDomain(replica.chain.genesisHash);

  /** From the nth test account to the one after it. */
  function pay(from: number, nonce: number, fields: { amount?: number; gasLimit?: number } = {}): VerifiedTransaction {
    const [sender, to] = [testAccount(from).address, testAccount(from + 1).address];
    return verified(transfer({ from: sender, to, nonce, amount: 1, ...fields }), domain);
  }

  function resultOf(job: SealJob) {
    const nonce = searchNonce({ header: job.header, target: job.target, start: 0, count: 1_000_000 });
    return { jobId: job.jobId, nonce: nonce as number };
  }

  return {
    replica,
    store,
    domain,
    jobs,
    statuses,
    committed,
    told,
    engine,
    genesis,
    logged,
    pay,
    resultOf,
    /** The job that the sealer works on. */
    openJob: () => open,
    templateCount: () => templates,
    height: () => replica.chain.head.header.height as number,
    setNow: (afterGenesisMs: number) => {
      nowMs = genesis.timestampMs + afterGenesisMs;
    },
    /** Moves the clock on and ticks, as the host does. */
    pass: (ms: number) => {
      nowMs += ms;
      replica.tick();
    },
    submit: (...transactions: VerifiedTransaction[]) => replica.submit(transactions).map((refusal) => refusal?.code),
    /** The sealer finds what it searches. */
    seal: () => {
      if (open === undefined) throw new RangeError("nothing is to be sealed");
      const job = open;
      open = undefined;
      replica.onSealed(resultOf(job));
    },
  };
}

/** The header that a job is about. */
export function headerOf(job: SealJob | undefined): Header {
  const decoded = job && decodeHeader(job.header);
  if (decoded?.ok !== true) throw new RangeError("there is no such job");
  return decoded.value;
}
