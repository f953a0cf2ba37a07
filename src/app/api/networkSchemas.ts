// The shapes of what the API says of other nodes and of catching up with them.

import { Type } from "@sinclair/typebox";
import { address, closed, component, hash, names, nullable, uint } from "./schemaParts.ts";

const peer = component(
  "Peer",
  {
    nodeKey: address("The address of the node's key, which it has proven to hold."),
    address: Type.String({ description: "IP address of the other end.", examples: ["10.0.0.2"] }),
    port: uint("Port of the other end.", 6000),
    direction: names(["inbound", "outbound"], "Who opened the connection: outbound is this node."),
    isBootstrap: Type.Boolean({ description: "Whether it is one of network.bootstrap_peers.", examples: [true] }),
    listenEndpoint: nullable(
      Type.String({ description: "Where others reach it, by its own word.", examples: ["node-2:6000"] }),
    ),
    height: uint("Height of its head, by its own word.", 42),
    headHash: hash("Its head, by its own word."),
    roundTripMs: nullable(uint("Of the last ping; null before its answer.", 2)),
    score: uint("Points for offences; at 100 the connection ends and the address is banned.", 0),
    connectedAtMs: uint("Since when.", 1_767_225_600_000),
    bytesIn: uint("Bytes received.", 4096),
    bytesOut: uint("Bytes sent.", 4096),
  },
  "A connected node.",
);

const ban = Type.Object(
  {
    address: Type.String({ description: "IP address.", examples: ["203.0.113.9"] }),
    untilMs: uint("When the ban ends.", 1_767_229_200_000),
    reason: Type.String({ description: "The offence.", examples: ["line_too_long"] }),
  },
  closed,
);

/** The answer of `GET /peers`, but for its status. */
export const peersFields = {
  enabled: Type.Boolean({ description: "Whether this node connects to others.", examples: [true] }),
  nodeKey: nullable(address("The address of this node's key.")),
  listenEndpoint: nullable(Type.String({ description: "Where others reach this node.", examples: ["node-1:6000"] })),
  peers: Type.Array(peer, { description: "Connected nodes, oldest connection first." }),
  bans: Type.Array(ban, { description: "Addresses from which no connection is taken." }),
};

/** The part of `GET /chain/info` about other nodes. */
export const sync = Type.Object(
  {
    state: names(["idle", "headers", "blocks"], "idle: the node is level with those it knows."),
    height: uint("This node's height.", 42),
    targetHeight: uint("The height that it syncs to.", 42),
    blocksPerSecond: uint("Of late, rounded.", 120),
    secondsLeft: nullable(uint("At that rate; null when it is not syncing or not known.", 12)),
    peerCount: uint("Connected nodes.", 2),
  },
  { ...closed, description: "How far this node is behind others." },
);
