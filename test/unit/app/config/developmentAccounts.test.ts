// The table of development accounts against a derivation of its mnemonic by another library.

import { expect, test } from "bun:test";
import { bytesToHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { DEVELOPMENT_ACCOUNTS } from "../../../../src/app/config/developmentAccounts.ts";

const MNEMONIC = "test test test test test test test test test test test junk";

test("the ten accounts are those of the mnemonic", () => {
  const derived = Array.from({ length: 10 }, (_, addressIndex) => {
    const account = mnemonicToAccount(MNEMONIC, { addressIndex });
    const secretKey = bytesToHex(account.getHdKey().privateKey ?? new Uint8Array());
    return { address: account.address.toLowerCase(), secretKey };
  });
  expect(DEVELOPMENT_ACCOUNTS as readonly object[]).toEqual(derived);
});
