// `aureon deploy`: puts a contract on the chain, signed by the node's wallet, and says where it is.

import { resolve } from "node:path";
import { createClient } from "../../../client/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { readBytes } from "../files.ts";
import { nodeUrl } from "../nodeUrl.ts";
import { followTransaction, readContractFlags } from "./contractFlags.ts";

export const deploy: Command = async (context) => {
  const { invocation, dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const flags = readContractFlags(invocation);
  if (!flags.ok) return refuseUsage(dependencies, flags.message);
  const [path = ""] = invocation.arguments;
  const wasm = readBytes(resolve(dependencies.cwd, path));
  if (!wasm.ok) return refuseUsage(dependencies, `can't read ${path}: ${wasm.reason}`);
  const client = createClient({ url: node.url.href });
  const deployed = await client.deployContract({ wasm: wasm.value, ...flags.value });
  if (!deployed.ok) return failByClient(dependencies, deployed.error);
  const { hash, address } = deployed.value;
  return followTransaction(context, { client, hash, onSuccess: () => dependencies.stdout(`contract ${address}\n`) });
};
