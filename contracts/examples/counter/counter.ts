// A counter that anybody may increment.

import { add, Event, Item, JsonObject, readArgs, replyInteger } from "../../sdk";

const count = new Item<u64>("count");

/** Args: `start`, optional. */
export function init(): void {
  const args = readArgs(["start"]);
  if (args.has("start")) count.set(args.u64("start"));
}

/** Args: `by`, optional, 1 without it. Returns the new count. */
export function increment(): void {
  const args = readArgs(["by"]);
  const next = add(count.get(), args.has("by") ? args.u64("by") : 1);
  count.set(next);
  new Event("Incremented").emit(new JsonObject().integer("count", next).toString());
  replyInteger(next);
}

/** Returns the count. */
export function get(): void {
  replyInteger(count.get());
}
