// The careless bank with the node's protection switched off: the thief can empty it. It is here to show what
// `allow_reentry` takes upon itself.

export { balance, deposit, withdraw } from "./carelessBank";

/** That this is exported is what allows it; it is never called. */
export function allow_reentry(): void {}
