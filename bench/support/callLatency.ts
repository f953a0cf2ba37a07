// How long one call takes over HTTP: a transaction to included, and a view, each beside what it is without a contract. One at
// a time and in turns, on a node that makes blocks on demand.

import { type Address, defined } from "../../src/core/primitives/index.ts";
import type { SigningDomain } from "../../src/core/protocol/index.ts";
import { transfer } from "../../test/support/chainFixture.ts";
import type { BenchAccount } from "./accounts.ts";
import { type Figure, readable } from "./figures.ts";
import { signForAureon, signingDomainOf } from "./signing.ts";
import { openAureon, type Signed } from "./throughput.ts";
import { exampleToken, signTokenLoad, tokenAddress } from "./tokens.ts";

const TIMES = 300;
/** Of them the first are not counted: the node's code is cold. */
const WARM_UP = 100;

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const text = await answer.text();
  if (!answer.ok || text.includes('"outcome":"trap"')) throw new RangeError(`${url}: ${text}`);
}

async function timed(into: number[], run: () => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  await run();
  into.push(performance.now() - startedMs);
}

function median(latenciesMs: readonly number[]): number {
  const sorted = latenciesMs.slice(WARM_UP).toSorted((left, right) => left - right);
  return defined(sorted[Math.floor(sorted.length / 2)], "there are latencies");
}

function figure(what: string, latenciesMs: readonly number[], beside: { name: string; ms: readonly number[] }): Figure {
  const [own, other] = [median(latenciesMs), median(beside.ms)];
  return {
    what,
    measured: `${readable(own)} ms`,
    beside: `${beside.name}: ${readable(other)} ms`,
    ratio: own / other,
  };
}

function signAll(
  accounts: { owner: BenchAccount; caller: BenchAccount; payer: BenchAccount },
  domain: SigningDomain,
): { setUp: readonly Signed[]; calls: readonly Signed[]; transfers: readonly Signed[] } {
  const { owner, caller, payer } = accounts;
  const load = signTokenLoad({ token: exampleToken, owner, clients: [caller, payer], each: TIMES, domain });
  const transfers = Array.from({ length: TIMES }, (_, nonce) =>
    signForAureon(transfer({ from: payer.address, to: owner.address, amount: 1, nonce }), payer, domain),
  );
  return { setUp: load.setUp[0] as readonly Signed[], calls: load.transfers[0] as readonly Signed[], transfers };
}

/** A transaction to included, and a view. */
export async function measureLatencies(accounts: {
  owner: BenchAccount;
  caller: BenchAccount;
  payer: BenchAccount;
}): Promise<Figure[]> {
  const all = Object.values(accounts);
  const { setUp, calls, transfers } = signAll(accounts, await signingDomainOf(all));
  const node = await openAureon({ accounts: all.map(({ address }) => address), mode: "onDemand" });
  const contract: Address = tokenAddress(accounts.owner);
  const ms = { call: [] as number[], transfer: [] as number[], view: [] as number[], balance: [] as number[] };
  const submit = ({ body }: Signed) => post(`${node.url}/submit-tx?wait=included`, body);
  const owner = accounts.caller.address;
  const view = JSON.stringify({ function: "balanceOf", args: { owner } });
  try {
    for (const signed of setUp) await submit(signed);
    for (let index = 0; index < TIMES; index++) {
      await timed(ms.call, () => submit(calls[index] as Signed));
      await timed(ms.transfer, () => submit(transfers[index] as Signed));
      await timed(ms.view, () => post(`${node.url}/contract/${contract}/view`, view));
      await timed(ms.balance, async () => void (await (await fetch(`${node.url}/balance/${owner}`)).text()));
    }
  } finally {
    await node.stop();
  }
  return [
    figure("token transfer, submitted to included", ms.call, { name: "plain transfer", ms: ms.transfer }),
    figure("view of a token balance", ms.view, { name: "GET /balance", ms: ms.balance }),
  ];
}
