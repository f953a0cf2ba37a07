// The contract of contracts/tests/sdkProbe.ts, compiled once and deployed on a chain of its own.

import { compileContract } from "../../scripts/contracts.ts";
import type { Address } from "../../src/core/primitives/index.ts";
import { type TestAccount, testAccount } from "./chainFixture.ts";
import { ContractLedger, type Outcome } from "./contractLedger.ts";

let compiled: Promise<Uint8Array> | undefined;

export interface SdkProbe {
  readonly ledger: ContractLedger;
  readonly address: Address;
  /** Calls one of its functions. */
  ask(name: string, args?: unknown, options?: { sender?: TestAccount; amount?: number }): Outcome;
}

export async function deploySdkProbe(): Promise<SdkProbe> {
  compiled ??= compileContract("contracts/tests/sdkProbe.ts");
  const ledger = new ContractLedger();
  const { address } = ledger.deploy(testAccount(0), await compiled);
  return {
    ledger,
    address,
    ask: (name, args = {}, { sender = testAccount(0), amount = 0 } = {}) =>
      ledger.call(sender, { address, name, args }, { amount }),
  };
}
