// The contract of the journal adapter.

export { Journal } from "./journal.ts";
