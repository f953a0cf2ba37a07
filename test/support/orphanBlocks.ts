// Blocks with valid seals whose parents nobody has: what they cost their maker is the work of the easiest target.

import { TARGET_EASIEST } from "../../src/core/consensus/pow/difficulty.ts";
import { targetToBytes } from "../../src/core/consensus/pow/seal.ts";
import { EMPTY_BODY, encodeBody, encodeHeader, type Header, joinBlock } from "../../src/core/protocol/index.ts";

const PARENT_OFFSET = 1;
const NONCE_SIZE_BYTES = 8;
const TARGET_SIZE_BYTES = 32;

/** The lines of `count` Block messages. @param like of an empty block of the chain */
export function* orphanLines(like: Header, count: number): Generator<string> {
  const header = Buffer.from(encodeHeader(like));
  const nonceOffset = header.length - NONCE_SIZE_BYTES;
  const body = encodeBody(EMPTY_BODY);
  header.set(targetToBytes(TARGET_EASIEST), nonceOffset - TARGET_SIZE_BYTES);
  header.writeUInt32BE(0, nonceOffset);
  crypto.getRandomValues(header.subarray(PARENT_OFFSET, PARENT_OFFSET + 32));
  for (let index = 0; index < count; index++) {
    header.writeUInt32BE(index, PARENT_OFFSET);
    for (let nonce = 0; ; nonce++) {
      header.writeUInt32BE(nonce, nonceOffset + 4);
      const [first = 0xff] = new Bun.CryptoHasher("sha256").update(header).digest();
      if (first < 0x10) break;
    }
    yield `{"type":"Block","block":"0x${Buffer.from(joinBlock({ header, body })).toString("hex")}"}\n`;
  }
}
