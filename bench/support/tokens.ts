// Token transfers through contracts: their deployment, a share for each client, and the transfers, signed beforehand. On
// Aureon by the token of contracts/examples and by a lean one, on Anvil by an ERC-20.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";
import { encodeAbiParameters, encodeFunctionData, getContractAddress, parseAbi } from "viem";
import { type Address, type Bytes, hexToBytes } from "../../src/core/primitives/index.ts";
import { type Call, contractAddress, type SigningDomain } from "../../src/core/protocol/index.ts";
import { callOf, deployOf } from "../../test/support/contractTransactions.ts";
import { exampleModule } from "../../test/support/exampleContracts.ts";
import { assemble } from "../../test/support/wat.ts";
import type { BenchAccount } from "./accounts.ts";
import { receiverOf, signAllForAnvil, signForAnvil, signForAureon } from "./signing.ts";
import type { Signed, SignedByClient } from "./throughput.ts";

const SOURCES = join(import.meta.dir, "../contracts");
const SUPPLY = 2 ** 40;
/** More than any client spends. */
const SHARE = 1_000_000;
const CALL_GAS = 600_000;

/** A token on Aureon. */
export interface Token {
  readonly name: string;
  readonly code: Bytes;
  readonly initArgs: string;
  readonly transferArgs: (to: Address, amount: number) => string;
}

export const exampleToken: Token = {
  name: "token of AssemblyScript",
  code: exampleModule("token/token"),
  initArgs: JSON.stringify({ name: "Bench", symbol: "BNC", supply: SUPPLY }),
  transferArgs: (to, amount) => JSON.stringify({ to, amount }),
};

export const leanToken: Token = {
  name: "lean token",
  code: assemble(readFileSync(join(SOURCES, "leanToken.wat"), "utf8")),
  initArgs: "",
  transferArgs: (to, amount) => {
    const view = new DataView(hexToBytes(to).buffer);
    const parts = [view.getBigInt64(0, true), view.getBigInt64(8, true)];
    return `["${parts[0]}","${parts[1]}",${view.getInt32(16, true)},"${amount}"]`;
  },
};

export function tokenAddress(owner: BenchAccount): Address {
  return contractAddress({ creator: owner.address, nonce: 0 });
}

export function transferCall(options: {
  token: Token;
  contract: Address;
  from: Address;
  to: Address;
  amount: number;
  nonce: number;
}): Call {
  const { token, contract, from, to, amount, nonce } = options;
  return callOf({ from, nonce, to: contract, name: "transfer", args: token.transferArgs(to, amount), gas: CALL_GAS });
}

/** What is sent first, by the owner in the place of the first client, and each client's transfers. */
export interface TokenLoad {
  readonly setUp: SignedByClient;
  readonly transfers: SignedByClient;
}

function byFirstOf(clients: readonly BenchAccount[], signed: readonly Signed[]): SignedByClient {
  return clients.map((_, index) => (index === 0 ? signed : []));
}

export function signTokenLoad(options: {
  token: Token;
  owner: BenchAccount;
  clients: readonly BenchAccount[];
  each: number;
  domain: SigningDomain;
}): TokenLoad {
  const { token, owner, clients, each, domain } = options;
  const contract = tokenAddress(owner);
  const deploy = deployOf({ from: owner.address, nonce: 0, code: token.code, args: token.initArgs });
  const shares = clients.map(({ address: to }, index) =>
    transferCall({ token, contract, from: owner.address, to, amount: SHARE, nonce: index + 1 }),
  );
  const transfers = clients.map((sender, index) => {
    const to = receiverOf(clients, index);
    return Array.from({ length: each }, (_, nonce) =>
      signForAureon(transferCall({ token, contract, from: sender.address, to, amount: 1, nonce }), sender, domain),
    );
  });
  const setUp = [deploy, ...shares].map((transaction) => signForAureon(transaction, owner, domain));
  return { setUp: byFirstOf(clients, setUp), transfers };
}

/** The code that deploys bench/contracts/erc20.sol. */
function compileErc20(): `0x${string}` {
  const input = {
    language: "Solidity",
    sources: { "erc20.sol": { content: readFileSync(join(SOURCES, "erc20.sol"), "utf8") } },
    settings: {
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    contracts?: { "erc20.sol": { Token: { evm: { bytecode: { object: string } } } } };
    errors?: readonly { formattedMessage: string }[];
  };
  if (output.contracts === undefined) throw new RangeError(output.errors?.map((e) => e.formattedMessage).join("\n"));
  return `0x${output.contracts["erc20.sol"].Token.evm.bytecode.object}`;
}

const ERC20_ABI = parseAbi(["function transfer(address to, uint256 value) returns (bool)"]);

export async function signErc20Load(options: {
  owner: BenchAccount;
  clients: readonly BenchAccount[];
  each: number;
}): Promise<TokenLoad> {
  const { owner, clients, each } = options;
  const contract = getContractAddress({ from: owner.address, nonce: 0n }).toLowerCase() as Address;
  const transferOf = (to: Address, amount: number) => {
    const data = encodeFunctionData({ abi: ERC20_ABI, functionName: "transfer", args: [to, BigInt(amount)] });
    return { to: contract, data, gas: 60_000n };
  };
  const supply = encodeAbiParameters([{ type: "uint256" }], [BigInt(SUPPLY)]);
  const setUp = [await signForAnvil({ data: `${compileErc20()}${supply.slice(2)}`, gas: 2_000_000n }, owner, 0)];
  for (const [index, { address }] of clients.entries()) {
    setUp.push(await signForAnvil(transferOf(address, SHARE), owner, index + 1));
  }
  const transfers = await signAllForAnvil(clients, each, (index) => transferOf(receiverOf(clients, index), 1));
  return { setUp: byFirstOf(clients, setUp), transfers };
}
