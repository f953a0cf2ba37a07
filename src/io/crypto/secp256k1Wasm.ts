// libsecp256k1 in WebAssembly, as @bitauth/libauth ships it. libauth's own functions give promises; the file is
// instantiated here instead, since a Worker that awaits at its top level loses the messages of that time.

import { readFileSync } from "node:fs";
import wasmFile from "@bitauth/libauth/build/lib/bin/secp256k1/secp256k1.wasm" with { type: "file" };
import { assert } from "../../core/primitives/index.ts";
import type { Secp256k1, Secp256k1Load } from "./secp256k1.ts";

// The memory that Emscripten laid out when it built the file: 16 MiB with static data first, behind it the cell that
// holds the heap's end, then 5 MiB of stack, then the heap.
const PAGE_SIZE_BYTES = 65_536;
const MEMORY_PAGES = 256;
const HEAP_END_CELL = 68_736;
const STACK_START = 68_752;
const HEAP_START = STACK_START + 5 * 1_048_576;
const TABLE_SIZE = 6;

// secp256k1.h: a context that verifies; recovery makes no use of the larger one that signs.
const CONTEXT_VERIFY = 0x101;
const KEY_UNCOMPRESSED = 0x002;

const DIGEST_SIZE_BYTES = 32;
const COMPACT_SIZE_BYTES = 64;
const RECOVERABLE_SIGNATURE_SIZE_BYTES = 65;
const INTERNAL_KEY_SIZE_BYTES = 64;
const PUBLIC_KEY_SIZE_BYTES = 65;

const RECOVERED = 0;
const OUT_OF_RANGE = 1;
const NO_KEY = 2;

/** Pointers are offsets into the memory; functions of libsecp256k1 return 1 for success. */
interface Exports {
  _malloc(sizeBytes: number): number;
  _secp256k1_context_create(flags: number): number;
  _secp256k1_ecdsa_recoverable_signature_parse_compact(
    context: number,
    signature: number,
    compact: number,
    recoveryId: number,
  ): number;
  _secp256k1_ecdsa_recover(context: number, key: number, signature: number, digest: number): number;
  _secp256k1_ec_pubkey_serialize(context: number, out: number, outSize: number, key: number, flags: number): number;
}

function aborted(): never {
  throw new Error("libsecp256k1 in WebAssembly aborted");
}

function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Exports {
  const heap = new Uint8Array(memory.buffer);
  new DataView(memory.buffer).setUint32(HEAP_END_CELL, HEAP_START, true);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: {
      memory,
      table: new WebAssembly.Table({ element: "anyfunc", initial: TABLE_SIZE, maximum: TABLE_SIZE }),
      tableBase: 0,
      DYNAMICTOP_PTR: HEAP_END_CELL,
      STACKTOP: STACK_START,
      getTotalMemory: () => MEMORY_PAGES * PAGE_SIZE_BYTES,
      _emscripten_memcpy_big: (to: number, from: number, count: number) => {
        heap.copyWithin(to, from, from + count);
        return to;
      },
      // What cannot be served ends the call, and the node with it: it is no statement about a signature.
      abort: aborted,
      _abort: aborted,
      enlargeMemory: aborted,
      abortOnCannotGrowMemory: aborted,
      ___setErrNo: aborted,
    },
  });
  return instance.exports as unknown as Exports;
}

/** One instance for each thread: it works in its own memory, call after call. */
function createSecp256k1(bytes: Uint8Array<ArrayBuffer>): Secp256k1 {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const wasm = instantiate(bytes, memory);
  const heap = new Uint8Array(memory.buffer);
  const allocate = (sizeBytes: number): number => {
    const pointer = wasm._malloc(sizeBytes);
    assert(pointer !== 0, "the memory of libsecp256k1 has room");
    return pointer;
  };
  const context = wasm._secp256k1_context_create(CONTEXT_VERIFY);
  const digestAt = allocate(DIGEST_SIZE_BYTES);
  const compactAt = allocate(COMPACT_SIZE_BYTES);
  const signatureAt = allocate(RECOVERABLE_SIGNATURE_SIZE_BYTES);
  const keyAt = allocate(INTERNAL_KEY_SIZE_BYTES);
  const outputAt = allocate(PUBLIC_KEY_SIZE_BYTES);
  const outputSizeAt = allocate(Uint32Array.BYTES_PER_ELEMENT);
  const outputSize = new Uint32Array(memory.buffer, outputSizeAt, 1);
  return {
    ecdsaRecover(output, compact, recoveryId, digest) {
      heap.set(digest, digestAt);
      heap.set(compact, compactAt);
      const parsed = wasm._secp256k1_ecdsa_recoverable_signature_parse_compact(
        context,
        signatureAt,
        compactAt,
        recoveryId,
      );
      if (parsed !== 1) return OUT_OF_RANGE;
      if (wasm._secp256k1_ecdsa_recover(context, keyAt, signatureAt, digestAt) !== 1) return NO_KEY;
      outputSize[0] = PUBLIC_KEY_SIZE_BYTES;
      const written = wasm._secp256k1_ec_pubkey_serialize(context, outputAt, outputSizeAt, keyAt, KEY_UNCOMPRESSED);
      assert(written === 1, "a recovered key can be written");
      output.set(heap.subarray(outputAt, outputAt + PUBLIC_KEY_SIZE_BYTES));
      return RECOVERED;
    },
  };
}

/** Loads the file, from the package or from within the executable; never throws. */
export function loadSecp256k1Wasm(): Secp256k1Load {
  try {
    return { ok: true, secp256k1: createSecp256k1(new Uint8Array(readFileSync(wasmFile))), file: "WebAssembly" };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
