// The contract of the mempool.

export { type AdmissionCode, checkAgainstSender, type SenderAccount } from "./admission.ts";
export { Mempool, type MempoolLimits, type PendingTransaction, type WaitsFor } from "./mempool.ts";
