// Golden lines of the wire: one message of each form, and lines that are refused.

import { createWireCodec } from "../../src/core/network/wire/codecTable.ts";
import { assert } from "../../src/core/primitives/index.ts";
import { parseJsonLine } from "../../src/io/tcp/index.ts";
import { WIRE_SAMPLES } from "../../test/support/wireSamples.ts";

const BLOCK_SIZE_BYTES_MAX = 4096;

const wire = createWireCodec({ blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });

const REFUSED: readonly (readonly [why: string, line: string])[] = [
  ["no object", '["Ping",7]'],
  ["no type", '{"nonce":7}'],
  ["a type that there is not", '{"type":"ping","nonce":7}'],
  ["no nonce", '{"type":"Ping"}'],
  ["an unknown field", '{"type":"Ping","nonce":7,"extra":0}'],
  ["a number as text", '{"type":"Ping","nonce":"7"}'],
  ["2^53", '{"type":"Ping","nonce":9007199254740992}'],
  ["a fraction that rounds to a safe integer", '{"type":"Ping","nonce":9007199254740990.6}'],
  ["an exponent", '{"type":"Ping","nonce":7e0}'],
  ["a negative zero", '{"type":"Ping","nonce":-0}'],
  ["a key twice", '{"type":"Ping","nonce":7,"nonce":7}'],
  ["an escape", '{"type":"Pin\\u0067","nonce":7}'],
  ["a hash in upper case", `{"type":"GetBlock","hash":"0x${"AB".repeat(32)}"}`],
  ["a hash of 31 bytes", `{"type":"GetBlock","hash":"0x${"ab".repeat(31)}"}`],
  ["half a byte", '{"type":"Vote","vote":"0x123"}'],
  ["a vote of 1,025 bytes", `{"type":"Vote","vote":"0x${"00".repeat(1025)}"}`],
  ["no transactions", '{"type":"Transactions","transactions":[]}'],
  ["a kind that there is not", '{"type":"SyncRequest","kind":"snapshot","requestId":1}'],
  [
    "no headers wanted",
    `{"type":"SyncRequest","kind":"headers","requestId":1,"locator":["0x${"00".repeat(32)}"],"countMax":0}`,
  ],
];

function isRefused(line: string): boolean {
  const parsed = parseJsonLine(line);
  return !parsed.ok || !wire.fromJson(parsed.value).ok;
}

export function wireMessageVectors() {
  for (const [why, line] of REFUSED) assert(isRefused(line), `${why} is refused`);
  return {
    about: "docs/spec/network.md, Messages; on a chain whose blocks have at most blockSizeBytesMax bytes",
    blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX,
    messages: Object.entries(WIRE_SAMPLES).map(([name, message]) => ({
      name,
      line: JSON.stringify(wire.toJson(message)),
    })),
    refused: REFUSED.map(([why, line]) => ({ why, line })),
  };
}
