// The contract of the client library: asking a node, signing, waiting and checking proofs.

export { type BlockId, type Client, type ClientOptions, createClient } from "./client.ts";
export type { CallRequest, ContractClient, DeployRequest, WaitOptions } from "./contracts.ts";
export type { ClientError, ClientResult, ErrorDetails } from "./errors.ts";
export { CLIENT_ERRORS, nextStepOf, SERVER_ERRORS, type ServerErrorCode } from "./errorTable.ts";
export { explainFailure, FAILURES, type FailureReason, readableText } from "./failures.ts";
export { verifyAccountProof, verifyStorageProof, verifyTransactionProof } from "./proof.ts";
export { signTransaction } from "./sign.ts";
