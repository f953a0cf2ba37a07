// The listening socket: every connection is admitted or cut before anything else happens to it, its TLS handshake too.

import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { Logger } from "../../core/ports/index.ts";
import { accept, type Result, refuse } from "../../core/primitives/index.ts";
import { normalizeAddress } from "./address.ts";
import type { Admission } from "./admission.ts";
import type { TcpLimits } from "./limits.ts";
import { handshakeReasonOf, reasonOf } from "./reasons.ts";
import { type TlsIdentity, tlsOptions } from "./tls.ts";
import { TokenBucket } from "./tokenBucket.ts";

export type ListenCode = "port_in_use" | "address_not_available" | "listen_failed";

export interface Listener {
  readonly port: number;
  /** Once a tick: cuts those whose handshake takes too long. */
  tick(nowMs: number): void;
  /** Takes no more connections; those that stand are not its business. */
  stop(): void;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly tls: TlsIdentity | undefined;
  readonly limits: TcpLimits;
  readonly admission: Admission;
  readonly logger: Logger;
  readonly now: () => number;
  /** An admitted connection, verified where there is TLS. */
  readonly onSocket: (socket: Socket, address: string) => void;
}

/** Connections that the kernel holds until they are taken. */
const BACKLOG = 512;
/** Lines about refused handshakes: whoever is refused must not fill the log. */
const LOG_RATE = { perSecond: 0.2, burst: 5 };

function listenRefusal(error: unknown, { host, port }: { host: string; port: number }) {
  const code = (error as { code?: unknown }).code;
  const evidence = { host, port };
  if (code === "EADDRINUSE") {
    const message = `port ${port} on ${host} is in use by another process; set another [network] listen_port`;
    return refuse("port_in_use", message, evidence);
  }
  if (code === "EADDRNOTAVAIL") {
    const message = `this machine has no address ${host}; set [network] listen_addr to one of its own, or 0.0.0.0 for all`;
    return refuse("address_not_available", message, evidence);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return refuse("listen_failed", `the node cannot listen for others on ${host}, port ${port}: ${reason}`, evidence);
}

/** Cuts at once and with nothing left over in the kernel. */
function cut(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.resetAndDestroy();
}

class Gate {
  private readonly options: ListenOptions;
  private readonly logs: TokenBucket;
  /** Sockets whose TLS handshake is under way, with its deadline. Admitted, so as many as there may be connections. */
  private readonly handshakes = new Map<Socket, number>();

  constructor(options: ListenOptions) {
    this.options = options;
    this.logs = new TokenBucket(LOG_RATE, options.now());
  }

  onConnection(socket: Socket): void {
    const { admission, now, tls, limits } = this.options;
    // A socket whose other end is gone already has no address.
    const address = normalizeAddress(socket.remoteAddress ?? "");
    if (address === "" || admission.admit(address, now()) !== "admitted") {
      cut(socket);
      return;
    }
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.handshakes.delete(socket);
      admission.release(address);
    });
    if (tls === undefined) this.options.onSocket(socket, address);
    else this.handshakes.set(socket, now() + limits.handshakeTimeoutMs);
  }

  onSecure(socket: Socket): void {
    // One that was not admitted has been cut.
    if (this.handshakes.delete(socket)) this.options.onSocket(socket, normalizeAddress(socket.remoteAddress ?? ""));
  }

  onHandshakeFailed(error: Error, socket: Socket): void {
    if (!this.handshakes.has(socket)) return;
    this.log(socket, handshakeReasonOf(error));
    socket.destroy();
  }

  tick(nowMs: number): void {
    for (const [socket, deadlineMs] of this.handshakes) {
      if (nowMs < deadlineMs) continue;
      this.log(socket, "its TLS handshake takes too long");
      socket.destroy();
    }
  }

  stop(): void {
    for (const socket of this.handshakes.keys()) socket.destroy();
  }

  private log(socket: Socket, reason: string): void {
    if (!this.logs.take(1, this.options.now())) return;
    this.options.logger.log("warn", "connection refused", { address: socket.remoteAddress, reason });
  }
}

function createGatedServer(options: ListenOptions, gate: Gate): Server {
  const { tls } = options;
  if (tls === undefined) return createServer({ allowHalfOpen: true }, (socket) => gate.onConnection(socket));
  const server = createTlsServer({ ...tlsOptions(tls), allowHalfOpen: true });
  server.on("connection", (socket) => gate.onConnection(socket));
  server.on("secureConnection", (socket) => gate.onSecure(socket));
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => gate.onHandshakeFailed(error, socket));
  return server;
}

export function listen(options: ListenOptions): Promise<Result<Listener, ListenCode>> {
  const { host, port, logger } = options;
  const gate = new Gate(options);
  const server = createGatedServer(options, gate);
  return new Promise((resolve) => {
    // Bun throws for some addresses that it can't listen on, and emits an error for others.
    const onFailure = (error: unknown) => resolve(listenRefusal(error, { host, port }));
    server.once("error", onFailure);
    const onListening = () => {
      server.off("error", onFailure);
      server.on("error", (error) => logger.log("error", "listening failed", { reason: reasonOf(error) }));
      const bound = server.address();
      resolve(
        accept({
          port: typeof bound === "object" && bound !== null ? bound.port : port,
          tick: (nowMs) => gate.tick(nowMs),
          stop: () => {
            server.close();
            gate.stop();
          },
        }),
      );
    };
    try {
      server.listen({ host, port, backlog: BACKLOG, exclusive: true }, onListening);
    } catch (error) {
      onFailure(error);
    }
  });
}
