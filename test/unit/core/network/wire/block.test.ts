// The codec of Block.

import { expect, test } from "bun:test";
import { createBlockCodec } from "../../../../../src/core/network/wire/block.ts";
import { AssertionError } from "../../../../../src/core/primitives/index.ts";
import { bytesCases, testCodec } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

const codec = createBlockCodec({ blockSizeBytesMax: 4096 });

// The header's length comes before the block, in four bytes.
testCodec(codec, WIRE_SAMPLES.block, { block: bytesCases({ sizeBytesMax: 4100 }) });

test("a block past the bound is not sent", () => {
  expect(codec.toJson({ type: "Block", block: new Uint8Array(4100) }).block).toHaveLength(8202);
  expect(() => codec.toJson({ type: "Block", block: new Uint8Array(4101) })).toThrow(AssertionError);
});
