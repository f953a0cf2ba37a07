// What a function is asked, and what it answers.

import { Address } from "./address";
import { utf8Encode } from "./bytes";
import { fail, revert } from "./control";
import * as env from "./env";
import { parseJson } from "./jsonReader";
import { JSON_OBJECT, JsonValue } from "./jsonValue";
import { integerToJson, quote } from "./jsonWriter";

/** The args as they came. */
export function inputBytes(): Uint8Array {
  const bytes = new Uint8Array(env.input_size());
  env.input_read(bytes.dataStart, 0, bytes.length);
  return bytes;
}

/** The named arguments of a call. Each getter reverts when the argument is missing or of another kind. */
export class Args {
  constructor(private readonly value: JsonValue) {}

  has(name: string): bool {
    return this.value.find(name) !== null;
  }

  get(name: string): JsonValue {
    const found = this.value.find(name);
    return found === null ? fail<JsonValue>("the argument " + name + " is missing") : found;
  }

  u64(name: string): u64 {
    return this.get(name).asU64();
  }

  i64(name: string): i64 {
    return this.get(name).asI64();
  }

  bool(name: string): bool {
    return this.get(name).asBool();
  }

  text(name: string): string {
    return this.get(name).asText();
  }

  address(name: string): Address {
    return this.get(name).asAddress();
  }

  bytes(name: string): Uint8Array {
    return this.get(name).asBytes();
  }

  array(name: string): JsonValue[] {
    return this.get(name).asArray();
  }
}

/** The call's arguments, of which there may be those named and no others. No args at all are `{}`. */
export function readArgs(names: string[]): Args {
  const input = inputBytes();
  const value = input.length === 0 ? new JsonValue(JSON_OBJECT, "args", "") : parseJson(input, "args");
  if (value.kind !== JSON_OBJECT) revert("args is not an object");
  for (let index = 0; index < value.keys.length; index++) {
    if (!names.includes(value.keys[index])) revert("there is no argument " + value.keys[index]);
  }
  return new Args(value);
}

/** The call's return data; the last one counts. Give it JSON. */
export function reply(json: string): void {
  const bytes = utf8Encode(json);
  env.return_data(bytes.dataStart, bytes.length);
}

export function replyInteger(value: u64): void {
  reply(integerToJson(value));
}

export function replyBool(value: bool): void {
  reply(value ? "true" : "false");
}

export function replyText(value: string): void {
  reply(quote(value));
}
