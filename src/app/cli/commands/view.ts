// `aureon view`: runs a function of a contract on a node and prints what it returns; nothing is kept of it.

import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { printLogs, printResult, readContractCall } from "./contractFlags.ts";

export const view: Command = async (context) => {
  const { dependencies } = context;
  const given = await readContractCall(context);
  if (!given.ok) return refuseUsage(dependencies, given.message);
  const { client, address, functionName, flags } = given.value;
  const viewed = await client.view(address, { function: functionName, ...flags });
  if (!viewed.ok) return failByClient(dependencies, viewed.error);
  printLogs(context, viewed.value.logs);
  return printResult(context, viewed.value);
};
