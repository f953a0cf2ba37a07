// The events of a contract, in the order in which they were announced, in pages whose reading costs a bounded time.

import type { StoredBlock, StoreReader } from "../ports/index.ts";
import { type Address, assert, type Bytes, defined, type Hash, type Height } from "../primitives/index.ts";
import { decodeReceipt, splitReceipts } from "../protocol/index.ts";

/** Where an event stands in the chain. */
export interface EventPosition {
  readonly height: Height;
  /** Of the transaction in its block. */
  readonly transactionIndex: number;
  /** Of the event among all that the transaction's contracts announced. */
  readonly eventIndex: number;
}

export interface EventFilter {
  readonly address: Address;
  readonly heightMin: Height;
  readonly heightMax: Height;
  /** Only events that have it among their topics. */
  readonly topic: Hash | undefined;
  /** Where the page begins; undefined for the range's beginning. */
  readonly start: EventPosition | undefined;
  readonly countMax: number;
}

export interface EventView extends EventPosition {
  readonly blockHash: Hash;
  readonly transactionHash: Hash;
  readonly topics: readonly Hash[];
  readonly data: Bytes;
}

export interface EventPage {
  readonly events: readonly EventView[];
  /** Where the next page begins; undefined at the end of the range. A page may end early, and may be empty before it. */
  readonly next: EventPosition | undefined;
}

/** Blocks that one page looks at. */
const BLOCKS_MAX = 64;
/** Bytes of receipts after which no further block is looked at: some ten milliseconds' work. */
const RECEIPTS_SIZE_BYTES_MAX = 2 * 1024 * 1024;
/** Bytes of events' data after which a page ends. */
const DATA_SIZE_BYTES_MAX = 1024 * 1024;

function* eventsOf(stored: StoredBlock, address: Address): Generator<EventView> {
  const receipts = splitReceipts(stored.receipts);
  assert(receipts.ok, "a canonical block's receipts decode");
  const { hash: blockHash, height, transactionHashes } = stored;
  for (const [transactionIndex, encoded] of receipts.value.entries()) {
    const receipt = decodeReceipt(encoded);
    assert(receipt.ok, "a stored receipt decodes");
    for (const [eventIndex, event] of receipt.value.events.entries()) {
      if (event.address !== address) continue;
      const transactionHash = defined(transactionHashes[transactionIndex], "each receipt is of a transaction");
      const { topics, data } = event;
      yield { height, blockHash, transactionIndex, transactionHash, eventIndex, topics, data };
    }
  }
}

function isBefore(left: EventPosition, right: EventPosition): boolean {
  if (left.height !== right.height) return left.height < right.height;
  const places = left.transactionIndex - right.transactionIndex;
  return places === 0 ? left.eventIndex < right.eventIndex : places < 0;
}

/** @param readBlock gives a canonical block by its hash */
export function findEvents(store: StoreReader, filter: EventFilter, readBlock: (hash: Hash) => StoredBlock): EventPage {
  const { address, heightMax, topic, start, countMax } = filter;
  const heightMin = Math.max(filter.heightMin, start?.height ?? 0) as Height;
  const heights = store.eventHeights({ address, heightMin, heightMax, countMax: BLOCKS_MAX + 1 });
  const events: EventView[] = [];
  let dataSizeBytes = 0;
  let receiptsSizeBytes = 0;
  for (const [count, height] of heights.entries()) {
    if (count === BLOCKS_MAX || receiptsSizeBytes >= RECEIPTS_SIZE_BYTES_MAX) {
      return { events, next: { height, transactionIndex: 0, eventIndex: 0 } };
    }
    const stored = readBlock(defined(store.hashAt(height), "events are of canonical blocks"));
    receiptsSizeBytes += stored.receipts.length;
    for (const event of eventsOf(stored, address)) {
      if (start !== undefined && isBefore(event, start)) continue;
      if (topic !== undefined && !event.topics.includes(topic)) continue;
      const { transactionIndex, eventIndex } = event;
      if (events.length === countMax || dataSizeBytes >= DATA_SIZE_BYTES_MAX) {
        return { events, next: { height, transactionIndex, eventIndex } };
      }
      events.push(event);
      dataSizeBytes += event.data.length;
    }
  }
  return { events, next: undefined };
}
