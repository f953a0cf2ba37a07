// The composition root: joins the threads, the API, the wallet and the command line into the program.

import "./io/engine/index.ts";
import { resolve } from "node:path";
import { type RunningApi, startApi } from "./app/api/index.ts";
import {
  type CliDependencies,
  createSignalWaiter,
  EXIT_CODES,
  type RollbackOptions,
  type RollbackReport,
  type RunningNode,
  readText,
  runCli,
  StartError,
  type StartNodeOptions,
  versionInfo,
} from "./app/cli/index.ts";
import type { Config } from "./app/config/index.ts";
import { createWallet, type Wallet } from "./app/wallet/index.ts";
import { hexToBytes } from "./core/primitives/index.ts";
import { systemClock } from "./io/clock/index.ts";
import { chooseLogFormat, createLogger, type LoggerOptions, writeFully } from "./io/logging/index.ts";
import type { NodeFailure } from "./threads/failure.ts";
import { type NodeThreads, startNodeThreads } from "./threads/node.ts";
import { rollBackChain } from "./threads/rollback.ts";
import type { NetworkThreadOptions } from "./threads/startNetwork.ts";

const DATABASE_FILE = "chain.sqlite";
const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

const EXIT_CODE_OF_FAILURE = {
  datadir_locked: EXIT_CODES.datadirLocked,
  database_corrupt: EXIT_CODES.databaseCorrupt,
  database_newer: EXIT_CODES.databaseCorrupt,
  datadir_unusable: EXIT_CODES.usage,
  disk_full: EXIT_CODES.runtime,
  genesis_mismatch: EXIT_CODES.genesisMismatch,
  network_unavailable: EXIT_CODES.usage,
  fault: EXIT_CODES.runtime,
} as const satisfies Record<NodeFailure["code"], number>;

function toStartError(failure: NodeFailure): StartError {
  return new StartError(EXIT_CODE_OF_FAILURE[failure.code], failure.message);
}

function databasePathOf({ config, datadir }: StartNodeOptions): string {
  return resolve(datadir, config.database.path, DATABASE_FILE);
}

function rollBack(options: RollbackOptions): RollbackReport {
  const { config, genesis, datadir, height } = options;
  const result = rollBackChain({
    datadir,
    databasePath: databasePathOf(options),
    genesis,
    cacheSizeMb: config.database.cacheSizeMb,
    compression: config.database.compression,
    reorgDepthMax: config.network.maxReorgDepth,
    height,
  });
  if (result.ok) return result.report;
  const { code, message } = result.failure;
  throw new StartError(code === "height_out_of_range" ? EXIT_CODES.usage : EXIT_CODE_OF_FAILURE[code], message);
}

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

async function startNode(options: StartNodeOptions): Promise<RunningNode> {
  const { config } = options;
  const logging: LoggerOptions = {
    format: chooseLogFormat({
      format: config.logging.format,
      isTerminal: process.stderr.isTTY === true,
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

const dependencies: CliDependencies = {
  stdout: (text) => writeFully(STANDARD_OUTPUT, text),
  stderr: (text) => writeFully(STANDARD_ERROR, text),
  isTerminal: process.stderr.isTTY === true,
  cwd: process.cwd(),
  nowMs: () => systemClock.nowMs(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  startNode,
  rollBack,
  waitForSignal: createSignalWaiter(process),
};

process.exit(await runCli(process.argv.slice(2), process.env, dependencies));
