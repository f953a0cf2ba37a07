// `aureon account`: what an account owns on a node's chain.

import { createClient } from "../../../client/index.ts";
import { parseAddress } from "../../../core/crypto/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { nodeUrl } from "../nodeUrl.ts";

export const account: Command = async (context) => {
  const { invocation, dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const [text = ""] = invocation.arguments;
  const address = parseAddress(text);
  if (!address.ok) return refuseUsage(dependencies, `"${text}": ${address.refusal.message}`);
  const answer = await createClient({ url: node.url.href }).account(address.value);
  if (!answer.ok) return failByClient(dependencies, answer.error);
  const { balance, nonce, stake } = answer.value;
  const lines = [`address  ${address.value}`, `balance  ${balance}`, `nonce    ${nonce}`, `stake    ${stake}`];
  dependencies.stdout(`${lines.join("\n")}\n`);
  return EXIT_CODES.ok;
};
