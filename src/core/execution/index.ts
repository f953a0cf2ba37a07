// The contract of execution: what transactions and blocks do to the state.

export { ExecutionFault, VirtualMachine } from "../vm/index.ts";
export { BlockExecution } from "./blockExecution.ts";
export type { BlockContext, ExecutionCode, ExecutionRefusal } from "./context.ts";
export { isEnabled } from "./executors.ts";
