// The contract of the examples is what its text assembles to, and lies where the examples say.

import { expect, test } from "bun:test";
import {
  EXAMPLE_CONTRACT,
  EXAMPLE_CONTRACT_ADDRESS,
  EXAMPLE_CONTRACT_TEXT,
} from "../../../../src/app/api/exampleContract.ts";
import { EXAMPLE_ADDRESS } from "../../../../src/app/api/schemaParts.ts";
import { type Address, bytesToHex } from "../../../../src/core/primitives/index.ts";
import { contractAddress } from "../../../../src/core/protocol/index.ts";
import { assemble } from "../../../support/wat.ts";

test("its bytes are those of its text", () => {
  expect(bytesToHex(assemble(EXAMPLE_CONTRACT_TEXT))).toBe(EXAMPLE_CONTRACT as `0x${string}`);
});

test("its address is that of the first deploy of the examples' account", () => {
  expect(contractAddress({ creator: EXAMPLE_ADDRESS as Address, nonce: 0 }) as string).toBe(EXAMPLE_CONTRACT_ADDRESS);
});
