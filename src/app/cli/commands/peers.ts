// `aureon peers`: the nodes that a node is connected to, and the addresses that it has banned.

import { createClient } from "../../../client/index.ts";
import type { PeersJson } from "../../../client/json/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { nodeUrl } from "../nodeUrl.ts";
import { formatTime } from "../time.ts";

const COLUMNS = ["NODE KEY", "ADDRESS", "DIRECTION", "HEIGHT", "PING MS", "SCORE", "IN", "OUT"];

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function describePeers({ nodeKey, listenEndpoint, peers, bans }: PeersJson): string[] {
  const rows = peers.map((peer) => [
    peer.nodeKey,
    peer.address.includes(":") ? `[${peer.address}]:${peer.port}` : `${peer.address}:${peer.port}`,
    peer.isBootstrap ? `${peer.direction}, bootstrap` : peer.direction,
    String(peer.height),
    peer.roundTripMs === null ? "-" : String(peer.roundTripMs),
    String(peer.score),
    String(peer.bytesIn),
    String(peer.bytesOut),
  ]);
  return [
    `this node  ${nodeKey}${listenEndpoint === null ? "" : ` at ${listenEndpoint}`}`,
    `connected  ${peers.length}`,
    ...(peers.length === 0 ? [] : ["", ...table([COLUMNS, ...rows])]),
    ...(bans.length === 0 ? [] : ["", "banned:"]),
    ...bans.map(({ address, untilMs, reason }) => `${address} until ${formatTime(untilMs)}: ${reason}`),
  ];
}

export const peers: Command = async (context) => {
  const { dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const answer = await createClient({ url: node.url.href }).peers();
  if (!answer.ok) return failByClient(dependencies, answer.error);
  const lines = answer.value.enabled
    ? describePeers(answer.value)
    : ["this node connects to no others: network.enabled is false"];
  dependencies.stdout(`${lines.join("\n")}\n`);
  return EXIT_CODES.ok;
};
