// What others can see of a contract: events, which go with a failure, and logs, which stay.

import { HASH_SIZE_BYTES } from "../../../primitives/index.ts";
import {
  EVENT_DATA_SIZE_BYTES_MAX,
  EVENTS_PER_RECEIPT_MAX,
  LOG_SIZE_BYTES_MAX,
  LOGS_PER_RECEIPT_MAX,
  TOPICS_PER_EVENT_MAX,
} from "../../../protocol/index.ts";
import { ContractStop } from "../stop.ts";
import type { CurrentFrame, HostFunctions } from "./table.ts";

function checkLimit(value: number, max: number): void {
  if (value > max) throw new ContractStop("limitExceeded");
}

export function announcementFunctions(current: CurrentFrame): Pick<HostFunctions, "log" | "event"> {
  return {
    log: (pointer: number, length: number) => {
      const frame = current();
      const { address, transaction } = frame;
      const sizeBytes = length >>> 0;
      frame.checkRange(pointer, length);
      checkLimit(sizeBytes, LOG_SIZE_BYTES_MAX);
      checkLimit(transaction.logs.length + 1, LOGS_PER_RECEIPT_MAX);
      frame.charge("log", sizeBytes);
      transaction.logs.push({ address, data: frame.read(pointer, length) });
      return undefined;
    },
    event: (topicsPointer: number, topicsCount: number, dataPointer: number, dataLength: number) => {
      const frame = current();
      const { address, transaction } = frame;
      const [count, sizeBytes] = [topicsCount >>> 0, dataLength >>> 0];
      checkLimit(count, TOPICS_PER_EVENT_MAX);
      frame.checkRange(topicsPointer, count * HASH_SIZE_BYTES);
      frame.checkRange(dataPointer, dataLength);
      checkLimit(sizeBytes, EVENT_DATA_SIZE_BYTES_MAX);
      checkLimit(transaction.events.length + 1, EVENTS_PER_RECEIPT_MAX);
      frame.charge("event", sizeBytes + count * HASH_SIZE_BYTES);
      const topics = Array.from({ length: count }, (_, index) =>
        frame.readHash((topicsPointer >>> 0) + index * HASH_SIZE_BYTES),
      );
      transaction.events.push({ address, topics, data: frame.read(dataPointer, dataLength) });
      return undefined;
    },
  };
}
