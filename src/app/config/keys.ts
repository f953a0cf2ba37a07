// Every key of the configuration: its type, default and meaning. Loading, dumping, the templates, the help of the
// command line and docs/spec/configuration.md all rest on this table.

import { DEFAULT_NETWORK_SETTINGS, REORG_DEPTH_MAX_DEFAULT } from "../../core/node/index.ts";
import {
  type Amount,
  type GasPrice,
  type TimestampMs,
  UINT_MAX,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "../../core/primitives/index.ts";
import { DEFAULT_PARAMETERS, MAX_SUPPLY, TRANSACTION_SIZE_BYTES_MAX } from "../../core/protocol/index.ts";
import { address, balances, chainName, endpoint, hash, host, origin, path, secretKey } from "./chainTypes.ts";
import { LOG_MODULES, logLevels } from "./logLevels.ts";
import { boolean, choice, integer, list, optional, type ValueType } from "./valueTypes.ts";

export interface KeySpec<Value> {
  readonly type: ValueType<Value>;
  readonly default: Value;
  /** Full sentences, on one line. */
  readonly description: string;
  /** A secret is neither dumped nor repeated in a message. */
  readonly secret: boolean;
}

function key<Value>(type: ValueType<Value>, standard: Value, description: string): KeySpec<Value> {
  return { type, default: standard, description, secret: false };
}

function secret<Value>(type: ValueType<Value>, standard: Value, description: string): KeySpec<Value> {
  return { type, default: standard, description, secret: true };
}

const KIB = 1024;
const MIB = 1024 * KIB;
const HOUR_MS = 3_600_000;
// 2025-01-01T00:00:00Z: a constant, so that equal configurations give equal chains.
const GENESIS_TIMESTAMP_MS = 1_735_689_600_000 as TimestampMs;
const BLOCK_SIZE_BYTES_RANGE = { min: 4 * KIB, max: 4 * MIB };
const PORT = integer({ min: 0, max: 65_535 });
const INTERVAL_MS = integer({ min: 100, max: HOUR_MS });

const CONSENSUS = {
  engine: key(choice(["pow", "pos"]), "pow", "Who makes blocks: proof of work, or proof of stake (not yet enabled)."),
  pow_difficulty: key(
    integer({ min: 1, max: 63 }),
    4,
    "Leading zero hex digits that the first block's hash must have. Each one more makes the search 16 times longer.",
  ),
  pow_retarget: key(
    boolean,
    true,
    "Adapt the difficulty, so that blocks take block_time_ms whatever the miners' power. False keeps the first one.",
  ),
  block_time_ms: key(INTERVAL_MS, DEFAULT_PARAMETERS.blockTimeMs, "Time between blocks that the chain aims at."),
  block_reward: key(
    integer<Amount>({ min: 0, max: MAX_SUPPLY }),
    DEFAULT_PARAMETERS.blockReward,
    "New units of the token to the maker of each block.",
  ),
  pos_min_stake: key(
    integer<Amount>({ min: 1, max: MAX_SUPPLY }),
    1000 as Amount,
    "Least stake of a validator. Used with proof of stake.",
  ),
  pos_validator_count: key(
    integer({ min: 1, max: 4096 }),
    100,
    "Largest number of validators that vote at a time. Used with proof of stake.",
  ),
};

const GENESIS = {
  chain_name: key(chainName, "aureon", "Name of the chain, for people."),
  timestamp_ms: key(
    integer<TimestampMs>({ min: 0, max: UINT_MAX }),
    GENESIS_TIMESTAMP_MS,
    "Time of the first block, in milliseconds since 1970.",
  ),
  entropy: key(hash, ZERO_HASH, "32 random bytes that set this chain apart from others of equal configuration."),
  development: key(boolean, false, "Allow the development accounts, whose keys everybody knows, on this chain."),
  block_gas_limit: key(
    integer({ min: 0, max: UINT_MAX }),
    0,
    "Gas that the transactions of a block may use. 0 stands for the most that is allowed, an eighth of the block time.",
  ),
  block_size_bytes_max: key(
    integer(BLOCK_SIZE_BYTES_RANGE),
    DEFAULT_PARAMETERS.blockSizeBytesMax,
    "Largest block, encoded.",
  ),
  new_state_bytes_max: key(
    integer(BLOCK_SIZE_BYTES_RANGE),
    DEFAULT_PARAMETERS.newStateBytesMax,
    "Bytes of keys and values that a block may add to the state.",
  ),
  gas_price_min: key(
    integer<GasPrice>({ min: 0, max: MAX_SUPPLY }),
    DEFAULT_PARAMETERS.gasPriceMin,
    "Least price of gas that a transaction may offer, in millionths of a unit of the token.",
  ),
  allow_list: key(
    list(address, { expected: "addresses (0x and 40 hex digits)", countMax: 10_000 }),
    [],
    "Accounts that may send transactions without owning anything.",
  ),
};

const STATE = {
  accounts: key(balances, [], "What each account owns at the start. Every node of a chain needs the same entries."),
};

const PATH_OR_NONE = optional(path);

const NETWORK = {
  enabled: key(boolean, true, "Connect to other nodes. A chain of one node for development needs none."),
  listen_addr: key(host, "0.0.0.0", "Address on which the node accepts other nodes."),
  listen_port: key(PORT, 6000, "TCP port on which the node accepts other nodes."),
  bootstrap_peers: key(
    list(endpoint, { expected: "host:port", countMax: 64 }),
    [],
    "Nodes that are asked first for the chain and for further nodes.",
  ),
  advertise_addr: key(
    optional(endpoint),
    undefined,
    "Address under which other nodes reach this one, where it is not the one it listens on.",
  ),
  outbound_max: key(
    integer({ min: 0, max: 256 }),
    DEFAULT_NETWORK_SETTINGS.outboundMax,
    "Connections that this node opens, beside those to its bootstrap peers.",
  ),
  inbound_max: key(
    integer({ min: 0, max: 4096 }),
    DEFAULT_NETWORK_SETTINGS.inboundMax,
    "Connections that other nodes open to this one.",
  ),
  inbound_per_address_max: key(
    integer({ min: 1, max: 4096 }),
    DEFAULT_NETWORK_SETTINGS.inboundPerAddressMax,
    "Connections that nodes of one IP address open to this one.",
  ),
  inbound_per_group_max: key(
    integer({ min: 1, max: 4096 }),
    DEFAULT_NETWORK_SETTINGS.inboundPerGroupMax,
    "Connections that nodes of one part of the internet (/16 of IPv4, /32 of IPv6) open; private addresses are no part.",
  ),
  allowed_node_keys: key(
    list(address, { expected: "addresses (0x and 40 hex digits)", countMax: 1000 }),
    [],
    "With entries, only nodes with these keys are connected to; it takes TLS. GET /peers shows a node's key.",
  ),
  tls_cert_file: key(PATH_OR_NONE, undefined, "This node's certificate (PEM). With TLS every node needs one."),
  tls_key_file: key(PATH_OR_NONE, undefined, "The key of that certificate (PEM)."),
  tls_ca_file: key(PATH_OR_NONE, undefined, "The authority that signed the certificates of all nodes (PEM)."),
  max_reorg_depth: key(
    integer({ min: 1, max: 100_000 }),
    REORG_DEPTH_MAX_DEFAULT,
    "Blocks that the node takes back at most to follow a chain with more work. What lies deeper is final for it.",
  ),
};

const API = {
  enabled: key(boolean, true, "Serve the REST API."),
  host: key(host, "127.0.0.1", "Address on which the API is served. 0.0.0.0 opens it to other machines."),
  port: key(PORT, 8080, "TCP port of the REST API and of Swagger. 0 takes any free one."),
  websocket_enabled: key(
    boolean,
    true,
    "Serve the WebSocket on a port of its own. Checked now, used once there is a WebSocket.",
  ),
  websocket_port: key(PORT, 8081, "TCP port of the WebSocket. Where it is not set, it is the one after api.port."),
  cors_origins: key(
    list(origin, { expected: 'origins such as "https://example.org", or "*" for all', countMax: 64 }),
    [],
    "Web pages of these origins may use the API from a browser.",
  ),
  allowed_hosts: key(
    list(host, { expected: "host names", countMax: 64 }),
    [],
    "Further names under which this node is reached. A POST under another name is refused where the wallet could sign it.",
  ),
  body_size_bytes_max: key(integer({ min: KIB, max: 64 * MIB }), 2 * MIB, "Largest body of a request."),
};

const DATABASE = {
  path: key(path, "chain", "Folder of the chain, inside the data folder unless it is absolute."),
  cache_size_mb: key(integer({ min: 1, max: 65_536 }), 64, "Memory for pages of the database, in MiB."),
  compression: key(boolean, false, "Compress the bodies of blocks and their receipts."),
};

const MINING = {
  enabled: key(boolean, true, "Make blocks."),
  beneficiary: key(
    address,
    ZERO_ADDRESS,
    "Who gets rewards and fees. Where it is not set, it is the wallet's first account, else the zero address.",
  ),
  threads: key(integer({ min: 1, max: 256 }), 1, "Threads that search for a block's seal."),
  hash_rate_limit: key(
    integer({ min: 0, max: UINT_MAX }),
    20_000,
    "Hashes a second that all threads together may try, so that an idle chain does not heat a machine. 0 stands for no limit.",
  ),
  on_demand: key(
    boolean,
    false,
    "Make a block once there is a transaction to include, and an empty one only after max_interval_ms.",
  ),
  max_interval_ms: key(INTERVAL_MS, 5000, "With on_demand: the longest time without a block."),
  min_interval_ms: key(
    integer({ min: 0, max: 1000 }),
    25,
    "With on_demand: how far apart blocks are begun while more than a few transactions come at a time.",
  ),
};

const MEMPOOL = {
  count_max: key(integer({ min: 1, max: 1_000_000 }), 20_000, "Most transactions that wait for a block."),
  size_bytes_max: key(
    integer({ min: TRANSACTION_SIZE_BYTES_MAX, max: 4096 * MIB }),
    64 * MIB,
    "Most bytes of transactions that wait for a block.",
  ),
  per_account_max: key(
    integer({ min: 1, max: 1_000_000 }),
    1024,
    "Most transactions of one account that wait for a block.",
  ),
};

const WALLET = {
  enabled: key(
    boolean,
    false,
    "Sign unsigned requests to the API with the keys below. Whoever reaches the API spends what they own.",
  ),
  keys: secret(
    list(secretKey, { expected: "secret keys (0x and 64 hex digits)", countMax: 100 }),
    [],
    "Secret keys of the wallet. The first one signs where a request names no account. Better read from a file.",
  ),
};

const LOGGING = {
  level: key(
    logLevels,
    { default: "info", modules: new Map() },
    `Least level of events that are logged, and levels of single modules after it: ${LOG_MODULES.join(", ")}.`,
  ),
  format: key(
    choice(["auto", "human", "json"]),
    "auto",
    "How events are written. With auto, in words at a terminal and as one JSON object a line elsewhere.",
  ),
};

const METRICS = { port: key(PORT, 9464, "TCP port of the metrics.") };

const ADMIN = { port: key(PORT, 8082, "TCP port of the administration.") };

/** Section by section, in the order in which they are documented. */
export const SECTIONS = {
  consensus: { description: "How blocks are made. Every node of a chain needs the same values.", keys: CONSENSUS },
  genesis: { description: "The first block. Every node of a chain needs the same values.", keys: GENESIS },
  state: { description: "The accounts of the first block.", keys: STATE },
  network: { description: "The connection to other nodes.", keys: NETWORK },
  api: { description: "What programs and people ask the node.", keys: API },
  database: { description: "Where and how the chain is kept.", keys: DATABASE },
  mining: { description: "How this node makes blocks under proof of work.", keys: MINING },
  mempool: { description: "The transactions that wait for a block.", keys: MEMPOOL },
  wallet: { description: "Keys that this node signs with.", keys: WALLET },
  validator: { description: "Reserved for proof of stake; it has no keys yet.", keys: {} },
  logging: { description: "What is written to standard error.", keys: LOGGING },
  metrics: { description: "Figures for monitoring. Checked now, used once they are served.", keys: METRICS },
  admin: { description: "The administrator's API. Checked now, used once it is served.", keys: ADMIN },
};
