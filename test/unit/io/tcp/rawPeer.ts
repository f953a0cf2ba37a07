// A peer that keeps to no protocol: a plain socket for tests of what others may do to a node.

import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";

/** Containers often have IPv4 alone. */
export const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

export interface RawPeer {
  readonly socket: Socket;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly received: Buffer[];
  /** What the node has sent so far, as text. */
  text(): string;
}

/** @param options.address of this end; any of 127.0.0.0/8 */
export function connectRaw(port: number, options: { address?: string; host?: string } = {}): Promise<RawPeer> {
  const { host = "127.0.0.1", address } = options;
  const from = address === undefined ? {} : { localAddress: address };
  const socket = connect({ port, host, ...from });
  const received: Buffer[] = [];
  // Being cut off is what these peers are for.
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const peer = { socket, ended, received, text: () => Buffer.concat(received).toString() };
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(peer));
    socket.once("close", () => resolve(peer));
  });
}
