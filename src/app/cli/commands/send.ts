// `aureon send`: a transfer from an account of the node's wallet, waited for until a block includes it.

import { createClient } from "../../../client/index.ts";
import { parseAddress } from "../../../core/crypto/index.ts";
import { type Address, UINT_MAX } from "../../../core/primitives/index.ts";
import { failByClient } from "../clientFailure.ts";
import { type Command, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { nodeUrl } from "../nodeUrl.ts";
import type { Invocation } from "../parse.ts";

const AMOUNT_PATTERN = /^[1-9][0-9]{0,15}$/;

interface Transfer {
  readonly to: Address;
  readonly amount: number;
  readonly from?: Address;
}

type ReadTransfer =
  | { readonly ok: true; readonly transfer: Transfer }
  | { readonly ok: false; readonly message: string };

function readTransfer(invocation: Invocation): ReadTransfer {
  const amountText = invocation.value("amount");
  const toText = invocation.value("to");
  const fromText = invocation.value("from");
  if (toText === undefined || amountText === undefined) {
    return { ok: false, message: "send needs a receiver and an amount: aureon send --to ADDRESS --amount N" };
  }
  const amount = AMOUNT_PATTERN.test(amountText) ? Number(amountText) : 0;
  if (amount === 0 || amount > UINT_MAX) {
    return { ok: false, message: `--amount is "${amountText}"; expected an integer from 1 to 2^53-1` };
  }
  const to = parseAddress(toText);
  if (!to.ok) return { ok: false, message: `--to is "${toText}": ${to.refusal.message}` };
  if (fromText === undefined) return { ok: true, transfer: { to: to.value, amount } };
  const from = parseAddress(fromText);
  if (!from.ok) return { ok: false, message: `--from is "${fromText}": ${from.refusal.message}` };
  return { ok: true, transfer: { from: from.value, to: to.value, amount } };
}

export const send: Command = async (context) => {
  const { invocation, dependencies } = context;
  const node = await nodeUrl(context);
  if (!node.ok) return refuseUsage(dependencies, node.message);
  const read = readTransfer(invocation);
  if (!read.ok) return refuseUsage(dependencies, read.message);

  const client = createClient({ url: node.url.href });
  const submitted = await client.submit(read.transfer);
  if (!submitted.ok) return failByClient(dependencies, submitted.error);
  const { hash } = submitted.value;
  dependencies.stdout(`sent ${hash}\n`);
  const included = await client.waitForInclusion(hash);
  if (!included.ok) return failByClient(dependencies, included.error);
  dependencies.stdout(`included in block ${included.value.blockHeight}: ${included.value.receipt.outcome}\n`);
  return included.value.receipt.outcome === "success" ? EXIT_CODES.ok : EXIT_CODES.runtime;
};
