// The interfaces through which the core reaches its environment. Adapters are in src/io; the contract suites in
// test/contract hold fake and real ones to the same behaviour.

export type { Clock } from "./clock.ts";
export type { CryptoBackend } from "./cryptoBackend.ts";
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export type { Rng } from "./rng.ts";
export type { Sealer, SealJob, SealResult } from "./sealer.ts";
export type { SignatureVerifier, VerificationJob, VerificationResult } from "./signatureVerifier.ts";
export type {
  BlockCommit,
  ChainPosition,
  PageChange,
  RevertCommit,
  StateChange,
  Store,
  StoredBlock,
  StoreReader,
} from "./store.ts";
export type { ConnectionDirection, LineFault, Transport, TransportEvent } from "./transport.ts";
export type {
  CompiledWasm,
  WasmErrorKind,
  WasmFunction,
  WasmImports,
  WasmMemory,
  WasmRuntime,
  WasmValue,
} from "./wasmRuntime.ts";
