// `aureon view`: runs a function of a contract on a node and prints what it returns; nothing is kept of it.

import { createClient } from "../../../client/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { nodeUrl } from "../nodeUrl.ts";
import { printLogs, printResult, readAddressFlag, readContractFlags } from "./contractFlags.ts";

export const view: Command = async (context) => {
  const { invocation, dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const flags = readContractFlags(invocation);
  if (!flags.ok) return refuseUsage(dependencies, flags.message);
  const [text = "", functionName = ""] = invocation.arguments;
  const address = readAddressFlag("the contract", text);
  if (!address.ok) return refuseUsage(dependencies, address.message);
  const client = createClient({ url: node.url.href });
  const viewed = await client.view(address.value, { function: functionName, ...flags.value });
  if (!viewed.ok) return failByClient(dependencies, viewed.error);
  printLogs(context, viewed.value.logs);
  return printResult(context, viewed.value);
};
