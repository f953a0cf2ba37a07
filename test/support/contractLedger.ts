// A chain on which tests deploy and call contracts: each transaction goes into a block of its own, which is mined and
// imported like a stranger's.

import {
  type Address,
  type Amount,
  assert,
  type Bytes,
  bytesToUtf8,
  defined,
  type Gas,
  type GasPrice,
  type Height,
  type Nonce,
} from "../../src/core/primitives/index.ts";
import { contractAddress, decodeReceipt, type Receipt, type Transaction } from "../../src/core/protocol/index.ts";
import type { TestAccount } from "./chainFixture.ts";
import { openTestChain, sealHeader, template, verified } from "./testChain.ts";

const GAS_LIMIT = 100_000_000;

interface Attached {
  readonly amount?: number;
  readonly gasLimit?: number;
}

export interface Outcome extends Receipt {
  /** The return data as text: JSON of a call that succeeded, the message of one that reverted. */
  readonly text: string;
}

export class ContractLedger {
  readonly testChain = openTestChain();

  private base(sender: TestAccount, { gasLimit = GAS_LIMIT }: Attached) {
    return {
      from: sender.address,
      nonce: this.testChain.chain.account(sender.address).nonce as Nonce,
      gasLimit: gasLimit as Gas,
      gasPrice: 0 as GasPrice,
      expiry: 0 as Height,
    };
  }

  private execute(transaction: Transaction): Outcome {
    const { testChain } = this;
    const { header, body, transactions, executed } = template(testChain, {
      transactions: [verified(transaction, testChain.domain)],
    });
    const decoded = decodeReceipt(defined(executed.receipts[0], "the transaction is in the block"));
    assert(decoded.ok, "receipts decode");
    const receipt = decoded.value;
    const block = { header: sealHeader(testChain.engine, header), body };
    const imported = testChain.chain.importBlock({ block, transactions, nowMs: header.timestampMs });
    assert(imported.ok, "a block that was mined on the head is imported");
    return { ...receipt, text: defined(bytesToUtf8(receipt.returnData), "contracts of these tests answer in text") };
  }

  /** `args` is what JSON will be made of. */
  deploy(
    sender: TestAccount,
    code: Bytes,
    args: unknown = {},
    attached: Attached = {},
  ): Outcome & { address: Address } {
    const base = this.base(sender, attached);
    const outcome = this.execute({
      ...base,
      type: "deploy",
      code,
      args: JSON.stringify(args),
      amount: (attached.amount ?? 0) as Amount,
    });
    return { ...outcome, address: contractAddress({ creator: sender.address, nonce: base.nonce }) };
  }

  /** `args` is what JSON will be made of, or the text itself. */
  call(
    sender: TestAccount,
    target: { address: Address; name: string; args?: unknown },
    attached: Attached = {},
  ): Outcome {
    const { address, name, args = {} } = target;
    return this.execute({
      ...this.base(sender, attached),
      type: "call",
      to: address,
      function: name,
      args: typeof args === "string" ? args : JSON.stringify(args),
      amount: (attached.amount ?? 0) as Amount,
    });
  }

  balance(address: Address): number {
    return this.testChain.chain.account(address).balance;
  }
}
