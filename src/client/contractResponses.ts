// The shapes of the node's answers about contracts.

import type {
  CalledJson,
  ContractJson,
  ContractViewJson,
  DeployedJson,
  EstimateJson,
  EventJson,
  EventsJson,
  StorageProofJson,
} from "./json/index.ts";
import { proofFields, receiptFields } from "./receiptShapes.ts";
import { address, hash, hex, list, maybe, nullable, object, oneOf, text, uint } from "./shape.ts";

const { fee, ...estimateFields } = receiptFields;
const { events: _events, gasRefunded: _gasRefunded, ...viewFields } = estimateFields;
const blockHeight = uint<EventJson["blockHeight"]>();

const calledFields = {
  hash: hash<CalledJson["hash"]>(),
  blockHeight: maybe(blockHeight),
  outcome: maybe(receiptFields.outcome),
  reason: maybe(receiptFields.reason),
  gasUsed: maybe(receiptFields.gasUsed),
  gasRefunded: maybe(receiptFields.gasRefunded),
  fee: maybe(fee),
  returnData: maybe(receiptFields.returnData),
  result: maybe(receiptFields.result),
  error: maybe(receiptFields.error),
  events: maybe(receiptFields.events),
  logs: maybe(receiptFields.logs),
};

const valueTypes = list(oneOf("i32", "i64"));

const contract = object<ContractJson>({
  address: address<ContractJson["address"]>(),
  codeHash: hash<ContractJson["codeHash"]>(),
  sizeBytes: uint<number>(),
  balance: uint<ContractJson["balance"]>(),
  nonce: uint<ContractJson["nonce"]>(),
  exports: list(object<ContractJson["exports"][number]>({ name: text, parameters: valueTypes, results: valueTypes })),
  memoryPages: uint<number>(),
});

const storageProof = object<StorageProofJson>({
  ...proofFields,
  address: address<StorageProofJson["address"]>(),
  key: hex,
  value: nullable(hex),
});

const event = object<EventJson>({
  blockHeight,
  blockHash: hash<EventJson["blockHash"]>(),
  transactionHash: hash<EventJson["transactionHash"]>(),
  transactionIndex: uint<number>(),
  eventIndex: uint<number>(),
  topics: list(hash<EventJson["topics"][number]>()),
  data: hex,
});

export const contractResponses = {
  called: object<CalledJson>(calledFields),
  deployed: object<DeployedJson>({ ...calledFields, address: address<DeployedJson["address"]>() }),
  contractView: object<ContractViewJson>({ ...viewFields, blockHeight }),
  estimate: object<EstimateJson>({ ...estimateFields, blockHeight, gasLimit: uint<EstimateJson["gasLimit"]>() }),
  contract: object({ contract }),
  contractCode: object({ code: hex }),
  contractStorage: object({ proof: storageProof }),
  contractEvents: object<EventsJson>({ events: list(event), next: nullable(text) }),
} as const;
