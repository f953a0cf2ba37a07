// A TCP relay between two programs that a test can cut and heal, standing for the network between them.

import { connect, createServer, type Server, type Socket } from "node:net";

export interface TcpLink {
  /** Where to connect to instead of the target. */
  readonly port: number;
  /** Ends what is open and refuses what comes. */
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function createTcpLink(options: { targetPort: number }): Promise<TcpLink> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server: Server = createServer((inbound) => {
    keep(inbound);
    if (isCut) {
      inbound.destroy();
      return;
    }
    const outbound = connect({ host: "127.0.0.1", port: options.targetPort });
    keep(outbound);
    inbound.on("close", () => outbound.destroy());
    outbound.on("close", () => inbound.destroy());
    inbound.pipe(outbound);
    outbound.pipe(inbound);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as { port: number };
  return {
    port,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    heal: () => {
      isCut = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
