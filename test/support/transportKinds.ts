// The Transport port's adapters for the suite that holds them to one behaviour.

import type { Transport } from "../../src/core/ports/index.ts";
import { EventRecorder } from "./eventRecorder.ts";
import { MemoryNetwork } from "./memoryTransport.ts";
import { startTransport, stopTransports } from "./tcpFixture.ts";

export const CONGESTION_BYTES = 1_000_000;
export const UNACKNOWLEDGED_MAX = 8;

export interface ContractTransport extends Transport<string> {
  acknowledge(connectionId: number, count: number): void;
  stop(): void | Promise<void>;
}

export interface ContractNode {
  readonly transport: ContractTransport;
  readonly recorder: EventRecorder;
  readonly endpoint: string;
}

export interface TransportKind {
  readonly name: string;
  /** A node that listens, whose messages the test acknowledges itself where `isAcknowledging` is false. */
  readonly create: (options?: { isAcknowledging?: boolean }) => Promise<ContractNode>;
  /** An endpoint at which nobody listens. */
  readonly emptyEndpoint: string;
  /** Under which a node finds that of `endpoint` by its name. */
  readonly nameOf: (endpoint: string) => string;
  /** Everything that is under way has happened, as far as that can be known. */
  readonly settle: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

const NAME = "node.test";
// Loopback delivers at once; what a test says does not happen would happen within a few of these.
const SETTLE_MS = 50;

function resolveTestName(host: string): Promise<readonly string[]> {
  if (host === NAME) return Promise.resolve(["127.0.0.1"]);
  return Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }));
}

const tcp: TransportKind = {
  name: "TCP",
  create: ({ isAcknowledging = true } = {}) =>
    startTransport({
      isAcknowledging,
      resolve: resolveTestName,
      limits: {
        congestionBytes: CONGESTION_BYTES,
        sendBufferBytesMax: 100 * CONGESTION_BYTES,
        unacknowledgedMax: UNACKNOWLEDGED_MAX,
      },
    }),
  emptyEndpoint: "127.0.0.1:1",
  nameOf: (endpoint) => endpoint.replace("127.0.0.1", NAME),
  settle: () => Bun.sleep(SETTLE_MS),
  dispose: stopTransports,
};

function createMemoryKind(): TransportKind {
  let network = new MemoryNetwork();
  let nodes = 0;
  let pumping: ReturnType<typeof setInterval> | undefined;
  const pumpAll = () => {
    while (network.pump());
  };
  return {
    name: "memory",
    create: ({ isAcknowledging = true } = {}) => {
      pumping ??= setInterval(pumpAll, 1);
      nodes += 1;
      const recorder = new EventRecorder();
      const endpoint = `${NAME}:${nodes}`;
      const transport = network.create({
        endpoint,
        address: "127.0.0.1",
        emit: recorder.emit,
        congestionBytes: CONGESTION_BYTES,
        unacknowledgedMax: UNACKNOWLEDGED_MAX,
      });
      if (isAcknowledging) {
        recorder.onEvent = (event) => {
          if (event.kind === "message") transport.acknowledge(event.connectionId, 1);
        };
      }
      return Promise.resolve({ transport, recorder, endpoint });
    },
    emptyEndpoint: `${NAME}:65535`,
    nameOf: (endpoint) => endpoint,
    settle: () => Promise.resolve(pumpAll()),
    dispose: () => {
      clearInterval(pumping);
      pumping = undefined;
      network = new MemoryNetwork();
      return Promise.resolve();
    },
  };
}

export const TRANSPORT_KINDS: readonly TransportKind[] = [createMemoryKind(), tcp];
