// Bytes that no node sends: lines that are no messages, too long, never ending, or of values past every bound. What an
// adapter must answer with a fault, and a node survive.

import type { Random } from "../random.ts";

const LINE_END = "\n";

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Each makes one burst of bytes; `lineSizeBytesMax` is the longest line that is taken. */
export const HOSTILE_LINES: Readonly<Record<string, (random: Random, lineSizeBytesMax: number) => Uint8Array>> = {
  "too long": (_random, lineSizeBytesMax) =>
    encode(`{"type":"Block","block":"0x${"00".repeat(lineSizeBytesMax / 2)}"}${LINE_END}`),
  "without end": (_random, lineSizeBytesMax) => encode("[".repeat(Math.min(lineSizeBytesMax, 4_096))),
  "no JSON": () => encode(`{"type":"Ping","nonce":}${LINE_END}`),
  "no object": () => encode(`[1,2,3]${LINE_END}`),
  "unknown type": () => encode(`{"type":"Teapot"}${LINE_END}`),
  "no type": () => encode(`{"nonce":1}${LINE_END}`),
  "prototype keys": () => encode(`{"type":"Ping","__proto__":{"nonce":1},"constructor":1}${LINE_END}`),
  "duplicate keys": () => encode(`{"type":"Ping","nonce":1,"nonce":2}${LINE_END}`),
  "number past 2^53": () => encode(`{"type":"Ping","nonce":9007199254740993}${LINE_END}`),
  "number with a fraction": () => encode(`{"type":"Ping","nonce":0.99999999999999999999}${LINE_END}`),
  "negative number": () => encode(`{"type":"Pong","nonce":-1}${LINE_END}`),
  "deep nesting": () => encode(`${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}${LINE_END}`),
  "lone surrogate": () => encode(`{"type":"PeerInfo","kind":"refusal","code":"\\ud800","message":""}${LINE_END}`),
  "odd hex": () => encode(`{"type":"Block","block":"0xabc"}${LINE_END}`),
  "long list": () =>
    encode(
      `{"type":"SyncRequest","kind":"blocks","requestId":1,"hashes":[${Array.from({ length: 400 }, () => `"0x${"00".repeat(32)}"`).join()}]}${LINE_END}`,
    ),
  "empty lines": () => encode(LINE_END.repeat(50)),
  "no UTF-8": (random) => Uint8Array.of(...random.bytes(64), 0xff, 0xfe, 10),
  noise: (random) => random.bytes(random.int(1, 1_000)),
};

export const HOSTILE_LINE_NAMES = Object.keys(HOSTILE_LINES);
