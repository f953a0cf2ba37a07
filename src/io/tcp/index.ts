// The contract of the TCP adapter.

export { parseJsonLine } from "./jsonLine.ts";
export { LineSplitter, type SplitLine } from "./lineSplitter.ts";
