// A campaign: a million spoilt lines through the wire protocol's parts, and what is left of them into a replica. Run by
// `make soak-fuzz`; `--lines`, `--seed`.

import { parseArgs } from "node:util";
import { useCryptoBackend } from "../../src/core/crypto/index.ts";
import { chooseCryptoBackend } from "../../src/io/crypto/index.ts";
import { FuzzedReplica } from "../support/fuzzedReplica.ts";
import { BLOCK_SIZE_BYTES_MAX, fuzzLines } from "../support/wireFuzz.ts";

/** Far more than a million lines leave behind, and far less than they would if each left a hundred bytes. */
const HEAP_GROWN_BYTES_MAX = 16 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
  },
});
const seed = Number(values.seed);
console.log(`fuzz: seed ${seed}`);
useCryptoBackend(chooseCryptoBackend().backend);

const startMs = performance.now();
const replica = new FuzzedReplica({ seed, blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });
const report = fuzzLines({
  seed,
  lines: Number(values.lines),
  samples: replica.samples,
  handle: (event) => replica.handle(event),
});
const handling = replica.report();
const seconds = (performance.now() - startMs) / 1000;
console.log(`${report.lines} lines of ${report.bytes} bytes in ${seconds.toFixed(1)} s`);
console.log("messages", report.messages);
console.log("faults", report.faults);
const { handled, connections, partings, height, sent, held } = handling;
console.log(`${handled} reached a peer's handling, over ${connections} connections; the node ended ${partings}`);
console.log(`height ${height}; the node sent`, sent);
console.log("held at the end, and the bound", held);
console.log(`heap grown by ${report.heapGrownBytes} bytes`);
const overfull = Object.entries(held).filter(([, [count, countMax]]) => count > countMax);
for (const [name, [count, countMax]] of overfull) console.error(`${count} ${name} are held, the bound is ${countMax}`);
if (report.heapGrownBytes > HEAP_GROWN_BYTES_MAX) {
  console.error(`the heap has grown by more than ${HEAP_GROWN_BYTES_MAX} bytes`);
}
process.exit(overfull.length > 0 || report.heapGrownBytes > HEAP_GROWN_BYTES_MAX ? 1 : 0);
