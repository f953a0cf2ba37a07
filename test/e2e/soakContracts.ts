// A campaign: three compiled nodes run thousands of deployments and calls of contracts, most of which succeed and some of
// which fail in every way that there is. Run by `make soak-contracts`; `--calls`, `--seed`, `--binary`.
//
// Dangers it goes after: nodes that come to different receipts or states, by what they have cached, by what ran on them
// before, or by their place in the cluster; gas that depends on any of it; a transaction that makes a node fall.

import { parseArgs } from "node:util";
import { runContractCampaign } from "../support/contractCampaign.ts";
import { useFastCrypto } from "../support/fastCrypto.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    binary: { type: "string" },
  },
});
if (values.binary !== undefined) process.env.AUREON_BINARY = values.binary;
const [calls, seed] = [Number(values.calls), Number(values.seed)];

useFastCrypto();
console.log(`contract campaign: ${calls} transactions, seed ${seed}`);
const report = await runContractCampaign({ calls, seed, onProgress: (sent) => console.log(`${sent} are included`) });
const reasons = [...report.reasons].toSorted(([, left], [, right]) => right - left);
console.log(reasons.map(([reason, count]) => `${count} ${reason}`).join(", "));
console.log(
  `${report.sent} transactions in ${report.height} blocks, ${report.seconds.toFixed(1)} s: three nodes agree`,
);
