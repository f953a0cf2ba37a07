// The Transport port of one node over the simulated network. Most messages of honest nodes travel as the object they are,
// which a seed costs least; a share of them, and all that hostile peers send, are real lines that are split and decoded.

import type { Transport, TransportEvent } from "../../src/core/ports/index.ts";
import { EMPTY_BYTES } from "../../src/core/primitives/index.ts";
import type { Random } from "./random.ts";
import type { NetworkHost, Payload, SimulatedNetwork } from "./simulatedNetwork.ts";
import { estimateSizeBytes, type Wire, type WireReading } from "./wire.ts";

export interface TransportPlace {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface SimulatedTransportOptions<Message> {
  readonly network: SimulatedNetwork<Message>;
  readonly random: Random;
  readonly place: TransportPlace;
  readonly wire: Wire<Message>;
  /** The share of messages that travel as lines, from 0 to 1. */
  readonly lineShare: number;
  readonly onEvent: (event: TransportEvent<Message>) => void;
}

export class SimulatedTransport<Message> implements Transport<Message>, NetworkHost<Message> {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  private readonly options: SimulatedTransportOptions<Message>;
  private readonly readers = new Map<number, (bytes: Uint8Array) => readonly WireReading<Message>[]>();
  private refused: ReadonlySet<string> = new Set();
  /** Inbound connections have odd ids; a replica chooses even ones. */
  private nextInboundId = 1;

  constructor(options: SimulatedTransportOptions<Message>) {
    this.options = options;
    this.name = options.place.name;
    this.address = options.place.address;
    this.port = options.place.port;
    options.network.attach(this);
  }

  connect(options: { connectionId: number; endpoint: string }): void {
    this.options.network.connect(this, options);
  }

  send(connectionIds: readonly number[], message: Message): void {
    const { network, random, lineShare, wire } = this.options;
    const payload: Payload<Message> =
      lineShare > 0 && random.chance(lineShare)
        ? { kind: "bytes", bytes: wire.encode(message) }
        : { kind: "message", message, sizeBytes: estimateSizeBytes(message) };
    for (const connectionId of connectionIds) network.send(this, connectionId, payload);
  }

  close(connectionId: number): void {
    this.options.network.close(this, connectionId);
  }

  refuse(addresses: readonly string[]): void {
    this.refused = new Set(addresses);
  }

  accept(address: string): number | undefined {
    if (this.refused.has(address)) return undefined;
    const connectionId = this.nextInboundId;
    this.nextInboundId += 2;
    return connectionId;
  }

  onConnected(options: Parameters<NetworkHost<Message>["onConnected"]>[0]): void {
    this.options.onEvent({ kind: "connected", ...options, channelBinding: EMPTY_BYTES });
  }

  onFailed(connectionId: number, reason: string): void {
    this.options.onEvent({ kind: "failed", connectionId, reason });
  }

  onPayload(connectionId: number, payload: Payload<Message>): void {
    if (payload.kind === "message") {
      this.options.onEvent({ ...payload, connectionId });
      return;
    }
    let read = this.readers.get(connectionId);
    if (read === undefined) {
      read = this.options.wire.createReader();
      this.readers.set(connectionId, read);
    }
    for (const reading of read(payload.bytes)) this.options.onEvent({ ...reading, connectionId });
  }

  onCongestion(connectionId: number, isCongested: boolean): void {
    this.options.onEvent({ kind: "congestion", connectionId, isCongested });
  }

  onDisconnected(connectionId: number, reason: string): void {
    this.readers.delete(connectionId);
    this.options.onEvent({ kind: "disconnected", connectionId, reason });
  }
}
