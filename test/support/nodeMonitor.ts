// Watches a node from a thread of its own, so that a busy test does not slow down what it measures: the memory that the
// process takes, and how long /chain/head takes to answer.

export interface MonitorReport {
  readonly residentBytesMax: number;
  /** Of all answers, in rising order. */
  readonly latenciesMs: readonly number[];
  /** Requests without an answer of 200. */
  readonly failures: number;
}

export interface MonitorOrder {
  readonly pid: number;
  readonly url: string;
}

export interface NodeMonitor {
  /** What was measured since the last report. */
  report(): Promise<MonitorReport>;
  stop(): void;
}

export function startMonitor(order: MonitorOrder): NodeMonitor {
  const worker = new Worker(new URL("./nodeMonitorThread.ts", import.meta.url).href);
  worker.postMessage(order);
  return {
    report: () =>
      new Promise((resolve) => {
        worker.onmessage = (event: MessageEvent<MonitorReport>) => resolve(event.data);
        worker.postMessage("report");
      }),
    stop: () => worker.terminate(),
  };
}

/** @param share of the answers that came within the time: 0.5 gives the median */
export function quantileMs({ latenciesMs }: MonitorReport, share: number): number {
  return latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(share * latenciesMs.length))] ?? 0;
}
