// The SDK: what contracts import. docs/contracts.md explains it.

export { Address } from "./address";
export { Args, inputBytes, readArgs, reply, replyBool, replyInteger, replyText } from "./args";
export { bytesEqual, fromHex, isUtf8, toHex, utf8Decode, utf8Encode } from "./bytes";
export {
  balanceOf,
  CALL_NOT_BEGUN,
  CALL_OUT_OF_GAS,
  CALL_REVERT,
  CALL_SUCCESS,
  CALL_TRAP,
  CallResult,
  callContract,
  codeHashOf,
  DeployResult,
  deployContract,
  transfer,
  tryTransfer,
} from "./calls";
export {
  attachedAmount,
  blockHeight,
  blockTimestamp,
  caller,
  chainId,
  gasLeft,
  origin,
  selfAddress,
} from "./context";
export { fail, log, require, revert } from "./control";
export { keccak256, recoverSigner, sha256 } from "./crypto";
export { Event } from "./events";
export { parseJson } from "./jsonReader";
export { JSON_ARRAY, JSON_BOOLEAN, JSON_INTEGER, JSON_OBJECT, JSON_TEXT, JsonValue } from "./jsonValue";
export { integerToJson, JsonArray, JsonObject, quote } from "./jsonWriter";
export { add, multiply, subtract, toDecimal } from "./numbers";
export { Item, Mapping, PairMapping, readBytes, remove, writeBytes } from "./storage";
