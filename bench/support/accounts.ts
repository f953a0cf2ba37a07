// Accounts of benchmarks: those of the mnemonic that Anvil starts with, so that both nodes have the same ones.

import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import type { Address, Bytes } from "../../src/core/primitives/index.ts";

export interface BenchAccount {
  readonly address: Address;
  readonly secretKey: Bytes;
  /** The same key as viem signs with it. */
  readonly viem: HDAccount;
}

const MNEMONIC = "test test test test test test test test test test test junk";

export function benchAccounts(count: number): readonly BenchAccount[] {
  return Array.from({ length: count }, (_, addressIndex) => {
    const viem = mnemonicToAccount(MNEMONIC, { addressIndex });
    const secretKey = viem.getHdKey().privateKey;
    if (secretKey === null) throw new RangeError("an account of a mnemonic has a key");
    return { address: viem.address.toLowerCase() as Address, secretKey: new Uint8Array(secretKey), viem };
  });
}
