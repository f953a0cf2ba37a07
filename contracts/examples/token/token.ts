// A fungible token in the manner of ERC-20: a fixed supply, balances, and allowances by which an owner lets another spend.

import {
  Address,
  caller,
  Event,
  Item,
  JsonObject,
  Mapping,
  PairMapping,
  readArgs,
  reply,
  replyBool,
  replyInteger,
  require,
  toDecimal,
} from "../../sdk";

const name = new Item<string>("name");
const symbol = new Item<string>("symbol");
const supply = new Item<u64>("supply");
const balances = new Mapping<Address, u64>("balances");
const allowances = new PairMapping<Address, Address, u64>("allowances");

function announce(event: string, keys: string[], addresses: Address[], amount: u64): void {
  const data = new JsonObject().address(keys[0], addresses[0]).address(keys[1], addresses[1]).integer("amount", amount);
  new Event(event).address(addresses[0]).address(addresses[1]).emit(data.toString());
}

// All balances together are the supply, so none of them can pass 2^64-1.
function move(from: Address, to: Address, amount: u64): void {
  const owned = balances.get(from);
  require(owned >= amount, "the balance is " + toDecimal(owned) + ", less than " + toDecimal(amount));
  balances.set(from, owned - amount);
  balances.set(to, balances.get(to) + amount);
  announce("Transfer", ["from", "to"], [from, to], amount);
}

/** Args: `name`, `symbol`, `supply`. The whole supply belongs to who deploys. */
export function init(): void {
  const args = readArgs(["name", "symbol", "supply"]);
  name.set(args.text("name"));
  symbol.set(args.text("symbol"));
  const amount = args.u64("supply");
  supply.set(amount);
  balances.set(caller(), amount);
  announce("Transfer", ["from", "to"], [Address.zero(), caller()], amount);
}

/** Args: `to`, `amount`. */
export function transfer(): void {
  const args = readArgs(["to", "amount"]);
  move(caller(), args.address("to"), args.u64("amount"));
  replyBool(true);
}

/** Args: `spender`, `amount`. The spender may then move that much out of the caller's balance, and no more. */
export function approve(): void {
  const args = readArgs(["spender", "amount"]);
  const spender = args.address("spender");
  const amount = args.u64("amount");
  allowances.set(caller(), spender, amount);
  announce("Approval", ["owner", "spender"], [caller(), spender], amount);
  replyBool(true);
}

/** Args: `from`, `to`, `amount`. Uses up what `from` has allowed the caller. */
export function transferFrom(): void {
  const args = readArgs(["from", "to", "amount"]);
  const from = args.address("from");
  const amount = args.u64("amount");
  const allowed = allowances.get(from, caller());
  require(allowed >= amount, "the allowance is " + toDecimal(allowed) + ", less than " + toDecimal(amount));
  allowances.set(from, caller(), allowed - amount);
  move(from, args.address("to"), amount);
  replyBool(true);
}

/** Args: `owner`. */
export function balanceOf(): void {
  replyInteger(balances.get(readArgs(["owner"]).address("owner")));
}

/** Args: `owner`, `spender`. */
export function allowance(): void {
  const args = readArgs(["owner", "spender"]);
  replyInteger(allowances.get(args.address("owner"), args.address("spender")));
}

export function totalSupply(): void {
  replyInteger(supply.get());
}

/** Returns name and symbol. */
export function info(): void {
  reply(new JsonObject().text("name", name.get()).text("symbol", symbol.get()).toString());
}
