// How a bank must not be written: it pays through a call, which lets the receiver's code run, before it books. Nobody can
// make use of that, since the node refuses to call a contract that is being called (docs/contracts.md, "Re-entrancy").

import {
  Address,
  add,
  attachedAmount,
  CALL_SUCCESS,
  callContract,
  caller,
  Mapping,
  readArgs,
  replyInteger,
  require,
} from "../../sdk";

const balances = new Mapping<Address, u64>("balances");

/** Attach the amount. */
export function deposit(): void {
  balances.set(caller(), add(balances.get(caller()), attachedAmount()));
}

/** Pays the caller, a contract, all that it has here, by a call of its function `paid`. */
export function withdraw(): void {
  const amount = balances.get(caller());
  const result = callContract(caller(), "paid", "{}", amount);
  require(result.code === CALL_SUCCESS, "the caller was not paid: " + result.text);
  balances.set(caller(), 0);
}

/** Args: `owner`. */
export function balance(): void {
  replyInteger(balances.get(readArgs(["owner"]).address("owner")));
}
