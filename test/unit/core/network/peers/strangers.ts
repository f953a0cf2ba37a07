// A lone node and what a test says to it in the name of others, right or wrong.

import type { NodeIdentity } from "../../../../../src/core/network/chainAccess.ts";
import { Handshake } from "../../../../../src/core/network/peers/handshake.ts";
import type { Message, PeerHello, PeerProof } from "../../../../../src/core/network/wire/message.ts";
import { EMPTY_BYTES, type Hash } from "../../../../../src/core/primitives/index.ts";
import { GENESIS, headAt, type NodeOptions, RecordingTransport, TestNode } from "./harness.ts";

export interface Stranger {
  readonly connectionId: number;
  readonly identity: NodeIdentity;
  readonly address?: string;
  readonly listenEndpoint?: string;
}

export function createLoneNode(options: NodeOptions = {}) {
  const transport = new RecordingTransport();
  const node = new TestNode(transport, options);

  const say = (connectionId: number, message: Message): void => {
    node.on({ kind: "message", connectionId, message, sizeBytes: 100 });
  };
  const arrive = (arrival: { connectionId: number; address?: string }): void => {
    const { connectionId, address = "10.0.0.7" } = arrival;
    const direction = connectionId % 2 === 0 ? "outbound" : "inbound";
    node.on({ kind: "connected", connectionId, direction, address, port: 50_000, channelBinding: EMPTY_BYTES });
  };
  /** A connection with its whole handshake; gives what the stranger has said. */
  const meet = (stranger: Stranger): { hello: PeerHello; proof: PeerProof } => {
    const { connectionId, identity } = stranger;
    arrive(stranger);
    const local = { identity, genesisHash: GENESIS, consensus: "pow", allowedNodeKeys: [] };
    const challenge = `0x${connectionId.toString(16).padStart(64, "0")}` as Hash;
    const direction = connectionId % 2 === 0 ? "inbound" : "outbound";
    const handshake = new Handshake({ local, direction, channelBinding: EMPTY_BYTES, challenge });
    const hello = handshake.hello({ listenEndpoint: stranger.listenEndpoint, head: headAt(0) });
    say(connectionId, hello);
    const [own] = transport.infos(connectionId, "hello");
    const step = own === undefined ? undefined : handshake.onHello(own);
    if (step?.kind !== "prove") throw new Error("the node has not greeted");
    say(connectionId, step.proof);
    return { hello, proof: step.proof };
  };
  return { node, transport, say, arrive, meet };
}
