// One connection of a hostile peer: it greets as an honest node does, since nothing else gets past the handshake, and then
// sends whatever it likes.

import type { Message, NodeIdentity, PeerHead } from "../../../src/core/network/index.ts";
import { Handshake } from "../../../src/core/network/peers/handshake.ts";
import type { PeerHello, PeerProof } from "../../../src/core/network/wire/message.ts";
import type { ConnectionDirection } from "../../../src/core/ports/index.ts";
import { EMPTY_BYTES, type Hash } from "../../../src/core/primitives/index.ts";
import type { Random } from "../random.ts";

export interface SessionOptions {
  readonly connectionId: number;
  readonly direction: ConnectionDirection;
  /** The other end's address. */
  readonly address: string;
  readonly identity: NodeIdentity;
  readonly genesisHash: Hash;
  readonly listenEndpoint: string;
  readonly head: () => PeerHead;
  readonly random: Random;
  readonly send: (message: Message) => void;
  readonly sendBytes: (bytes: Uint8Array) => void;
}

export class HostileSession {
  readonly connectionId: number;
  readonly address: string;
  /** What it has sent to open the connection, for those who send it again. */
  readonly opening: Message[] = [];
  private readonly options: SessionOptions;
  private readonly handshake: Handshake;
  private ready = false;

  constructor(options: SessionOptions) {
    this.options = options;
    this.connectionId = options.connectionId;
    this.address = options.address;
    const { identity, genesisHash, direction, random } = options;
    this.handshake = new Handshake({
      local: { identity, genesisHash, consensus: "pow", allowedNodeKeys: [] },
      direction,
      channelBinding: EMPTY_BYTES,
      challenge: `0x${random.bytes(32).toHex()}` as Hash,
    });
    const hello = this.handshake.hello({ listenEndpoint: options.listenEndpoint, head: options.head() });
    this.opening.push(hello);
    this.send(hello);
  }

  /** Whether the other end takes it for a node. */
  get isReady(): boolean {
    return this.ready;
  }

  send(message: Message): void {
    this.options.send(message);
  }

  sendBytes(bytes: Uint8Array): void {
    this.options.sendBytes(bytes);
  }

  /** Takes part in the handshake; other messages are the caller's. */
  onGreeting(message: PeerHello | PeerProof): void {
    const step = message.kind === "hello" ? this.handshake.onHello(message) : this.handshake.onProof(message);
    if (step.kind === "prove") {
      this.opening.push(step.proof);
      this.send(step.proof);
    }
    if (step.kind === "established") this.ready = true;
  }
}
