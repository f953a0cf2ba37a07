// Token transfers through contracts a second, from HTTP to included: beside plain transfers on the same node, and beside an
// ERC-20 on Anvil with the same load. TRANSFERS and ROUNDS in the environment change the size.

import { useCryptoBackend } from "../src/core/crypto/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { type BenchAccount, benchAccounts } from "./support/accounts.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { signingDomainOf, signTransfers } from "./support/signing.ts";
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
import { exampleToken, leanToken, signErc20Load, signTokenLoad, type Token, type TokenLoad } from "./support/tokens.ts";

const CLIENTS = 64;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const WARM_UP_EACH = 100;
const MEASURED_EACH = Math.ceil(Number(process.env.TRANSFERS ?? 32_000) / CLIENTS / BATCH) * BATCH;
const EACH = WARM_UP_EACH + MEASURED_EACH;
const AIM_OF_PLAIN = 0.8;
const AIM_OF_ANVIL = 1;

interface Contender {
  readonly name: string;
  readonly open: () => Promise<Target | undefined>;
  readonly phases: readonly SignedByClient[];
  readonly shapes: readonly Shape[];
}

const [owner, ...clients] = benchAccounts(CLIENTS + 1) as [BenchAccount, ...BenchAccount[]];

const tokenPhases = ({ setUp, transfers }: TokenLoad) => [setUp, ...phasesOf(transfers, WARM_UP_EACH)];

/** Plain transfers, then the tokens of Aureon, then Anvil's. */
async function prepare(): Promise<readonly Contender[]> {
  const accounts = [owner, ...clients];
  const domain = await signingDomainOf(accounts);
  const aureon = {
    open: () => openAureon({ accounts: accounts.map(({ address }) => address), mode: "onDemand" }),
    shapes: AUREON_SHAPES,
  };
  const load = { owner, clients, each: EACH };
  const tokenContender = (token: Token): Contender => ({
    ...aureon,
    name: token.name,
    phases: tokenPhases(signTokenLoad({ ...load, token, domain })),
  });
  return [
    { ...aureon, name: "plain transfers", phases: phasesOf(signTransfers(clients, EACH, domain), WARM_UP_EACH) },
    tokenContender(exampleToken),
    tokenContender(leanToken),
    {
      name: "ERC-20 on Anvil",
      open: () => openAnvil(CLIENTS + 1),
      phases: tokenPhases(await signErc20Load(load)),
      shapes: ANVIL_SHAPES,
    },
  ];
}

/** All of them in turns, so that other work on the machine meets each alike; the best of each. */
async function measureAll(contenders: readonly Contender[], shapeIndex: number): Promise<(Rate | undefined)[]> {
  const rates: Rate[][] = contenders.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { open, phases, shapes }] of contenders.entries()) {
      const target = await open();
      if (target === undefined) continue;
      rates[index]?.push(await measureOnce({ target, phases, shape: shapes[shapeIndex] as Shape }));
    }
  }
  const batch = AUREON_SHAPES[shapeIndex]?.batch;
  return contenders.map(({ name }, index) => {
    const measured = rates[index] as Rate[];
    return measured.length === 0 ? undefined : bestOf(`${name}, ${batch} a request`, measured);
  });
}

function figuresOf(what: string, rate: Rate, beside: { name: string; rate: Rate; aim: number }): Figure[] {
  const { name, rate: other, aim } = beside;
  const figures: Figure[] = [
    {
      what,
      measured: `${readable(rate.perSecond)} a second`,
      beside: `${name}: ${readable(other.perSecond)} a second`,
      ratio: rate.perSecond / other.perSecond,
      aim: { atLeast: aim },
    },
  ];
  if (rate.processorUs !== undefined && other.processorUs !== undefined) {
    figures.push({
      what: `${what}: processor time of the node for one`,
      measured: `${readable(rate.processorUs)} us`,
      beside: `${name}: ${readable(other.processorUs)} us`,
      ratio: rate.processorUs / other.processorUs,
    });
  }
  return figures;
}

useCryptoBackend(chooseCryptoBackend().backend);
progress(`signing ${EACH * CLIENTS} transfers for each contender`);
const contenders = await prepare();
const figures: Figure[] = [];
for (const [shapeIndex, { batch }] of AUREON_SHAPES.entries()) {
  const [plain, example, lean, anvil] = (await measureAll(contenders, shapeIndex)) as [Rate, Rate, Rate, Rate?];
  for (const [token, rate] of [
    [exampleToken, example],
    [leanToken, lean],
  ] as const) {
    const what = `${token.name}, ${batch} a request`;
    figures.push(...figuresOf(what, rate, { name: "plain transfers", rate: plain, aim: AIM_OF_PLAIN }));
    if (anvil !== undefined) {
      figures.push(...figuresOf(what, rate, { name: "ERC-20 on Anvil", rate: anvil, aim: AIM_OF_ANVIL }));
    }
  }
}
publish({
  title: "Token transfers through contracts over HTTP, to included",
  figures,
  notes: [
    `${CLIENTS} clients with an account and a connection each send ${(MEASURED_EACH * CLIENTS).toLocaleString("en-US")} transfers that were signed beforehand, each to the next client; the best of ${ROUNDS} runs in turns, each on a fresh node. The load generator has a process of its own on the same cores.`,
    "Aureon makes blocks on demand, and a transfer counts when it is on the disk. Anvil makes a block a second in memory.",
    "The token is the one of contracts/examples; the lean one, bench/contracts/leanToken.wat, takes numbers and has next to no code. Anvil runs bench/contracts/erc20.sol, as Solidity's optimizer makes it.",
  ],
});
