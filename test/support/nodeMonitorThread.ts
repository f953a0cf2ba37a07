// The thread of nodeMonitor.ts.

import { readFileSync } from "node:fs";
import type { MonitorOrder, MonitorReport } from "./nodeMonitor.ts";

declare const self: Worker;

const INTERVAL_MS = 20;
const KIB = 1024;

let residentBytesMax = 0;
let latenciesMs: number[] = [];
let failures = 0;

function sampleMemory(pid: number): void {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  residentBytesMax = Math.max(residentBytesMax, Number(kib) * KIB);
}

async function watch({ pid, url }: MonitorOrder): Promise<never> {
  for (;;) {
    const startMs = performance.now();
    try {
      sampleMemory(pid);
      const answer = await fetch(`${url}/chain/head`);
      await answer.arrayBuffer();
      if (!answer.ok) failures++;
    } catch {
      failures++;
    }
    latenciesMs.push(performance.now() - startMs);
    await Bun.sleep(INTERVAL_MS);
  }
}

self.onmessage = (event: MessageEvent<MonitorOrder | "report">) => {
  if (event.data !== "report") {
    void watch(event.data);
    return;
  }
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  self.postMessage({ residentBytesMax, latenciesMs: sorted, failures } satisfies MonitorReport);
  residentBytesMax = 0;
  latenciesMs = [];
  failures = 0;
};
