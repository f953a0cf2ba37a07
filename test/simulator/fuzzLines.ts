// A campaign: a million spoilt lines through the wire protocol's parts. Run by `make soak-fuzz`; `--lines`, `--seed`.

import { parseArgs } from "node:util";
import { fuzzLines } from "../support/wireFuzz.ts";

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

const startMs = performance.now();
const report = fuzzLines({ seed, lines: Number(values.lines) });
const seconds = (performance.now() - startMs) / 1000;
console.log(`${report.lines} lines of ${report.bytes} bytes in ${seconds.toFixed(1)} s`);
console.log("messages", report.messages);
console.log("faults", report.faults);
console.log(`heap grown by ${report.heapGrownBytes} bytes`);
if (report.heapGrownBytes > HEAP_GROWN_BYTES_MAX) {
  console.error(`the heap has grown by more than ${HEAP_GROWN_BYTES_MAX} bytes`);
  process.exit(1);
}
