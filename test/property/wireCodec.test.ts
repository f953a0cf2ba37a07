// Random messages of every form: what is written is read as it was, through the text of a line.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { lineSizeBytesMax } from "../../src/core/network/limits.ts";
import { createWireCodec } from "../../src/core/network/wire/codecTable.ts";
import type { Message, PeerHead } from "../../src/core/network/wire/message.ts";
import type { Address, Hash, Height, Signature } from "../../src/core/primitives/index.ts";
import { parseJsonLine } from "../../src/io/tcp/index.ts";
import { checkProperty } from "./checkProperty.ts";

const BLOCK_SIZE_BYTES_MAX = 4096;
const wire = createWireCodec({ blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });

function hex<Brand extends string>(sizeBytes: number): fc.Arbitrary<Brand> {
  const bytes = fc.uint8Array({ minLength: sizeBytes, maxLength: sizeBytes });
  return bytes.map((value) => `0x${value.toHex()}` as unknown as Brand);
}

const uint = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const hash = hex<Hash>(32);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
const text = (lengthMax: number) =>
  fc.string({ unit: fc.constantFrom(..." !#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~"), minLength: 1, maxLength: lengthMax });
const number = (max: number) => fc.integer({ min: 0, max });
const host = fc.oneof(
  fc.tuple(number(255), number(255), number(255), number(255)).map((octets) => octets.join(".")),
  fc
    .array(number(0xffff), { minLength: 8, maxLength: 8 })
    .map((groups) => `[${groups.map((group) => group.toString(16)).join(":")}]`),
  fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/), { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
);
const endpoint = fc.tuple(host, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `${name}:${port}`);
const head: fc.Arbitrary<PeerHead> = fc.record({
  height: uint as fc.Arbitrary<number> as fc.Arbitrary<Height>,
  hash,
  totalWork: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
});

function of<Type extends string>(type: Type): fc.Arbitrary<Type> {
  return fc.constant(type);
}

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: of("Ping"), nonce: uint }),
  fc.record({ type: of("Pong"), nonce: uint }),
  fc.record({
    type: of("PeerInfo"),
    kind: of("hello"),
    protocolVersion: uint,
    genesisHash: hash,
    consensus: text(32),
    nodeKey: hex<Address>(20),
    challenge: hash,
    listenEndpoint: fc.option(endpoint, { nil: undefined }),
    head,
  }),
  fc.record({ type: of("PeerInfo"), kind: of("proof"), signature: hex<Signature>(65) }),
  fc.record({ type: of("PeerInfo"), kind: of("status"), head, endpoints: fc.array(endpoint, { maxLength: 32 }) }),
  fc.record({ type: of("PeerInfo"), kind: of("refusal"), code: text(64), message: text(256) }),
  fc.record({ type: of("Block"), block: bytes }),
  fc.record({ type: of("GetBlock"), hash }),
  fc.record({ type: of("GetBlockResponse"), hash, block: fc.option(bytes, { nil: undefined }) }),
  fc.record({
    type: of("SyncRequest"),
    kind: of("headers"),
    requestId: uint,
    locator: fc.array(hash, { minLength: 1, maxLength: 64 }),
    countMax: fc.integer({ min: 1, max: 512 }),
  }),
  fc.record({
    type: of("SyncRequest"),
    kind: of("blocks"),
    requestId: uint,
    hashes: fc.array(hash, { minLength: 1, maxLength: 128 }),
  }),
  fc.record({
    type: of("SyncResponse"),
    kind: of("headers"),
    requestId: uint,
    headers: fc.array(bytes, { maxLength: 40 }),
  }),
  fc.record({
    type: of("SyncResponse"),
    kind: of("blocks"),
    requestId: uint,
    blocks: fc.array(bytes, { maxLength: 40 }),
  }),
  fc.record({ type: of("Transactions"), transactions: fc.array(bytes, { minLength: 1, maxLength: 40 }) }),
  fc.record({ type: of("Vote"), vote: bytes }),
);

test("every message comes through a line as it was sent", () => {
  checkProperty(
    fc.property(anyMessage, (message) => {
      const line = JSON.stringify(wire.toJson(message));
      expect(line.length).toBeLessThanOrEqual(lineSizeBytesMax(BLOCK_SIZE_BYTES_MAX));
      const parsed = parseJsonLine(line);
      if (!parsed.ok) throw new Error(parsed.refusal.message);
      const read = wire.fromJson(parsed.value);
      expect(read).toEqual({ ok: true, value: message });
      // One message has one line.
      if (read.ok) expect(JSON.stringify(wire.toJson(read.value))).toBe(line);
    }),
    { numRuns: 3_000 },
  );
});
