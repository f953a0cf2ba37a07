// Signed transfers a second, from HTTP to included: durable on Aureon's disk, in Anvil's memory. Beside the rate at which one
// core recovers signatures, and beside Anvil with the same load. TRANSFERS and ROUNDS in the environment change the size.

import { useCryptoBackend } from "../src/core/crypto/index.ts";
import { defined } from "../src/core/primitives/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { benchAccounts } from "./support/accounts.ts";
import type { MiningMode } from "./support/aureon.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { measureRecovery } from "./support/recovery.ts";
import { receiverOf, signAllForAnvil, signingDomainOf, signTransfers } from "./support/signing.ts";
import {
  ANVIL_SHAPES,
  AUREON_SHAPES,
  BATCH,
  bestOf,
  measureOnce,
  openAnvil,
  openAureon,
  phasesOf,
  type Rate,
  type Shape,
  type SignedByClient,
  type Target,
} from "./support/throughput.ts";

const CLIENTS = 64;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const WARM_UP_EACH = 100;
const MEASURED_EACH = Math.ceil(Number(process.env.TRANSFERS ?? 32_000) / CLIENTS / BATCH) * BATCH;
const MEASURED = MEASURED_EACH * CLIENTS;
const AIM_OF_RECOVERY = 0.5;
const AIM_OF_ANVIL = 2;

const perClient = WARM_UP_EACH + MEASURED_EACH;

const AUREON_MODES: readonly { readonly mode: MiningMode; readonly name: string }[] = [
  { mode: "onDemand", name: "blocks on demand" },
  { mode: "blocks", name: "a block a second" },
];

/** The best of all rounds. @returns undefined where the node is not installed */
async function measure(
  name: string,
  open: () => Promise<Target | undefined>,
  options: { signed: SignedByClient; shape: Shape },
): Promise<Rate | undefined> {
  const rates: Rate[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const target = await open();
    if (target === undefined) return undefined;
    rates.push(await measureOnce({ target, phases: phasesOf(options.signed, WARM_UP_EACH), shape: options.shape }));
  }
  return bestOf(`${name}, ${options.shape.batch} a request`, rates);
}

useCryptoBackend(chooseCryptoBackend().backend);
const accounts = benchAccounts(CLIENTS);
progress(`signing ${perClient * CLIENTS} transfers for each node`);
const forAureon = signTransfers(accounts, perClient, await signingDomainOf(accounts));
const forAnvil = await signAllForAnvil(accounts, perClient, (index) => ({
  to: receiverOf(accounts, index),
  value: 1n,
  gas: 21_000n,
}));
const recovery = measureRecovery();
const figures: Figure[] = [];
for (const [index, shape] of AUREON_SHAPES.entries()) {
  const anvilShape = ANVIL_SHAPES[index] as Shape;
  const anvil = await measure("Anvil", () => openAnvil(CLIENTS), { signed: forAnvil, shape: anvilShape });
  for (const { mode, name } of AUREON_MODES) {
    const open = () => openAureon({ accounts: accounts.map(({ address }) => address), mode });
    const { perSecond, processorUs } = defined(
      await measure(`Aureon, ${name}`, open, { signed: forAureon, shape }),
      "the executable has been built",
    );
    const what = `transfers, ${shape.batch} a request, ${name}`;
    const measured = `${readable(perSecond)} a second`;
    figures.push({
      what,
      measured,
      beside: `recovery, one core: ${readable(recovery.perSecond)} a second`,
      ratio: perSecond / recovery.perSecond,
      aim: { atLeast: AIM_OF_RECOVERY },
    });
    if (processorUs !== undefined) {
      figures.push({
        what: `${what}: processor time of the node for one`,
        measured: `${readable(processorUs)} us`,
        beside: `recovery ${readable(recovery.microseconds)} us`,
        ratio: processorUs / recovery.microseconds,
      });
    }
    if (anvil === undefined) continue;
    figures.push({
      what,
      measured,
      beside: `Anvil: ${readable(anvil.perSecond)} a second`,
      ratio: perSecond / anvil.perSecond,
      aim: { atLeast: AIM_OF_ANVIL },
    });
  }
}
publish({
  title: "Transfers over HTTP, to included",
  figures,
  notes: [
    `${CLIENTS} clients with an account and a connection each send ${MEASURED.toLocaleString("en-US")} transfers that were signed beforehand; the best of ${ROUNDS} runs, each on a fresh node. The load generator has a process of its own on the same cores.`,
    `The clock stops when the last transfer of every account is included: on Aureon on the disk, on Anvil in memory. Recovery: ${recovery.backend}.`,
    "Anvil makes a block a second, without a limit that the load would reach; with a block for each transaction, many of them stay in its pool.",
  ],
});
