// What a call costs beside its rate: the latency of a call and of a view, the load of modules and their memory, and bytes in
// blocks and on disk. All with the token of contracts/examples.

import { useCryptoBackend } from "../src/core/crypto/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { type BenchAccount, benchAccounts } from "./support/accounts.ts";
import { measureCallDisk } from "./support/callDisk.ts";
import { measureLatencies } from "./support/callLatency.ts";
import { progress, publish } from "./support/figures.ts";
import { measureModules } from "./support/moduleCosts.ts";

useCryptoBackend(chooseCryptoBackend().backend);
progress("modules");
const modules = await measureModules();
progress("bytes");
const bytes = measureCallDisk();
progress("latency");
const [owner, caller, payer] = benchAccounts(3) as [BenchAccount, BenchAccount, BenchAccount];
const latencies = await measureLatencies({ owner, caller, payer });
publish({
  title: "Costs of a call",
  figures: [...latencies, ...modules, ...bytes],
  notes: [
    "Latencies are medians of requests one at a time, a transaction's until its block is on the disk.",
    "A module's load is the best of many; gas stands for a nanosecond.",
    "Every transfer on disk has a sender of its own within its block, which costs the most.",
  ],
});
