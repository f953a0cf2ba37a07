// What clients of a simulation ask of contracts: deployments and calls with random arguments, most of which succeed, and
// some fail in every way that there is. Each of them is a valid transaction, whatever becomes of it.

import type { Address, Bytes } from "../../../src/core/primitives/index.ts";
import { contractAddress } from "../../../src/core/protocol/index.ts";
import type { Random } from "../random.ts";
import { CHURNER, COUNTER, FAILING, nestAround, TOKEN } from "./modules.ts";

export type ContractRequest = { readonly amount: number; readonly args: string; readonly gas: number } & (
  | { readonly type: "deploy"; readonly code: Bytes }
  | { readonly type: "call"; readonly to: Address; readonly function: string }
);

type Kind = "counter" | "token" | "churner" | "failing" | "nest";

interface Known {
  readonly kind: Kind;
  readonly address: Address;
  /** Contracts below it that it may come to call. */
  readonly depth: number;
}

const DEPLOY_SHARE = 0.2;
/** Calls that fail before any code runs. */
const MISTAKEN_SHARE = 0.06;
/** With so little gas that it often runs out. */
const SCANT_SHARE = 0.08;
const AMOUNT_MAX = 5;
/** Has no code, and never will. */
const NOBODY = `0x${"0b".repeat(20)}` as Address;
const DEPTH_MAX = 2;
/** What a nest gives on; enough for the contract below and what that may call, and it all fits into a block of 1,000,000. */
const NESTED_GAS = 400_000;
/** Beside the bytes of the transaction. */
const GAS = { counter: 150_000, token: 400_000, churner: 500_000, failing: 300_000, nest: 720_000 };
const SLOT_SIZES = [1, 8, 100, 1_000];

export class ContractRequests {
  private readonly random: Random;
  private readonly known: Known[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** Addresses of contracts that were asked for, whether or not they have come to be. */
  get addresses(): readonly Address[] {
    return this.known.map(({ address }) => address);
  }

  next(creator: Address, nonce: number): ContractRequest {
    const { random, known } = this;
    const request =
      known.length === 0 || random.chance(DEPLOY_SHARE) ? this.deploy(creator, nonce) : this.call(this.older());
    return random.chance(SCANT_SHARE) ? { ...request, gas: random.int(0, request.gas) } : request;
  }

  private deploy(creator: Address, nonce: number): ContractRequest {
    const { random } = this;
    const targets = this.known.filter(
      ({ kind, depth }) => (kind === "failing" || kind === "nest") && depth < DEPTH_MAX,
    );
    const kind = random.pick<Kind>([
      "counter",
      "token",
      "churner",
      "failing",
      ...(targets.length > 0 ? ["nest" as const] : []),
    ]);
    const target = kind === "nest" ? random.pick(targets) : undefined;
    const address = contractAddress({ creator, nonce });
    this.known.push({ kind, address, depth: target === undefined ? 0 : target.depth + 1 });
    return {
      type: "deploy",
      amount: random.int(0, AMOUNT_MAX),
      code: codeOf(kind, target?.address),
      args: this.initArgs(kind),
      gas: GAS[kind],
    };
  }

  private initArgs(kind: Kind): string {
    const { random } = this;
    if (kind === "token") return `["${random.int(0, 1_000)}"]`;
    if (kind === "failing") return this.run(random.chance(0.7) ? 0 : random.int(1, 7));
    return `[${random.int(0, 100)}]`;
  }

  private run(how: number): string {
    return `[${how},${NESTED_GAS},${this.random.int(0, AMOUNT_MAX)}]`;
  }

  /** The older of two, since a contract that was asked for a moment ago mostly is not there yet. */
  private older(): Known {
    const { known, random } = this;
    return known[Math.min(random.int(0, known.length - 1), random.int(0, known.length - 1))] as Known;
  }

  private call({ kind, address }: Known): ContractRequest {
    const { random } = this;
    const isMistaken = random.chance(MISTAKEN_SHARE);
    const [name, args] = isMistaken ? this.mistake() : this.callOf(kind);
    const isNobody = isMistaken && random.chance(0.2);
    const amount = random.chance(0.3) ? random.int(0, AMOUNT_MAX) : 0;
    return { type: "call", to: isNobody ? NOBODY : address, function: name, args, amount, gas: GAS[kind] };
  }

  private mistake(): [string, string] {
    return this.random.pick([
      ["nothing", "[]"],
      ["init", "[1]"],
      ["add", "[1,]"],
      ["add", "[2147483648]"],
      ["run", ""],
      ["move", "[1, 2, 3]"],
    ]);
  }

  private callOf(kind: Kind): [string, string] {
    const { random } = this;
    if (kind === "counter") return random.chance(0.2) ? ["get", "{}"] : ["add", `[ ${random.int(-9, 100)} ]`];
    if (kind === "token") {
      // Few holders and round amounts, so that balances come down to nothing.
      const [from, to] = [random.chance(0.6) ? 0 : random.int(0, 3), random.int(0, 3)];
      return ["move", `[${from},${to}, "${random.pick([1, 10, 50, 50, 100, 400])}"]`];
    }
    if (kind === "churner") {
      const range = `${random.int(0, 4)},${random.int(1, 5)}`;
      const size = random.pick(SLOT_SIZES);
      return random.pick([
        ["fill", `[${range},${size}]`],
        ["clear", `[${range}]`],
        ["both", `[${range},${size}]`],
      ]);
    }
    const failure = random.chance(0.4) ? 0 : random.int(0, 7);
    if (kind === "failing") return ["run", this.run(failure)];
    return ["run", this.run(failure + random.pick([0, 0, 0, 8, 16, 32]))];
  }
}

function codeOf(kind: Kind, target: Address | undefined): Bytes {
  if (target !== undefined) return nestAround(target);
  return { counter: COUNTER, token: TOKEN, churner: CHURNER, failing: FAILING, nest: FAILING }[kind];
}

/** One sender's requests, in order, that come to each reason that a transaction can come to; two contracts before. */
export function oneOfEach(creator: Address, nonce: number): ContractRequest[] {
  const [failing, churner] = [nonce, nonce + 1].map((at) => contractAddress({ creator, nonce: at }));
  const deploy = (code: Bytes, args: string): ContractRequest => ({
    type: "deploy",
    amount: 9,
    code,
    args,
    gas: GAS.failing,
  });
  const call = (to: Address | undefined, name: string, args: string): ContractRequest => ({
    type: "call",
    to: to ?? NOBODY,
    function: name,
    args,
    amount: 0,
    gas: GAS.churner,
  });
  return [
    deploy(FAILING, `[0,${NESTED_GAS},0]`),
    deploy(CHURNER, ""),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((how) => call(failing, "run", `[${how},0,0]`)),
    call(NOBODY, "run", ""),
    call(failing, "nothing", ""),
    call(failing, "run", "[1, 2,, 3]"),
    call(churner, "fill", "[0,5,1000]"),
    call(churner, "clear", "[0,5]"),
  ];
}
