// A Worker that reads one route after the other, a thousand times a second at most, and notes how long each answer takes.

declare const self: Worker;

export interface ProbeReport {
  readonly latenciesMs: Readonly<Record<string, number[]>>;
  readonly transactionsMax: number;
  readonly height: number;
}

const PAUSE_MS = 1;

async function timed(route: string, url: string, into: Record<string, number[]>): Promise<unknown> {
  const startedMs = performance.now();
  const answer = await fetch(url);
  const body = await answer.json();
  into[route] ??= [];
  into[route].push(performance.now() - startedMs);
  return body;
}

let isStopped = false;

async function run(options: { url: string; address: string }): Promise<void> {
  const { url, address } = options;
  const latenciesMs: Record<string, number[]> = {};
  let transactionsMax = 0;
  let height = 0;
  while (!isStopped) {
    const { head } = (await timed("GET /chain/head", `${url}/chain/head`, latenciesMs)) as {
      head: { height: number; transactionCount: number };
    };
    height = head.height;
    transactionsMax = Math.max(transactionsMax, head.transactionCount);
    await timed("GET /balance", `${url}/balance/${address}`, latenciesMs);
    await timed("GET /account", `${url}/account/${address}`, latenciesMs);
    await timed("GET /proof/account", `${url}/proof/account/${address}`, latenciesMs);
    await Bun.sleep(PAUSE_MS);
  }
  const report: ProbeReport = { latenciesMs, transactionsMax, height };
  self.postMessage(report);
}

self.onmessage = (event: MessageEvent<{ url: string; address: string } | "stop">) => {
  if (event.data === "stop") isStopped = true;
  else void run(event.data);
};
