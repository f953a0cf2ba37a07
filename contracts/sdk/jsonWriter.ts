// Writes JSON: for return data, for the data of events, and for the arguments of calls to other contracts.

import { Address } from "./address";
import { toHex, unitAt } from "./bytes";
import { toDecimal } from "./numbers";

/** The largest integer that every reader of JSON keeps exact: 2^53-1. */
const SAFE_MAX: u64 = 9007199254740991;

/** In quotes, with what JSON wants escaped. */
export function quote(text: string): string {
  let quoted = '"';
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = unitAt(text, index);
    if (code >= 0x20 && code !== 0x22 && code !== 0x5c) continue;
    quoted += text.substring(start, index);
    start = index + 1;
    if (code >= 0x20) quoted += "\\" + String.fromCharCode(code);
    else quoted += (code < 0x10 ? "\\u000" : "\\u001") + "0123456789abcdef".charAt(code & 15);
  }
  return quoted + text.substring(start) + '"';
}

/** A number up to 2^53-1, above it a text of digits. */
export function integerToJson(value: u64): string {
  const digits = toDecimal(value);
  return value <= SAFE_MAX ? digits : '"' + digits + '"';
}

function hexToJson(bytes: Uint8Array): string {
  return '"' + toHex(bytes) + '"';
}

/** Keys in the order in which they are added. A key is not checked for being there already. */
export class JsonObject {
  private parts: string = "";

  private add(key: string, json: string): JsonObject {
    if (this.parts.length > 0) this.parts += ",";
    this.parts += quote(key) + ":" + json;
    return this;
  }

  text(key: string, value: string): JsonObject {
    return this.add(key, quote(value));
  }

  integer(key: string, value: u64): JsonObject {
    return this.add(key, integerToJson(value));
  }

  bool(key: string, value: bool): JsonObject {
    return this.add(key, value ? "true" : "false");
  }

  address(key: string, value: Address): JsonObject {
    return this.add(key, hexToJson(value.bytes));
  }

  bytes(key: string, value: Uint8Array): JsonObject {
    return this.add(key, hexToJson(value));
  }

  object(key: string, value: JsonObject): JsonObject {
    return this.add(key, value.toString());
  }

  array(key: string, value: JsonArray): JsonObject {
    return this.add(key, value.toString());
  }

  toString(): string {
    return "{" + this.parts + "}";
  }
}

export class JsonArray {
  private parts: string = "";

  private add(json: string): JsonArray {
    if (this.parts.length > 0) this.parts += ",";
    this.parts += json;
    return this;
  }

  text(value: string): JsonArray {
    return this.add(quote(value));
  }

  integer(value: u64): JsonArray {
    return this.add(integerToJson(value));
  }

  bool(value: bool): JsonArray {
    return this.add(value ? "true" : "false");
  }

  address(value: Address): JsonArray {
    return this.add(hexToJson(value.bytes));
  }

  object(value: JsonObject): JsonArray {
    return this.add(value.toString());
  }

  array(value: JsonArray): JsonArray {
    return this.add(value.toString());
  }

  toString(): string {
    return "[" + this.parts + "]";
  }
}
