// The load generator's process: each client has a connection of its own, kept open, and sends its requests one after the
// other, the next when the last is answered. A plan is read from a file; each line "go" on standard input runs a phase.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { AnswerReader, encodeRequest } from "./support/http.ts";
import type { LoadPlan, PhaseReport } from "./support/load.ts";

const FAILURES_KEPT = 3;

const planPath = process.argv[2];
if (planPath === undefined) throw new RangeError("expected the path of a plan");
const plan = JSON.parse(readFileSync(planPath, "utf8")) as LoadPlan;
const { port, path } = plan;
const failures: string[] = [];

class Client {
  private readonly reader = new AnswerReader();
  private socket: Bun.Socket | undefined;
  private requests: readonly Buffer[] = [];
  private next = 0;
  private unsent: Buffer | undefined;
  private done: () => void = () => undefined;

  async connect(): Promise<void> {
    this.socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, chunk) => this.onData(chunk),
        drain: () => this.flush(),
        close: () => this.done(),
        error: (_, error) => {
          failures.push(error.message);
        },
      },
    });
  }

  run(requests: readonly Buffer[]): Promise<void> {
    this.requests = requests;
    this.next = 0;
    return new Promise((done) => {
      this.done = done;
      this.send();
    });
  }

  private send(): void {
    this.unsent = this.requests[this.next++];
    if (this.unsent === undefined) this.done();
    else this.flush();
  }

  private flush(): void {
    if (this.unsent === undefined) return;
    const written = this.socket?.write(this.unsent) ?? 0;
    this.unsent = written < this.unsent.length ? this.unsent.subarray(written) : undefined;
  }

  private onData(chunk: Buffer): void {
    const answer = this.reader.push(chunk);
    if (answer === undefined) return;
    if ((answer.status !== 200 || answer.body.includes('"error"')) && failures.length < FAILURES_KEPT) {
      failures.push(`${answer.status} ${answer.body.toString("utf8", 0, 300)}`);
    }
    this.send();
  }
}

const phases = plan.phases.map((clients) =>
  clients.map((bodies) => bodies.map((body) => encodeRequest({ port, path, body }))),
);
const clients = Array.from({ length: plan.phases[0]?.length ?? 0 }, () => new Client());
await Promise.all(clients.map((client) => client.connect()));
console.log("ready");

let phase = 0;
for await (const _ of createInterface({ input: process.stdin })) {
  const requests = phases[phase++];
  if (requests === undefined) break;
  const startedMs = performance.now();
  await Promise.all(clients.map((client, index) => client.run(requests[index] as Buffer[])));
  const report: PhaseReport = { sentMs: performance.now() - startedMs, failures };
  console.log(JSON.stringify(report));
}
process.exit(0);
