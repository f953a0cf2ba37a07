// The contract of the Worker adapters: messages between threads, batches, and the Sealer port.

export { Batcher } from "./batcher.ts";
export { type Answer, Caller, type Port, type Protocol, type Request } from "./messages.ts";
export { type SealerCommand, WorkerSealer } from "./sealer.ts";
export { createSealerLoop } from "./sealerLoop.ts";
