// Hashes and recovery, against what the node itself computes.

import { expect, test } from "bun:test";
import { keccak256, secretKeyToAddress, sha256, sign } from "../../../../../../src/core/crypto/index.ts";
import { type Bytes, hexToBytes } from "../../../../../../src/core/primitives/index.ts";
import { ContractFixture, escaped, text } from "../../../../../support/contractFixture.ts";
import { contract } from "../../../../../support/wat.ts";

const fixture = new ContractFixture();
const secretKey = new Uint8Array(32).fill(9);
const message = new TextEncoder().encode("a message");
const digest = sha256(message);
const signature = hexToBytes(sign({ digest, secretKey }));

/** n - s, and the other parity: the same signature in the form that is refused. */
function highS(low: Bytes): Bytes {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${low.subarray(32, 64).toHex()}`);
  const high = low.slice();
  high.set(Uint8Array.fromHex(s.toString(16).padStart(64, "0")), 32);
  high[64] = 1 - (low[64] as number);
  return high;
}

function recover(bytes: Bytes) {
  const probe = fixture.install(
    contract(`(memory 1)
      (data (i32.const 0) "${escaped(digest)}") (data (i32.const 64) "${escaped(bytes)}")
      (func (export "recover") (result i32)
        (call $secp256k1_recover (i32.const 0) (i32.const 64) (i32.const 200)))
      (func (export "signer")
        (drop (call $secp256k1_recover (i32.const 0) (i32.const 64) (i32.const 200)))
        (call $return_data (i32.const 200) (i32.const 20)))`),
  );
  const { returnData } = fixture.call(probe, "recover");
  return { found: text(returnData), signer: `0x${fixture.call(probe, "signer").returnData.toHex()}` };
}

test("hashes are those of the node", () => {
  const probe = fixture.install(
    contract(`(memory 1)
      (data (i32.const 0) "${escaped(message)}")
      (func (export "sha") (call $sha256 (i32.const 0) (i32.const 9) (i32.const 0)) (call $return_data (i32.const 0) (i32.const 32)))
      (func (export "keccak") (call $keccak256 (i32.const 0) (i32.const 9) (i32.const 0)) (call $return_data (i32.const 0) (i32.const 32)))
      (func (export "nothing") (call $sha256 (i32.const 65536) (i32.const 0) (i32.const 0)) (call $return_data (i32.const 0) (i32.const 32)))`),
  );
  expect(fixture.call(probe, "sha").returnData).toEqual(digest);
  expect(fixture.call(probe, "keccak").returnData).toEqual(keccak256(message));
  expect(fixture.call(probe, "nothing").returnData).toEqual(sha256(new Uint8Array(0)));
});

test("a signer is recovered from a signature in its one form", () => {
  expect(recover(signature)).toEqual({ found: "1", signer: secretKeyToAddress(secretKey) });
});

test("no signer is found in any other form, and nothing is written then", () => {
  const none = { found: "0", signer: `0x${"00".repeat(20)}` };
  expect(recover(highS(signature))).toEqual(none);
  expect(recover(signature.with(64, 27))).toEqual(none);
  expect(recover(signature.with(64, 2))).toEqual(none);
  expect(recover(new Uint8Array(65))).toEqual(none);
});
