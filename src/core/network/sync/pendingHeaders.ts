// The window of headers that are checked and whose blocks are yet to come: one chain in ascending height, on an ancestor
// that the node has.

import { assert, defined, type Hash } from "../../primitives/index.ts";
import type { TracedHeader } from "../chainAccess.ts";
import { PENDING_HEADERS_MAX } from "./bounds.ts";

/** Places that imported headers leave free at the front before the list is moved up. */
const FREE_PLACES_MAX = 1024;

export class PendingHeaders {
  private list: TracedHeader[] = [];
  private firstPlace = 0;
  private readonly byHash = new Map<Hash, TracedHeader>();

  get count(): number {
    return this.byHash.size;
  }

  get roomCount(): number {
    return PENDING_HEADERS_MAX - this.count;
  }

  get first(): TracedHeader | undefined {
    return this.at(0);
  }

  get last(): TracedHeader | undefined {
    return this.at(this.count - 1);
  }

  /** @param index counted from the first that is pending */
  at(index: number): TracedHeader | undefined {
    return index < 0 ? undefined : this.list[this.firstPlace + index];
  }

  get(hash: Hash): TracedHeader | undefined {
    return this.byHash.get(hash);
  }

  append(header: TracedHeader): void {
    const { last } = this;
    assert(this.roomCount > 0, "the window of pending headers has room");
    assert(last === undefined || header.header.parentHash === last.hash, "pending headers are one chain");
    this.list.push(header);
    this.byHash.set(header.hash, header);
  }

  /** Takes the first out, since its block is imported. */
  shift(): TracedHeader {
    const first = defined(this.first, "a header is pending");
    this.byHash.delete(first.hash);
    this.firstPlace++;
    if (this.firstPlace >= FREE_PLACES_MAX) {
      this.list = this.list.slice(this.firstPlace);
      this.firstPlace = 0;
    }
    return first;
  }

  /** Drops all from `index` on. @returns what was dropped, in ascending height */
  truncate(index: number): TracedHeader[] {
    const dropped = this.list.splice(this.firstPlace + index);
    for (const { hash } of dropped) this.byHash.delete(hash);
    return dropped;
  }

  /** Counted from the first that is pending; undefined for a hash that is not. */
  indexOf(hash: Hash): number | undefined {
    const { first } = this;
    const header = this.byHash.get(hash);
    return first === undefined || header === undefined ? undefined : header.header.height - first.header.height;
  }
}
