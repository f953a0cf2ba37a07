// The contract of the virtual machine: what execution and the API may use.

export { STORAGE_KEY_SIZE_BYTES_MAX } from "./limits.ts";
export type { TransactionContext } from "./machine/callTree.ts";
export { REFUND_DIVISOR, REFUND_GAS_PER_SLOT } from "./machine/costs.ts";
export type { BlockEnvironment, CallRequest, DeployRequest } from "./machine/running.ts";
export { checkStack } from "./machine/stackCheck.ts";
export { ExecutionFault } from "./machine/stop.ts";
export { type MachineResult, VirtualMachine } from "./machine/virtualMachine.ts";
export { COUNTER, functionExport, METERED_EXPORTS } from "./metering/names.ts";
export { METERING_VERSION, type MeteringVersion, meteringAt } from "./metering/versions.ts";
export { decodeAndValidate } from "./module/decodeModule.ts";
export type { ModuleCode } from "./module/fault.ts";
export type { ImportTable } from "./module/importTable.ts";
export type { ContractModule, FunctionType, ValueType } from "./module/types.ts";
