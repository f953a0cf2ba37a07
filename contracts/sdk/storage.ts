// What a contract keeps from call to call.
//
// A default value (0, false, "", no bytes, the zero address) is kept as nothing: writing it removes the entry, which
// gives gas back, and reading where nothing is kept returns it.

import { decode, defaultOf, encode, isDefault } from "./codec";
import * as env from "./env";

const FIRST_READ_SIZE: i32 = 128;

/** The bytes that are kept under a key; null when there are none. */
export function readBytes(key: Uint8Array): Uint8Array | null {
  const first = new Uint8Array(FIRST_READ_SIZE);
  const size = env.storage_read(key.dataStart, key.length, first.dataStart, FIRST_READ_SIZE);
  if (size < 0) return null;
  if (size <= FIRST_READ_SIZE) return first.subarray(0, size);
  const bytes = new Uint8Array(size);
  env.storage_read(key.dataStart, key.length, bytes.dataStart, size);
  return bytes;
}

/** Keys have at most 128 bytes, values at most 16,384. No bytes remove the entry. */
export function writeBytes(key: Uint8Array, value: Uint8Array): void {
  if (value.length === 0) remove(key);
  else env.storage_write(key.dataStart, key.length, value.dataStart, value.length);
}

/** Whether there was something to remove. */
export function remove(key: Uint8Array): bool {
  return env.storage_remove(key.dataStart, key.length) !== 0;
}

function read<T>(key: Uint8Array): T {
  const bytes = readBytes(key);
  return bytes === null ? defaultOf<T>() : decode<T>(bytes);
}

function write<T>(key: Uint8Array, value: T): void {
  if (isDefault<T>(value)) remove(key);
  else writeBytes(key, encode<T>(value));
}

/** One value under a name, which is its key. */
export class Item<T> {
  private readonly key: Uint8Array;

  constructor(name: string) {
    this.key = encode<string>(name);
  }

  get(): T {
    return read<T>(this.key);
  }

  set(value: T): void {
    write<T>(this.key, value);
  }
}

/** The name, a zero byte and the parts; a zero byte ends the name, so that no two maps meet. */
function keyOf(name: string, first: Uint8Array, second: Uint8Array): Uint8Array {
  const head = encode<string>(name);
  const bytes = new Uint8Array(head.length + 1 + first.length + second.length);
  bytes.set(head);
  bytes.set(first, head.length + 1);
  bytes.set(second, head.length + 1 + first.length);
  return bytes;
}

/** A value for each key, under a name of the map's own. Names of items and maps of a contract differ. */
export class Mapping<K, V> {
  constructor(private readonly name: string) {}

  get(key: K): V {
    return read<V>(keyOf(this.name, encode<K>(key), new Uint8Array(0)));
  }

  set(key: K, value: V): void {
    write<V>(keyOf(this.name, encode<K>(key), new Uint8Array(0)), value);
  }
}

/** A value for each pair of keys. The first has a fixed size: an integer, bool or Address. */
export class PairMapping<K1, K2, V> {
  constructor(private readonly name: string) {}

  private keyOf(first: K1, second: K2): Uint8Array {
    if (isString<K1>() || idof<K1>() === idof<Uint8Array>()) ERROR("the first key of a pair has a fixed size");
    return keyOf(this.name, encode<K1>(first), encode<K2>(second));
  }

  get(first: K1, second: K2): V {
    return read<V>(this.keyOf(first, second));
  }

  set(first: K1, second: K2, value: V): void {
    write<V>(this.keyOf(first, second), value);
  }
}
