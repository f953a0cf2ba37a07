// Receipts: golden encodings, bounds, and the list as it is stored.

import { expect, test } from "bun:test";
import { type Bytes, bytesToHex, hexToBytes } from "../../../../src/core/primitives/index.ts";
import {
  BLOCK_TRANSACTIONS_MAX,
  type ContractEvent,
  type ContractLog,
  decodeReceipt,
  encodeReceipt,
  encodeReceipts,
  hashList,
  OUTCOMES,
  outcomeOf,
  REASONS,
  type Receipt,
  splitReceipts,
} from "../../../../src/core/protocol/index.ts";
import vectors from "../../../vectors/receipts.json";
import { hashOfText, RECEIPT, RECEIVER } from "../../../vectors/samples.ts";

const EVENT: ContractEvent = { address: RECEIVER, topics: [], data: new Uint8Array(0) };

function decodes(change: Partial<Receipt>): boolean {
  return decodeReceipt(encodeReceipt({ ...RECEIPT, ...change })).ok;
}

test("golden receipts decode to their fields and encode back", () => {
  for (const { encoded, ...fields } of vectors.receipts) {
    const receipt = {
      ...fields,
      returnData: hexToBytes(fields.returnData),
      events: fields.events.map((event) => ({ ...event, data: hexToBytes(event.data) })),
      logs: fields.logs.map((log) => ({ ...log, data: hexToBytes(log.data) })),
    } as unknown as Receipt;
    expect(decodeReceipt(hexToBytes(encoded))).toEqual({ ok: true, value: receipt });
    expect(bytesToHex(encodeReceipt(receipt)) as string).toBe(encoded);
  }
});

test("the golden list has its root and its stored form", () => {
  const encoded = vectors.receipts.map((receipt) => hexToBytes(receipt.encoded));
  expect(hashList(encoded) as string).toBe(vectors.receiptsRoot);
  expect(bytesToHex(encodeReceipts(encoded)) as string).toBe(vectors.storedList);
  expect(splitReceipts(hexToBytes(vectors.storedList))).toEqual({ ok: true, value: encoded });
});

test("refused receipts and lists are refused", () => {
  for (const { encoded } of vectors.refused) expect(decodeReceipt(hexToBytes(encoded)).ok).toBe(false);
  for (const { encoded } of vectors.refusedStoredLists) expect(splitReceipts(hexToBytes(encoded)).ok).toBe(false);
});

test("each part is as long as its bound and no longer", () => {
  const events = (count: number) => new Array<ContractEvent>(count).fill(EVENT);
  const topics = (count: number) => [{ ...EVENT, topics: new Array(count).fill(hashOfText("topic")) }];
  const data = (size: number) => [{ ...EVENT, data: new Uint8Array(size) }];
  expect(decodes({ events: events(1024) })).toBe(true);
  expect(decodes({ events: events(1025) })).toBe(false);
  expect(decodes({ events: topics(4) })).toBe(true);
  expect(decodes({ events: topics(5) })).toBe(false);
  expect(decodes({ events: data(65_536) })).toBe(true);
  expect(decodes({ events: data(65_537) })).toBe(false);
  const logs = (count: number, size: number) =>
    new Array<ContractLog>(count).fill({ address: RECEIVER, data: new Uint8Array(size) });
  expect(decodes({ logs: logs(256, 1) })).toBe(true);
  expect(decodes({ logs: logs(257, 1) })).toBe(false);
  expect(decodes({ logs: logs(1, 1024) })).toBe(true);
  expect(decodes({ logs: logs(1, 1025) })).toBe(false);
  expect(decodes({ returnData: new Uint8Array(65_536) })).toBe(true);
  expect(decodes({ returnData: new Uint8Array(65_537) })).toBe(false);
});

test("a stored list is as long as a block and no longer", () => {
  const list = (count: number) => encodeReceipts(new Array<Bytes>(count).fill(new Uint8Array(0)));
  expect(splitReceipts(list(BLOCK_TRANSACTIONS_MAX)).ok).toBe(true);
  expect(splitReceipts(list(BLOCK_TRANSACTIONS_MAX + 1)).ok).toBe(false);
});

test("a reason comes with one outcome", () => {
  for (const reason of REASONS) {
    const fitting = OUTCOMES.filter((outcome) => decodes({ outcome, reason }));
    expect(fitting).toEqual([outcomeOf(reason)]);
  }
});

test("an outcome that is none crashes the writer", () => {
  expect(() => encodeReceipt({ ...RECEIPT, outcome: "failure" as "revert" })).toThrow("u8");
});
