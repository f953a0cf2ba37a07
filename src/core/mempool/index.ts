// The contract of the mempool.

export { type AdmissionCode, type AdmissionRefusal, NONCE_GAP_MAX, type SenderAccount } from "./admission.ts";
export { Mempool, type MempoolLimits, type PendingTransaction } from "./mempool.ts";
