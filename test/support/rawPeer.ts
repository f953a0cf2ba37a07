// A peer that a test plays itself: it speaks the wire over a real socket, from an address of 127.0.0.0/8 of its choice, and
// may stop, lie or babble at any point. A node is told apart from it by nothing.

import { connect, type Socket } from "node:net";
import { secretKeyToAddress } from "../../src/core/crypto/index.ts";
import { lineSizeBytesMax } from "../../src/core/network/limits.ts";
import { Handshake } from "../../src/core/network/peers/handshake.ts";
import { createWireCodec } from "../../src/core/network/wire/codecTable.ts";
import type { Message, PeerHead, PeerRefusal } from "../../src/core/network/wire/message.ts";
import { type Address, bytesToHash, EMPTY_BYTES, type Hash, type Height } from "../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS } from "../../src/core/protocol/index.ts";
import { LineSplitter } from "../../src/io/tcp/index.ts";

const { blockSizeBytesMax } = DEFAULT_PARAMETERS;
const WIRE = createWireCodec({ blockSizeBytesMax });
const WAIT_MS_MAX = 20_000;
/** Received messages that are kept; an attacker that is served a lot looks at the last ones only. */
const KEPT_MAX = 4096;

export interface RawPeerOptions {
  readonly port: number;
  /** Of this end. */
  readonly address: string;
  readonly genesisHash: Hash;
  /** What it says of its chain; block 0 when absent. */
  readonly head?: PeerHead;
}

export function lineOf(message: Message): string {
  return `${JSON.stringify(WIRE.toJson(message))}\n`;
}

export class RawPeer {
  readonly nodeKey: Address;
  readonly received: Message[] = [];
  /** All that it has sent, when it was asked to remember. */
  readonly recorded: string[] = [];
  /** Called with each message, to answer it. */
  onMessage: (message: Message) => void = () => undefined;
  isEnded = false;
  private readonly options: RawPeerOptions;
  private readonly socket: Socket;
  private readonly handshake: Handshake;
  private readonly lines = new LineSplitter({ sizeBytesMax: lineSizeBytesMax(blockSizeBytesMax) });
  private readonly watchers = new Set<() => void>();

  private constructor(options: RawPeerOptions, socket: Socket) {
    this.options = options;
    this.socket = socket;
    const secretKey = crypto.getRandomValues(new Uint8Array(32));
    this.nodeKey = secretKeyToAddress(secretKey);
    const { genesisHash } = options;
    this.handshake = new Handshake({
      local: { identity: { nodeKey: this.nodeKey, secretKey }, genesisHash, consensus: "pow", allowedNodeKeys: [] },
      direction: "outbound",
      channelBinding: EMPTY_BYTES,
      challenge: bytesToHash(crypto.getRandomValues(new Uint8Array(32))),
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.isEnded = true;
      this.wake();
    });
    socket.on("data", (chunk: Buffer) => this.read(chunk));
  }

  /** A connection that says nothing yet; it may be cut already. */
  static connect(options: RawPeerOptions): Promise<RawPeer> {
    const { port, address } = options;
    const socket = connect({ host: "127.0.0.1", port, localAddress: address });
    const peer = new RawPeer(options, socket);
    return new Promise((resolve) => {
      socket.once("connect", () => resolve(peer));
      socket.once("close", () => resolve(peer));
    });
  }

  /** A connection whose handshake is done. @throws RangeError when the node does not want it */
  static async join(options: RawPeerOptions): Promise<RawPeer> {
    const peer = await RawPeer.connect(options);
    await peer.introduce();
    return peer;
  }

  get refusal(): PeerRefusal | undefined {
    return this.received.find(
      (message): message is PeerRefusal => message.type === "PeerInfo" && message.kind === "refusal",
    );
  }

  async introduce(): Promise<void> {
    const { genesisHash } = this.options;
    const head = this.options.head ?? { height: 0 as Height, hash: genesisHash, totalWork: 0n };
    await this.send(this.handshake.hello({ listenEndpoint: undefined, head }));
    const hello = await this.next((message) => message.type === "PeerInfo" && message.kind === "hello");
    if (hello.type !== "PeerInfo" || hello.kind !== "hello") throw new RangeError("no hello came");
    const step = this.handshake.onHello(hello);
    if (step.kind !== "prove") throw new RangeError(`the node's hello does not fit: ${JSON.stringify(step)}`);
    await this.send(step.proof);
    // A node that has taken the proof pings at once.
    await this.next((message) => message.type === "Ping");
  }

  /** False when the connection has ended. */
  send(message: Message): Promise<boolean> {
    return this.sendText(lineOf(message));
  }

  /** Resolves when the kernel has taken it all; false when the connection has ended before. */
  sendText(text: string | Uint8Array): Promise<boolean> {
    if (this.isEnded || this.socket.destroyed) return Promise.resolve(false);
    if (typeof text === "string" && this.recorded.length < KEPT_MAX) this.recorded.push(text);
    return new Promise((resolve) => {
      const onEnd = () => resolve(false);
      this.socket.once("close", onEnd);
      this.socket.write(text, (error) => {
        this.socket.off("close", onEnd);
        resolve(error === undefined || error === null);
      });
    });
  }

  /** The first message, of those that came already too, that fits. @throws RangeError when the connection ends before */
  async next(fits: (message: Message) => boolean): Promise<Message> {
    let found: Message | undefined;
    await this.until(() => {
      found = this.received.find(fits);
      return found !== undefined || this.isEnded;
    });
    if (found === undefined) throw new RangeError(`the connection ended first: ${this.refusal?.message ?? "untold"}`);
    return found;
  }

  /** @throws RangeError when it takes too long */
  ended(timeoutMs = WAIT_MS_MAX): Promise<void> {
    return this.until(() => this.isEnded, timeoutMs);
  }

  /** Stops reading, as one who wants to be sent much and take nothing. */
  pause(): void {
    this.socket.pause();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private until(check: () => boolean, timeoutMs = WAIT_MS_MAX): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.watchers.delete(look);
        act();
      };
      const timer = setTimeout(() => {
        settle(() => reject(new RangeError(`${this.options.address} waited ${timeoutMs} ms for the node in vain`)));
      }, timeoutMs);
      const look = () => {
        if (check()) settle(resolve);
      };
      this.watchers.add(look);
      look();
    });
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  private read(chunk: Buffer): void {
    this.lines.push(chunk);
    for (let line = this.lines.next(); line !== undefined; line = this.lines.next()) {
      if (line.kind === "fault") throw new RangeError(`the node has sent what is no line: ${line.reason}`);
      const read = WIRE.fromJson(JSON.parse(line.text));
      if (!read.ok) throw new RangeError(`the node has sent what is no message: ${read.refusal.message}`);
      const message = read.value;
      if (this.received.length >= KEPT_MAX) this.received.splice(0, KEPT_MAX / 2);
      this.received.push(message);
      if (message.type === "Ping") void this.send({ type: "Pong", nonce: message.nonce });
      this.onMessage(message);
    }
    this.wake();
  }
}
