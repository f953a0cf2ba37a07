// The contract of the strict JSON parser that reads request bodies.

export {
  compactJson,
  isJsonObject,
  JSON_DEPTH_MAX,
  type JsonCode,
  type JsonObject,
  type JsonValue,
  parseJson,
} from "./parseJson.ts";
