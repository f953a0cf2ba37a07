// Announcements in the receipt, by which programs outside follow a contract.
//
// Topic 0 is the event's name in UTF-8, filled up with zero bytes to 32. Up to three more are what listeners filter by:
// an address or an integer, right-aligned and big-endian in its 32 bytes.

import { ADDRESS_SIZE, Address } from "./address";
import { utf8Encode } from "./bytes";
import { require } from "./control";
import * as env from "./env";

const TOPIC_SIZE: i32 = 32;
const TOPICS_MAX: i32 = 4;

export class Event {
  private readonly topics: Uint8Array = new Uint8Array(TOPIC_SIZE * TOPICS_MAX);
  private count: i32 = 1;

  constructor(name: string) {
    const bytes = utf8Encode(name);
    require(bytes.length <= TOPIC_SIZE, "the name of an event has more than 32 bytes");
    this.topics.set(bytes);
  }

  private nextEnd(): i32 {
    require(this.count < TOPICS_MAX, "an event has more than four topics");
    this.count += 1;
    return this.count * TOPIC_SIZE;
  }

  address(value: Address): Event {
    this.topics.set(value.bytes, this.nextEnd() - ADDRESS_SIZE);
    return this;
  }

  integer(value: u64): Event {
    store<u64>(this.topics.dataStart + this.nextEnd() - 8, bswap<u64>(value));
    return this;
  }

  /** Data that is no topic, as a rule the JSON text of all fields. Events of a call that fails are dropped. */
  emit(data: string = ""): void {
    const bytes = utf8Encode(data);
    env.event(this.topics.dataStart, this.count, bytes.dataStart, bytes.length);
  }
}
