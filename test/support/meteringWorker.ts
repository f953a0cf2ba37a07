// Runs a range of modules in a Worker.

import type { MeteringRange, MeteringReport } from "./meteringRuns.ts";

export function runModulesInWorker(range: MeteringRange): Promise<MeteringReport> {
  const worker = new Worker(new URL("./meteringThread.ts", import.meta.url));
  const answered = new Promise<MeteringReport>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<MeteringReport>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.postMessage(range);
  return answered.finally(() => worker.terminate());
}
