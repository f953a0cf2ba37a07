// Every command: its flags, arguments and help. Parsing and help rest on this table.

export interface FlagSpec {
  /** Without the dashes. */
  readonly name: string;
  /** What stands for the value in the help; undefined for a flag without one. */
  readonly value: string | undefined;
  readonly description: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** What stands for the arguments in the help. */
  readonly arguments: readonly string[];
  /** The least and the largest number of arguments. */
  readonly argumentCount: readonly [min: number, max: number];
  readonly flags: readonly FlagSpec[];
  /** Further paragraphs of the help. */
  readonly details: readonly string[];
}

const DATADIR: FlagSpec = { name: "datadir", value: "DIR", description: "data folder (./aureon-data)" };
const CONFIG: FlagSpec = {
  name: "config",
  value: "FILE",
  description: "configuration file (config.toml of the data folder, else ./config.toml)",
};
const PORT: FlagSpec = { name: "port", value: "N", description: "port of the REST API, over api.port" };
const HOST: FlagSpec = { name: "host", value: "ADDRESS", description: "address of the API, over api.host" };
const URL_FLAG: FlagSpec = { name: "url", value: "URL", description: "the node's API (http://127.0.0.1:8080)" };
const NODE_PORT: FlagSpec = { name: "port", value: "N", description: "the API's port on this machine (8080)" };
const NODE_DATADIR: FlagSpec = {
  name: "datadir",
  value: "DIR",
  description: "take the API's address from config.toml in DIR",
};

const ARGS: FlagSpec = { name: "args", value: "JSON", description: "what the function is given, as JSON ({})" };
const FROM: FlagSpec = { name: "from", value: "ADDRESS", description: "who sends (the wallet's first account)" };
const CONTRACT_FLAGS: readonly FlagSpec[] = [
  ARGS,
  { name: "amount", value: "N", description: "base units that go along to the contract (0)" },
  FROM,
  { name: "gas-limit", value: "N", description: "the most gas to pay for (by an estimate)" },
  URL_FLAG,
  NODE_PORT,
  NODE_DATADIR,
];

export const HELP_FLAG: FlagSpec = { name: "help", value: undefined, description: "show this help" };

