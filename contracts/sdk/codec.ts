// How keys and values lie in storage: integers little-endian in their own width, bool as one byte, an address as its 20
// bytes, text as UTF-8, bytes as they are.

import { Address } from "./address";
import { utf8Decode, utf8Encode } from "./bytes";

/** T is bool, an integer, string, Address or Uint8Array. */
export function encode<T>(value: T): Uint8Array {
  if (isInteger<T>()) {
    const bytes = new Uint8Array(sizeof<T>());
    store<T>(bytes.dataStart, value);
    return bytes;
  } else if (isString<T>()) {
    return utf8Encode(changetype<string>(value));
  } else if (idof<T>() === idof<Address>()) {
    return changetype<Address>(value).bytes;
  } else if (idof<T>() === idof<Uint8Array>()) {
    return changetype<Uint8Array>(value);
  } else {
    return ERROR("storage keeps bool, integers, string, Address and Uint8Array");
  }
}

export function decode<T>(bytes: Uint8Array): T {
  if (isInteger<T>()) {
    assert(bytes.length === sizeof<T>());
    return load<T>(bytes.dataStart);
  } else if (isString<T>()) {
    return changetype<T>(utf8Decode(bytes));
  } else if (idof<T>() === idof<Address>()) {
    return changetype<T>(new Address(bytes));
  } else {
    return changetype<T>(bytes);
  }
}

/** What is read where nothing is kept: 0, false, "", no bytes, the zero address. */
export function defaultOf<T>(): T {
  if (isInteger<T>()) {
    return <T>0;
  } else if (isString<T>()) {
    return changetype<T>("");
  } else if (idof<T>() === idof<Address>()) {
    return changetype<T>(Address.zero());
  } else {
    return changetype<T>(new Uint8Array(0));
  }
}

export function isDefault<T>(value: T): bool {
  if (isInteger<T>()) {
    return value === <T>0;
  } else if (isString<T>()) {
    return changetype<string>(value).length === 0;
  } else if (idof<T>() === idof<Address>()) {
    return changetype<Address>(value).isZero();
  } else {
    return changetype<Uint8Array>(value).length === 0;
  }
}
