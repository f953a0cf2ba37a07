// A development genesis and transactions for tests: ten funded accounts with fixed keys.

import { secretKeyToAddress } from "../../src/core/crypto/index.ts";
import {
  type Address,
  type Amount,
  type Bytes,
  type Gas,
  type GasPrice,
  type Height,
  type Nonce,
  type TimestampMs,
  ZERO_HASH,
} from "../../src/core/primitives/index.ts";
import {
  DEFAULT_PARAMETERS,
  type Genesis,
  type SigningDomain,
  signTransaction,
  TRANSACTION_GAS,
  type Transfer,
  type VerifiedTransaction,
} from "../../src/core/protocol/index.ts";

export interface TestAccount {
  readonly address: Address;
  readonly secretKey: Bytes;
}

export const testAccounts: readonly TestAccount[] = Array.from({ length: 10 }, (_, index) => {
  const secretKey = new Uint8Array(32).fill(index + 1);
  return { secretKey, address: secretKeyToAddress(secretKey) };
});

export function testAccount(index: number): TestAccount {
  const account = testAccounts[index];
  if (account === undefined) throw new RangeError(`there are ${testAccounts.length} test accounts`);
  return account;
}

export const TEST_BALANCE = 1_000_000_000;

export function testGenesis(overrides: Partial<Genesis> = {}): Genesis {
  const accounts = testAccounts
    .map(({ address }) => ({ address, balance: TEST_BALANCE as Amount }))
    .toSorted((left, right) => (left.address < right.address ? -1 : 1));
  return {
    chainName: "test",
    timestampMs: 1_700_000_000_000 as TimestampMs,
    entropy: ZERO_HASH,
    development: true,
    consensus: { engine: "pow", difficulty: 1, retarget: false },
    parameters: DEFAULT_PARAMETERS,
    accounts,
    allowList: [],
    ...overrides,
  };
}

export function transfer(fields: {
  from: Address;
  to: Address;
  amount: number;
  nonce: number;
  gasLimit?: number;
  gasPrice?: number;
  expiry?: number;
}): Transfer {
  return {
    type: "transfer",
    from: fields.from,
    to: fields.to,
    amount: fields.amount as Amount,
    nonce: fields.nonce as Nonce,
    gasLimit: (fields.gasLimit ?? TRANSACTION_GAS) as Gas,
    gasPrice: (fields.gasPrice ?? 0) as GasPrice,
    expiry: (fields.expiry ?? 0) as Height,
  };
}

export function signedTransfer(options: {
  sender: TestAccount;
  to: Address;
  amount: number;
  nonce: number;
  domain: SigningDomain;
  gasPrice?: number;
  expiry?: number;
}): VerifiedTransaction {
  const { sender, domain, ...fields } = options;
  return signTransaction({
    transaction: transfer({ ...fields, from: sender.address }),
    secretKey: sender.secretKey,
    domain,
  });
}
