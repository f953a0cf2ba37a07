// Receipts: what a transaction came to. Messages for people are not part of them, since they are hashed.

import {
  ADDRESS_SIZE_BYTES,
  type Address,
  type Amount,
  type Bytes,
  type Decoded,
  decodeWith,
  type Gas,
  HASH_SIZE_BYTES,
  type Hash,
  type Reader,
  Writer,
} from "../primitives/index.ts";
import {
  BLOCK_TRANSACTIONS_MAX,
  EVENT_DATA_SIZE_BYTES_MAX,
  EVENTS_PER_RECEIPT_MAX,
  LOG_SIZE_BYTES_MAX,
  LOGS_PER_RECEIPT_MAX,
  RETURN_DATA_SIZE_BYTES_MAX,
  TOPICS_PER_EVENT_MAX,
} from "./limits.ts";

/** In the order of their codes in the encoding, 0 to 3. */
export const OUTCOMES = ["success", "revert", "outOfGas", "trap"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a transaction came to its outcome; in the order of their codes in the encoding. */
export const REASONS = [
  "none",
  "revert",
  "outOfGas",
  // All that follow have the outcome trap.
  "trap",
  "noContract",
  "noFunction",
  "badArguments",
  "hostRange",
  "stackExhausted",
  "depthExceeded",
  "reentrancy",
  "memoryLimit",
  "limitExceeded",
  "invalidModule",
  "insufficientBalance",
  "addressTaken",
] as const;
export type Reason = (typeof REASONS)[number];

const OUTCOME_OF: Readonly<Record<string, Outcome>> = { none: "success", revert: "revert", outOfGas: "outOfGas" };

export function outcomeOf(reason: Reason): Outcome {
  return OUTCOME_OF[reason] ?? "trap";
}

/** What a contract announced. */
export interface ContractEvent {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Bytes;
}

/** A line that a contract wrote for those who debug it. */
export interface ContractLog {
  readonly address: Address;
  readonly data: Bytes;
}

export interface Receipt {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** What is paid for: after the refund. A block counts the gas before it. */
  readonly gasUsed: Gas;
  readonly gasRefunded: Gas;
  readonly fee: Amount;
  readonly returnData: Bytes;
  /** None unless the outcome is success. */
  readonly events: readonly ContractEvent[];
  /** Also of what failed. */
  readonly logs: readonly ContractLog[];
}

/** What it takes beside return data, events and logs; and what an event with all its topics, or a log, takes beside its data. */
const PLAIN_SIZE_BYTES = 40;
const ANNOUNCEMENT_SIZE_BYTES = 160;

/** At least as much as the encoding takes, so that the writer does not have to grow. */
function capacityOf({ returnData, events, logs }: Receipt): number {
  let size = PLAIN_SIZE_BYTES + returnData.length;
  for (const { data } of events) size += ANNOUNCEMENT_SIZE_BYTES + data.length;
  for (const { data } of logs) size += ANNOUNCEMENT_SIZE_BYTES + data.length;
  return size;
}

export function encodeReceipt(receipt: Receipt): Bytes {
  const writer = new Writer(capacityOf(receipt));
  writer
    .u8(OUTCOMES.indexOf(receipt.outcome))
    .u8(REASONS.indexOf(receipt.reason))
    .u64(receipt.gasUsed)
    .u64(receipt.gasRefunded)
    .u64(receipt.fee)
    .bytes(receipt.returnData)
    .u32(receipt.events.length);
  for (const event of receipt.events) {
    writer.hex(event.address).u32(event.topics.length);
    for (const topic of event.topics) writer.hex(topic);
    writer.bytes(event.data);
  }
  writer.u32(receipt.logs.length);
  for (const log of receipt.logs) writer.hex(log.address).bytes(log.data);
  return writer.finish();
}

function readEvent(reader: Reader): ContractEvent {
  const address = reader.hex(ADDRESS_SIZE_BYTES) as Address;
  const topicCount = reader.count(TOPICS_PER_EVENT_MAX);
  const topics = Array.from({ length: topicCount }, () => reader.hex(HASH_SIZE_BYTES) as Hash);
  return { address, topics, data: reader.bytes({ countMax: EVENT_DATA_SIZE_BYTES_MAX }) };
}

function readLog(reader: Reader): ContractLog {
  const address = reader.hex(ADDRESS_SIZE_BYTES) as Address;
  return { address, data: reader.bytes({ countMax: LOG_SIZE_BYTES_MAX }) };
}

function readReceipt(reader: Reader): Receipt {
  const codes = { outcome: reader.u8(), reason: reader.u8() };
  const outcome = OUTCOMES[codes.outcome] as Outcome;
  reader.expect(outcome !== undefined, `there is no outcome ${codes.outcome}`);
  const reason = REASONS[codes.reason] as Reason;
  reader.expect(reason !== undefined, `there is no reason ${codes.reason}`);
  reader.expect(outcomeOf(reason) === outcome, `the reason ${reason} does not come with the outcome ${outcome}`);
  return {
    outcome,
    reason,
    gasUsed: reader.u64() as Gas,
    gasRefunded: reader.u64() as Gas,
    fee: reader.u64() as Amount,
    returnData: reader.bytes({ countMax: RETURN_DATA_SIZE_BYTES_MAX }),
    events: Array.from({ length: reader.count(EVENTS_PER_RECEIPT_MAX) }, () => readEvent(reader)),
    logs: Array.from({ length: reader.count(LOGS_PER_RECEIPT_MAX) }, () => readLog(reader)),
  };
}

export function decodeReceipt(bytes: Bytes): Decoded<Receipt> {
  return decodeWith(bytes, readReceipt);
}

/** The receipts of a block as they are stored: a count, then each as a byte string. */
export function encodeReceipts(encodedReceipts: readonly Bytes[]): Bytes {
  const writer = new Writer(encodedReceipts.length * 60 + 4).u32(encodedReceipts.length);
  for (const encoded of encodedReceipts) writer.bytes(encoded);
  return writer.finish();
}

// A block bounds what its receipts hold by its gas; this only keeps a damaged record from allocating without end.
const RECEIPT_SIZE_BYTES_MAX = 2 ** 31;

/** Splits stored receipts without decoding them. */
export function splitReceipts(bytes: Bytes): Decoded<readonly Bytes[]> {
  return decodeWith(bytes, (reader) =>
    Array.from({ length: reader.count(BLOCK_TRANSACTIONS_MAX) }, () =>
      reader.bytes({ countMax: RECEIPT_SIZE_BYTES_MAX }),
    ),
  );
}
