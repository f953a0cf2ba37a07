// What `aureon deploy`, `call` and `view` have in common: their flags, and what they print of an outcome.

import { type Client, createClient } from "../../../client/index.ts";
import type { LogJson, ReceiptJson } from "../../../client/json/index.ts";
import { parseAddress } from "../../../core/crypto/index.ts";
import { type Address, type Hash, UINT_MAX } from "../../../core/primitives/index.ts";
import { compactJson } from "../../json/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type CommandContext, failAtRuntime } from "../context.ts";
import { EXIT_CODES, type ExitCode } from "../exitCodes.ts";
import { nodeUrl } from "../nodeUrl.ts";
import type { Invocation } from "../parse.ts";

const INTEGER_PATTERN = /^(?:0|[1-9][0-9]{0,15})$/;

export interface ContractFlags {
  readonly args?: string;
  readonly from?: Address;
  readonly amount?: number;
  readonly gasLimit?: number;
}

type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

function readAddressFlag(name: string, text: string): Read<Address> {
  const address = parseAddress(text);
  return address.ok ? address : { ok: false, message: `${name} is "${text}": ${address.refusal.message}` };
}

function readInteger(name: string, text: string): Read<number> {
  const value = INTEGER_PATTERN.test(text) ? Number(text) : Number.NaN;
  if (value <= UINT_MAX) return { ok: true, value };
  return { ok: false, message: `${name} is "${text}"; expected an integer from 0 to 2^53-1` };
}

function readArgs(text: string): Read<string> {
  const compact = compactJson(text);
  return compact.ok ? compact : { ok: false, message: `--args is no JSON: ${compact.refusal.message}` };
}

/** The flags that are given, of those that the command has. */
export function readContractFlags(invocation: Invocation): Read<ContractFlags> {
  const given = (flag: string, read: (text: string) => Read<string | number>) => {
    const text = invocation.value(flag);
    return text === undefined ? undefined : read(text);
  };
  const parts = {
    args: given("args", readArgs),
    from: given("from", (text) => readAddressFlag("--from", text)),
    amount: given("amount", (text) => readInteger("--amount", text)),
    gasLimit: given("gas-limit", (text) => readInteger("--gas-limit", text)),
  };
  const flags: Record<string, string | number> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (part?.ok === false) return part;
    if (part !== undefined) flags[name] = part.value;
  }
  return { ok: true, value: flags };
}

/** What `call` and `view` are given: the node, the contract, its function, and the flags. */
export async function readContractCall(context: CommandContext): Promise<
  Read<{
    readonly client: Client;
    readonly address: Address;
    readonly functionName: string;
    readonly flags: ContractFlags;
  }>
> {
  const { invocation } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return node;
  const flags = readContractFlags(invocation);
  if (!flags.ok) return flags;
  const [text = "", functionName = ""] = invocation.arguments;
  const address = readAddressFlag("the contract", text);
  if (!address.ok) return address;
  const client = createClient({ url: node.url.href });
  return { ok: true, value: { client, address: address.value, functionName, flags: flags.value } };
}

/** What a contract returned, in a line; undefined for nothing. */
function resultLine({ result, returnData }: Pick<ReceiptJson, "result" | "returnData">): string | undefined {
  if (returnData === "0x") return undefined;
  return result === null ? returnData : JSON.stringify(result);
}

export function printLogs({ dependencies }: CommandContext, logs: readonly LogJson[]): void {
  for (const { text, data } of logs) dependencies.stderr(`log: ${text ?? data}\n`);
}

/** Prints what a contract returned, or fails with why it did not return. */
export function printResult(
  { dependencies }: CommandContext,
  run: Pick<ReceiptJson, "error" | "result" | "returnData">,
): ExitCode {
  if (run.error !== null) return failAtRuntime(dependencies, run.error);
  const line = resultLine(run);
  if (line !== undefined) dependencies.stdout(`${line}\n`);
  return EXIT_CODES.ok;
}

/** Waits until a block includes the transaction, and prints what it has come to. */
export async function followTransaction(
  context: CommandContext,
  { client, hash, onSuccess }: { client: Client; hash: Hash; onSuccess?: () => void },
): Promise<ExitCode> {
  const { dependencies } = context;
  dependencies.stdout(`sent ${hash}\n`);
  const included = await client.waitForInclusion(hash);
  if (!included.ok) return failByClient(dependencies, included.error);
  const { blockHeight, receipt } = included.value;
  dependencies.stdout(`included in block ${blockHeight}: ${receipt.outcome}, ${receipt.gasUsed} gas\n`);
  printLogs(context, receipt.logs);
  if (receipt.error === null) onSuccess?.();
  return printResult(context, receipt);
}
