// Requests under way, so that an answer is matched by the peer and the number that it repeats. What was given up is
// remembered for a while: a late answer is no offence.

import type { Hash } from "../../primitives/index.ts";
import { GIVEN_UP_REQUESTS_MAX } from "./bounds.ts";

interface RequestBase {
  readonly requestId: number;
  readonly connectionId: number;
  readonly sentMs: number;
}

export interface HeadersAsked extends RequestBase {
  readonly kind: "headers";
  readonly locator: ReadonlySet<Hash>;
  readonly countMax: number;
}

export interface BlocksAsked extends RequestBase {
  readonly kind: "blocks";
  readonly hashes: readonly Hash[];
}

export type Asked = HeadersAsked | BlocksAsked;

export class RequestBook {
  private lastRequestId = 0;
  private readonly underWay = new Map<number, Asked>();
  /** Oldest first. */
  private readonly givenUp = new Map<number, Asked>();

  nextId(): number {
    return ++this.lastRequestId;
  }

  add(request: Asked): void {
    this.underWay.set(request.requestId, request);
  }

  /** Takes out what an answer belongs to; undefined when the peer was not asked that. */
  take(answer: {
    connectionId: number;
    requestId: number;
    kind: Asked["kind"];
  }): { request: Asked; isLate: boolean } | undefined {
    for (const [requests, isLate] of [
      [this.underWay, false],
      [this.givenUp, true],
    ] as const) {
      const request = requests.get(answer.requestId);
      if (request === undefined) continue;
      if (request.connectionId !== answer.connectionId || request.kind !== answer.kind) return undefined;
      requests.delete(answer.requestId);
      return { request, isLate };
    }
    return undefined;
  }

  /** Does not wait for the answer any more. */
  giveUp(request: Asked): void {
    this.underWay.delete(request.requestId);
    this.givenUp.set(request.requestId, request);
    for (const oldest of this.givenUp.keys()) {
      if (this.givenUp.size <= GIVEN_UP_REQUESTS_MAX) return;
      this.givenUp.delete(oldest);
    }
  }

  /** Forgets all of a connection that has ended. @returns those that were under way */
  removePeer(connectionId: number): Asked[] {
    const removed = [...this.underWay.values()].filter((request) => request.connectionId === connectionId);
    for (const { requestId } of removed) this.underWay.delete(requestId);
    for (const request of this.givenUp.values()) {
      if (request.connectionId === connectionId) this.givenUp.delete(request.requestId);
    }
    return removed;
  }

  /** Those under way, oldest first. */
  list(): Asked[] {
    return [...this.underWay.values()];
  }

  blocksCountOf(connectionId: number): number {
    let count = 0;
    for (const request of this.underWay.values()) {
      if (request.kind === "blocks" && request.connectionId === connectionId) count++;
    }
    return count;
  }
}
