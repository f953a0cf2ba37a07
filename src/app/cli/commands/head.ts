// `aureon head`: where a node's chain stands.

import { createClient } from "../../../client/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { nodeUrl } from "../nodeUrl.ts";
import { formatTime } from "../time.ts";

export const head: Command = async (context) => {
  const { dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const answer = await createClient({ url: node.url.href }).head();
  if (!answer.ok) return failByClient(dependencies, answer.error);
  const { height, hash, timestampMs, stateRoot, transactionCount } = answer.value;
  const lines = [
    `height        ${height}`,
    `hash          ${hash}`,
    `time          ${formatTime(timestampMs)}`,
    `transactions  ${transactionCount}`,
    `state root    ${stateRoot}`,
  ];
  dependencies.stdout(`${lines.join("\n")}\n`);
  return EXIT_CODES.ok;
};
