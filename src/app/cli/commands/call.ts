// `aureon call`: calls a function of a contract by a transaction that the node's wallet signs.

import { createClient } from "../../../client/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { nodeUrl } from "../nodeUrl.ts";
import { followTransaction, readAddressFlag, readContractFlags } from "./contractFlags.ts";

export const call: Command = async (context) => {
  const { invocation, dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const flags = readContractFlags(invocation);
  if (!flags.ok) return refuseUsage(dependencies, flags.message);
  const [text = "", functionName = ""] = invocation.arguments;
  const address = readAddressFlag("the contract", text);
  if (!address.ok) return refuseUsage(dependencies, address.message);
  const client = createClient({ url: node.url.href });
  const called = await client.callContract({ address: address.value, function: functionName, ...flags.value });
  if (!called.ok) return failByClient(dependencies, called.error);
  return followTransaction(context, { client, hash: called.value.hash });
};
