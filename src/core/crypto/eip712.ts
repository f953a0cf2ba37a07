// Typed structured data (EIP-712), as far as Aureon signs it: flat structs of address, bytes, string and uint64 fields,
// under the domain {name, version, salt}.

import { assert, type Bytes, hexToBytes, isAddress, isUint } from "../primitives/index.ts";
import { keccak256, keccak256Text } from "./keccak.ts";

export interface TypedField {
  readonly name: string;
  readonly type: "address" | "bytes" | "string" | "uint64";
}

/** One struct type: its name, and its fields in the order that is signed. */
export interface TypedStruct {
  readonly name: string;
  readonly fields: readonly TypedField[];
}

/** The value of a field: hex for address, bytes for bytes, text for string, a safe integer for uint64. */
export type TypedValue = string | number | Bytes;

const WORD_SIZE_BYTES = 32;
const DOMAIN_TYPE_HASH = keccak256Text("EIP712Domain(string name,string version,bytes32 salt)");
// 0x19 0x01, the prefix of EIP-191 for structured data.
const STRUCTURED_DATA_PREFIX = Uint8Array.of(0x19, 0x01);

/** The hash of a struct type's declaration, e.g. of `Stake(address from,uint64 amount)`. */
export function typeHash(struct: TypedStruct): Bytes {
  const fields = struct.fields.map((field) => `${field.type} ${field.name}`).join(",");
  return keccak256Text(`${struct.name}(${fields})`);
}

/** The words are one after the other; views of them would take longer to make than to fill. */
function putUint(words: Bytes, start: number, value: number): void {
  let rest = value;
  for (let index = start + WORD_SIZE_BYTES - 1; rest > 0; index--) {
    words[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function putField(words: Bytes, start: number, { field, value }: { field: TypedField; value: TypedValue }): void {
  if (field.type === "uint64") {
    assert(isUint(value), `${field.name} is an integer from 0 to 2^53-1`);
    putUint(words, start, value);
  } else if (field.type === "address") {
    assert(isAddress(value), `${field.name} is an address`);
    words.set(hexToBytes(value), start + 12);
  } else if (field.type === "string") {
    assert(typeof value === "string", `${field.name} is text`);
    words.set(keccak256Text(value), start);
  } else {
    assert(value instanceof Uint8Array, `${field.name} is bytes`);
    words.set(keccak256(value), start);
  }
}

/** hashStruct(s) of EIP-712. */
export function hashStruct(options: { struct: TypedStruct; typeHash: Bytes; values: readonly TypedValue[] }): Bytes {
  const { struct, values } = options;
  assert(values.length === struct.fields.length, "a struct has a value for each field");
  const encoded = new Uint8Array(WORD_SIZE_BYTES * (values.length + 1));
  encoded.set(options.typeHash);
  struct.fields.forEach((field, index) => {
    putField(encoded, WORD_SIZE_BYTES * (index + 1), { field, value: values[index] as TypedValue });
  });
  return keccak256(encoded);
}

/** The domain separator of EIP-712 for {name, version, salt}. */
export function hashDomain(domain: { name: string; version: string; salt: Bytes }): Bytes {
  assert(domain.salt.length === WORD_SIZE_BYTES, "the salt has 32 bytes");
  const encoded = new Uint8Array(WORD_SIZE_BYTES * 4);
  encoded.set(DOMAIN_TYPE_HASH);
  encoded.set(keccak256Text(domain.name), WORD_SIZE_BYTES);
  encoded.set(keccak256Text(domain.version), WORD_SIZE_BYTES * 2);
  encoded.set(domain.salt, WORD_SIZE_BYTES * 3);
  return keccak256(encoded);
}

/** The digest that a wallet signs. */
export function typedDataDigest(options: { domainSeparator: Bytes; structHash: Bytes }): Bytes {
  const message = new Uint8Array(2 + 2 * WORD_SIZE_BYTES);
  message.set(STRUCTURED_DATA_PREFIX);
  message.set(options.domainSeparator, 2);
  message.set(options.structHash, 2 + WORD_SIZE_BYTES);
  return keccak256(message);
}
