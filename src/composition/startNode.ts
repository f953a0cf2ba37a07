// Joins the threads, the API and the wallet into a node that serves.

import { resolve } from "node:path";
import { isatty } from "node:tty";
import { type RunningApi, startApi } from "../app/api/index.ts";
import {
  EXIT_CODES,
  type RunningNode,
  readText,
  StartError,
  type StartNodeOptions,
  versionInfo,
} from "../app/cli/index.ts";
import type { Config } from "../app/config/index.ts";
import { createWallet, type Wallet } from "../app/wallet/index.ts";
import { hexToBytes } from "../core/primitives/index.ts";
import { chooseLogFormat, createLogger, type LoggerOptions } from "../io/logging/index.ts";
import type { NodeThreads } from "../threads/node.ts";
import type { NetworkThreadOptions } from "../threads/startNetwork.ts";
import { startNodeThreads } from "../threads/startNode.ts";
import { databasePathOf } from "./databasePath.ts";
import { toStartError } from "./failures.ts";

const STANDARD_ERROR = 2;

function walletOf(config: Config): Wallet | undefined {
  if (!config.wallet.enabled) return undefined;
  return createWallet({ secretKeys: config.wallet.keys.map((key) => hexToBytes(key)) });
}

/** @throws StartError for a file that can't be read */
function readPem(key: string, path: string): string {
  const file = readText(path);
  if (!file.ok) throw new StartError(EXIT_CODES.usage, `${key}: can't read ${path}: ${file.reason}`);
  return file.value;
}

function tlsOf({ tlsCertFile, tlsKeyFile, tlsCaFile }: Config["network"], datadir: string) {
  if (tlsCertFile === undefined || tlsKeyFile === undefined || tlsCaFile === undefined) return undefined;
  return {
    cert: readPem("network.tls_cert_file", resolve(datadir, tlsCertFile)),
    key: readPem("network.tls_key_file", resolve(datadir, tlsKeyFile)),
    ca: readPem("network.tls_ca_file", resolve(datadir, tlsCaFile)),
  };
}

function networkOf({ config, datadir }: StartNodeOptions): NetworkThreadOptions | undefined {
  const { network } = config;
  if (!network.enabled) return undefined;
  return {
    settings: {
      bootstrapPeers: network.bootstrapPeers.map((endpoint) => endpoint.toLowerCase()),
      outboundMax: network.outboundMax,
      inboundMax: network.inboundMax,
      inboundPerAddressMax: network.inboundPerAddressMax,
      inboundPerGroupMax: network.inboundPerGroupMax,
      allowedNodeKeys: network.allowedNodeKeys,
    },
    listen: { host: network.listenAddr, port: network.listenPort },
    advertisedEndpoint: network.advertiseAddr,
    tls: tlsOf(network, datadir),
  };
}

async function startThreads(options: StartNodeOptions, logging: LoggerOptions): Promise<NodeThreads> {
  const { config, genesis, datadir } = options;
  const { mining } = config;
  const result = await startNodeThreads({
    datadir,
    databasePath: databasePathOf(options),
    genesis,
    cacheSizeMb: config.database.cacheSizeMb,
    compression: config.database.compression,
    reorgDepthMax: config.network.maxReorgDepth,
    mining: {
      enabled: mining.enabled,
      beneficiary: mining.beneficiary,
      onDemand: mining.onDemand,
      intervalMsMax: mining.maxIntervalMs,
      intervalMsMin: mining.minIntervalMs,
      threads: mining.threads,
      hashRateLimit: mining.hashRateLimit,
    },
    mempool: config.mempool,
    network: networkOf(options),
    logging: { format: logging.format, levels: logging.levels },
  });
  if (!result.ok) throw toStartError(result.failure);
  return result.node;
}

function startServer(options: {
  config: Config;
  node: NodeThreads;
  wallet: Wallet | undefined;
  logging: LoggerOptions;
}): RunningApi | undefined {
  const { config, node, wallet, logging } = options;
  if (!config.api.enabled) return undefined;
  const started = startApi({
    node,
    wallet,
    config: { ...config.api, hostsAllowed: config.api.allowedHosts },
    version: versionInfo().version,
    logger: createLogger(logging).module("api"),
    port: config.api.port,
  });
  if (!started.ok) throw new StartError(EXIT_CODES.usage, started.refusal.message);
  return started.value;
}

/** Resolves once the node serves. Rejects with a StartError where the reason is one that users can mend. */
export async function startNode(options: StartNodeOptions): Promise<RunningNode> {
  const { config } = options;
  const logging: LoggerOptions = {
    format: chooseLogFormat({
      format: config.logging.format,
      isTerminal: isatty(STANDARD_ERROR),
      noColor: process.env.NO_COLOR,
    }),
    levels: config.logging.level,
  };
  const wallet = walletOf(config);
  const node = await startThreads(options, logging);
  let server: RunningApi | undefined;
  try {
    server = startServer({ config, node, wallet, logging });
  } catch (error) {
    await node.stop();
    throw error;
  }
  return {
    urls: server === undefined ? undefined : { api: server.url, swagger: `${server.url}/swagger` },
    stop: async () => {
      await server?.stop();
      await node.stop();
    },
    failed: node.failed.then(async (failure) => {
      await server?.stop();
      return toStartError(failure);
    }),
  };
}
