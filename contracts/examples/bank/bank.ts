// A bank for the chain's own token: it keeps what is attached to `deposit` and pays it back on `withdraw`.

import {
  Address,
  add,
  attachedAmount,
  caller,
  Event,
  JsonObject,
  Mapping,
  readArgs,
  replyInteger,
  require,
  toDecimal,
  transfer,
} from "../../sdk";

const balances = new Mapping<Address, u64>("balances");

function announce(name: string, owner: Address, amount: u64): void {
  new Event(name).address(owner).emit(new JsonObject().address("owner", owner).integer("amount", amount).toString());
}

/** Attach the amount. Returns the caller's balance. */
export function deposit(): void {
  readArgs([]);
  const amount = attachedAmount();
  require(amount > 0, "nothing is attached to the call");
  const balance = add(balances.get(caller()), amount);
  balances.set(caller(), balance);
  announce("Deposit", caller(), amount);
  replyInteger(balance);
}

/** Args: `amount`. Returns what is left of the caller's balance. */
export function withdraw(): void {
  const amount = readArgs(["amount"]).u64("amount");
  require(attachedAmount() === 0, "withdraw takes no amount along; use deposit");
  const balance = balances.get(caller());
  require(balance >= amount, "the balance is " + toDecimal(balance) + ", less than " + toDecimal(amount));
  // Booked before it is paid, so that no code that runs on the way could ask for it twice.
  balances.set(caller(), balance - amount);
  transfer(caller(), amount);
  announce("Withdrawal", caller(), amount);
  replyInteger(balance - amount);
}

/** Args: `owner`. */
export function balance(): void {
  replyInteger(balances.get(readArgs(["owner"]).address("owner")));
}
