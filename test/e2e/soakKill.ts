// A campaign: the compiled node is killed with SIGKILL at random moments under load and started again, many times over.
// After each death a copy of its database is checked by itself. Run by `make soak-kill`; `--rounds`, `--seed`, `--binary`.
//
// Dangers it goes after: a block that was reported as included and is gone; half a block; a root that is not that of the
// state; money that came from nowhere; a folder that does not open again.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { DEVELOPMENT_ACCOUNTS, type DevelopmentAccount } from "../../src/app/config/index.ts";
import { type Address, type Hash, hexToBytes } from "../../src/core/primitives/index.ts";
import { createSigningDomain, type SigningDomain } from "../../src/core/protocol/index.ts";
import { freePort, untilReady } from "../support/binary.ts";
import { signedTransfer } from "../support/chainFixture.ts";
import { createRandom } from "../support/random.ts";
import { verifyState, withDatabaseCopy } from "../support/verifyChain.ts";

const BURST = 8;
const INCLUSION_MS_MAX = 20_000;
// One death in eight comes while the node is still starting.
const EARLY_DEATHS = 8;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    binary: { type: "string", default: process.env.AUREON_BINARY ?? "dist/aureon" },
  },
});
const rounds = Number(values.rounds);
const binary = resolve(values.binary);

interface Inclusion {
  readonly hash: Hash;
  readonly height: number;
}

const random = createRandom(Number(values.seed));
const datadir = mkdtempSync(join(tmpdir(), "aureon-soak-"));
const databasePath = join(datadir, "chain", "chain.sqlite");
const reported: Inclusion[] = [];
const problems: string[] = [];
let heightMax = 0;
let submissions = 0;

async function getJson<Value>(url: string): Promise<Value> {
  const answer = await fetch(url);
  return (await answer.json()) as Value;
}

/** Sends bursts of transfers of one account and notes each that is reported as included, until the node is gone. */
async function sendForEver(options: {
  url: string;
  account: DevelopmentAccount;
  to: Address;
  domain: SigningDomain;
}): Promise<void> {
  const { url, account, to, domain } = options;
  const sender = { address: account.address, secretKey: hexToBytes(account.secretKey) };
  try {
    // What waited when the node was killed waits again, so the next nonce is the mempool's.
    const answer = await getJson<{ mempool: { nextNonce: number } }>(`${url}/mempool/${account.address}`);
    let nonce = answer.mempool.nextNonce;
    for (;;) {
      const burst = Array.from({ length: BURST }, () =>
        signedTransfer({ sender, to, amount: 1, nonce: nonce++, domain }),
      );
      await Promise.all(burst.map((signed) => send(url, signed.transaction, signed)));
    }
  } catch {
    // The node has been killed; what was reported until now is on the list.
  }
}

async function send(url: string, transaction: object, signed: { hash: Hash; signature: string }): Promise<void> {
  submissions++;
  const answer = await fetch(`${url}/submit-tx?wait=included&timeoutMs=${INCLUSION_MS_MAX}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...transaction, signature: signed.signature }),
  });
  const body = (await answer.json()) as { status: string; blockHeight?: number; error?: { code: string } };
  // Of a burst that a kill cut through, a later transfer can be kept where an earlier one is not; it waits already.
  const isKept = body.error?.code === "already_known";
  if (body.status !== "ok" && !isKept) problems.push(`a transfer was refused: ${JSON.stringify(body)}`);
  if (body.blockHeight !== undefined) reported.push({ hash: signed.hash, height: body.blockHeight });
}

function checkDatabase(round: number): void {
  withDatabaseCopy(databasePath, (store) => {
    if (store.head() === undefined) {
      if (reported.length > 0) problems.push(`round ${round}: the chain is empty`);
      return;
    }
    const findings = verifyState(store);
    problems.push(...findings.problems.map((problem) => `round ${round}: ${problem}`));
    if (findings.supply !== SUPPLY) problems.push(`round ${round}: the supply is ${findings.supply}, not ${SUPPLY}`);
    if (findings.height < heightMax)
      problems.push(`round ${round}: the head fell from ${heightMax} to ${findings.height}`);
    heightMax = Math.max(heightMax, findings.height);
    for (const { hash, height } of reported) {
      const position = store.transactionPosition(hash);
      if (position?.height !== height) {
        problems.push(`round ${round}: ${hash}, reported in block ${height}, is in ${position?.height ?? "no block"}`);
      }
    }
  });
}

async function runRound(round: number): Promise<void> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = Bun.spawn([binary, "dev", "--datadir", datadir, "--port", String(port)], {
    stdout: "ignore",
    stderr: "ignore",
    env: { ...process.env, AUREON_API_WEBSOCKET_ENABLED: "false" },
  });
  const clients: Promise<void>[] = [];
  const isEarly = random() * EARLY_DEATHS < 1;
  const delayMs = Math.floor(random() * (isEarly ? 150 : 600));
  if (!isEarly) {
    const isReady = await untilReady({ url, hasEnded: () => child.exitCode !== null, output: () => "" }).then(
      () => true,
      () => false,
    );
    if (!isReady) {
      problems.push(`round ${round}: the node did not get ready`);
      child.kill("SIGKILL");
      await child.exited;
      return;
    }
    const { chain } = await getJson<{ chain: { genesisHash: Hash } }>(`${url}/chain/info`);
    const domain = createSigningDomain(chain.genesisHash);
    DEVELOPMENT_ACCOUNTS.forEach((account, index) => {
      const to = (DEVELOPMENT_ACCOUNTS[(index + 1) % DEVELOPMENT_ACCOUNTS.length] as DevelopmentAccount).address;
      clients.push(sendForEver({ url, account, to, domain }));
    });
  }
  // The moment of death is the point of the campaign, so here time itself is what is waited for.
  await Bun.sleep(delayMs);
  child.kill("SIGKILL");
  await child.exited;
  await Promise.all(clients);
  if (await Bun.file(databasePath).exists()) checkDatabase(round);
}

const SUPPLY = 10 * 1_000_000_000;
console.log(`kill campaign: ${rounds} rounds, seed ${values.seed}, ${binary}`);
const startedMs = performance.now();
for (let round = 1; round <= rounds && problems.length === 0; round++) {
  await runRound(round);
  if (round % 20 === 0) console.log(`round ${round}: height ${heightMax}, ${reported.length} reported as included`);
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
for (const problem of problems.slice(0, 20)) console.error(problem);
console.log(
  `${rounds} kills in ${seconds} s: ${submissions} submitted, ${reported.length} reported as included, ` +
    `height ${heightMax}, ${problems.length} problems`,
);
if (problems.length === 0) rmSync(datadir, { recursive: true, force: true });
else console.error(`the data folder is kept: ${datadir}`);
process.exit(problems.length === 0 && reported.length > 0 ? 0 : 1);
