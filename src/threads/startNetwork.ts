// Prepares a node's network: its key, the listening socket and the parts that go to the replica's thread.

import { secretKeyToAddress } from "../core/crypto/index.ts";
import {
  createWireCodec,
  isEndpoint,
  lineSizeBytesMax,
  type Message,
  type NetworkSettings,
} from "../core/network/index.ts";
import type { Logger } from "../core/ports/index.ts";
import { accept, type Result } from "../core/primitives/index.ts";
import { loadNodeKey, type NodeKeyCode } from "../io/keys/index.ts";
import { createCollector } from "../io/memory/index.ts";
import {
  type Codec,
  createLineSource,
  createTcpTransport,
  defaultTcpLimits,
  parseJsonLine,
  type TcpTransportCode,
  type TlsIdentity,
} from "../io/tcp/index.ts";
import { NetworkHost } from "./networkHost.ts";
import type { ReplicaThreadOptions } from "./protocol.ts";

export interface NetworkThreadOptions {
  readonly settings: Omit<NetworkSettings, "listenEndpoint">;
  readonly listen: { readonly host: string; readonly port: number };
  /** `host:port` for others, where it is not what the node listens on. */
  readonly advertisedEndpoint: string | undefined;
  readonly tls: TlsIdentity | undefined;
}

/** Connections that are taken only for the core to choose whom to part with, or to say why it takes no more. */
const SPARE_CONNECTIONS = 16;
const SPARE_CONNECTIONS_PER_ADDRESS = 4;
/** Bytes of sockets after which garbage is collected: a quarter of a second of all that one peer may send. */
const GARBAGE_BYTES_MAX = 8 * 1024 * 1024;

export interface StartedNetwork {
  readonly host: NetworkHost;
  /** What the replica's thread needs. */
  readonly replica: NonNullable<ReplicaThreadOptions["network"]>;
}

/** Messages as lines of JSON. */
function createLineCodec(blockSizeBytesMax: number): Codec<Message> {
  const wire = createWireCodec({ blockSizeBytesMax });
  return {
    encode: (message) => JSON.stringify(wire.toJson(message)),
    decode: (line) => {
      const parsed = parseJsonLine(line);
      return parsed.ok ? wire.fromJson(parsed.value) : parsed;
    },
  };
}

function endpointOf({ host, port }: { host: string; port: number }): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Opens the listening socket; nothing is heard from other nodes before `NetworkHost.open`. */
export async function startNetwork(options: {
  datadir: string;
  network: NetworkThreadOptions;
  blockSizeBytesMax: number;
  logger: Logger;
}): Promise<Result<StartedNetwork, NodeKeyCode | TcpTransportCode>> {
  const { datadir, network, blockSizeBytesMax, logger } = options;
  const { settings, listen, advertisedEndpoint, tls } = network;
  const key = loadNodeKey(datadir);
  if (!key.ok) return key;
  const sizeBytesMax = lineSizeBytesMax(blockSizeBytesMax);
  const host = new NetworkHost();
  const transport = await createTcpTransport<Message>({
    listen,
    codec: createLineCodec(blockSizeBytesMax),
    createLineSource: () => createLineSource({ sizeBytesMax }),
    limits: defaultTcpLimits({
      lineSizeBytesMax: sizeBytesMax,
      connectionsMax: settings.inboundMax + SPARE_CONNECTIONS,
      perAddressMax: settings.inboundPerAddressMax + SPARE_CONNECTIONS_PER_ADDRESS,
    }),
    tls,
    emit: host.emit,
    onBytes: createCollector({ bytesMax: GARBAGE_BYTES_MAX }),
    logger: logger.module("network"),
    now: () => performance.now(),
  });
  if (!transport.ok) return transport;
  host.attach(transport.value);
  const port = transport.value.port ?? listen.port;
  const endpoint = (advertisedEndpoint ?? endpointOf({ host: listen.host, port })).toLowerCase();
  return accept({
    host,
    replica: {
      identity: { nodeKey: secretKeyToAddress(key.value), secretKey: key.value },
      // Without an address of its own, whoever hears of the port puts the connection's address before it.
      settings: { ...settings, listenEndpoint: isEndpoint(endpoint) ? endpoint : undefined },
    },
  });
}