const COMMANDS = {
  dev: {
    name: "dev",
    summary: "start a chain for development: no configuration, ten funded accounts",
    arguments: [],
    argumentCount: [0, 0],
    flags: [DATADIR, PORT, HOST],
    details: [
      "The first start writes config.toml into the data folder, with a chain of its own; later starts go on with it.",
      "A block is made as soon as there is a transaction, and at least every 5 seconds.",
    ],
  },
  start: {
    name: "start",
    summary: "start a node with a configuration",
    arguments: [],
    argumentCount: [0, 0],
    flags: [CONFIG, DATADIR, PORT, HOST],
    details: ["SIGINT or SIGTERM stops the node in good order; a second one ends it at once."],
  },
  init: {
    name: "init",
    summary: "write a commented configuration for a new chain",
    arguments: [],
    argumentCount: [0, 0],
    flags: [
      DATADIR,
      { name: "dev", value: undefined, description: "with the development accounts, as `aureon dev` does" },
      { name: "chain-name", value: "NAME", description: "name of the chain (aureon, with --dev aureon-dev)" },
      { name: "port", value: "N", description: "write this api.port" },
      { name: "force", value: undefined, description: "overwrite a config.toml that is there" },
    ],
    details: ["Copy the file to each node of the chain: equal files give the same chain, each `init` a new one."],
  },
  rollback: {
    name: "rollback",
    summary: "take the chain of a stopped node back to a height",
    arguments: [],
    argumentCount: [0, 0],
    flags: [
      { name: "height", value: "N", description: "height of the block that is to be the last one" },
      CONFIG,
      DATADIR,
    ],
    details: [
      "The blocks above it are removed from this node, with what was kept beside the chain; nothing but the same blocks",
      "from other nodes brings them back. As far back as network.max_reorg_depth is possible.",
    ],
  },
  healthcheck: {
    name: "healthcheck",
    summary: "ask a node whether it is alive; exit code 0 or 1",
    arguments: [],
    argumentCount: [0, 0],
    flags: [
      { ...URL_FLAG, description: "the node's API (http://127.0.0.1:8080), or another page that answers 200" },
      NODE_PORT,
      NODE_DATADIR,
      { name: "tcp", value: "HOST:PORT", description: "only try to connect to this port" },
      { name: "timeout-ms", value: "N", description: "how long to wait (3000)" },
    ],
    details: ["Asks /liveness. Where none of --url, --port and --datadir is given, AUREON_API_PORT is looked at."],
  },
  config: {
    name: "config",
    summary: "validate a configuration, or show what is in force",
    arguments: ["validate|dump"],
    argumentCount: [1, 1],
    flags: [
      CONFIG,
      DATADIR,
      PORT,
      HOST,
      { name: "format", value: "toml|json", description: "format of the dump (toml)" },
    ],
    details: ["A dump in TOML says beside each value where it came from. Secrets are shown as ***."],
  },
  head: {
    name: "head",
    summary: "show where a node's chain stands",
    arguments: [],
    argumentCount: [0, 0],
    flags: [URL_FLAG, NODE_PORT, NODE_DATADIR],
    details: [],
  },
  peers: {
    name: "peers",
    summary: "show the nodes that a node is connected to",
    arguments: [],
    argumentCount: [0, 0],
    flags: [URL_FLAG, NODE_PORT, NODE_DATADIR],
    details: [],
  },
  account: {
    name: "account",
    summary: "show what an account owns",
    arguments: ["ADDRESS"],
    argumentCount: [1, 1],
    flags: [URL_FLAG, NODE_PORT, NODE_DATADIR],
    details: [],
  },
  send: {
    name: "send",
    summary: "transfer from an account of the node's wallet",
    arguments: [],
    argumentCount: [0, 0],
    flags: [
      { name: "to", value: "ADDRESS", description: "who receives" },
      { name: "amount", value: "N", description: "how much, in base units of the token" },
      FROM,
      URL_FLAG,
      NODE_PORT,
      NODE_DATADIR,
    ],
    details: ["Waits until a block includes the transfer. The node's wallet must be on, as under `aureon dev`."],
  },
  deploy: {
    name: "deploy",
    summary: "put a contract on the chain, by the node's wallet",
    arguments: ["FILE"],
    argumentCount: [1, 1],
    flags: CONTRACT_FLAGS,
    details: [
      "FILE is a WebAssembly module. Its `init`, if it exports one, is run with the arguments. Waits until a block includes",
      "the deploy, and prints the contract's address.",
    ],
  },
  call: {
    name: "call",
    summary: "call a function of a contract, by the node's wallet",
    arguments: ["ADDRESS", "FUNCTION"],
    argumentCount: [2, 2],
    flags: CONTRACT_FLAGS,
    details: ["Waits until a block includes the call, and prints what it returned."],
  },
  view: {
    name: "view",
    summary: "run a function of a contract and keep nothing of it",
    arguments: ["ADDRESS", "FUNCTION"],
    argumentCount: [2, 2],
    flags: [
      ARGS,
      { ...FROM, description: "whom the contract takes for its caller (the zero address)" },
      URL_FLAG,
      NODE_PORT,
      NODE_DATADIR,
    ],
    details: ["Prints what the function returns. No wallet is needed, and no gas is paid."],
  },
  version: {
    name: "version",
    summary: "show version, commit and platform",
    arguments: [],
    argumentCount: [0, 0],
    flags: [{ name: "json", value: undefined, description: "as JSON" }],
    details: [],
  },
  help: {
    name: "help",
    summary: "explain a command",
    arguments: ["[COMMAND]"],
    argumentCount: [0, 1],
    flags: [],
    details: [],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS).filter(isCommandName);

export function commandOf(name: CommandName): CommandSpec {
  return COMMANDS[name];
}
