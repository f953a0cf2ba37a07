// `aureon call`: calls a function of a contract by a transaction that the node's wallet signs.

import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { followTransaction, readContractCall } from "./contractFlags.ts";

export const call: Command = async (context) => {
  const { dependencies } = context;
  const given = await readContractCall(context);
  if (!given.ok) return refuseUsage(dependencies, given.message);
  const { client, address, functionName, flags } = given.value;
  const called = await client.callContract({ address, function: functionName, ...flags });
  if (!called.ok) return failByClient(dependencies, called.error);
  return followTransaction(context, { client, hash: called.value.hash });
};
