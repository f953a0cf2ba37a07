// The condition of each way between two hosts, one way at a time: what faults change, and flows look at.

/** One direction between two hosts. */
export interface Link {
  latencyMsMin: number;
  latencyMsMax: number;
  /** Bytes that pass in a millisecond. */
  bytesPerMs: number;
  /** A partition: nothing passes, and a connection that waits for long enough breaks. */
  isBlocked: boolean;
  /** Nothing passes for now, and no connection breaks of it. */
  isClogged: boolean;
  /** Shares of messages that a hostile middle loses, sends twice, or lets overtake the one before. */
  dropRate: number;
  duplicateRate: number;
  reorderRate: number;
}

/** A local network: a millisecond or a few, and far more bandwidth than a chain needs. */
const HEALTHY_LINK: Readonly<Link> = {
  latencyMsMin: 1,
  latencyMsMax: 8,
  bytesPerMs: 10_000,
  isBlocked: false,
  isClogged: false,
  dropRate: 0,
  duplicateRate: 0,
  reorderRate: 0,
};

export class Links {
  private readonly links = new Map<string, Link>();
  private readonly changed = new Set<(from: string, to: string) => void>();

  /** The way from one host to another, by their names. */
  get(from: string, to: string): Readonly<Link> {
    return this.mutable(from, to);
  }

  private mutable(from: string, to: string): Link {
    const key = `${from}>${to}`;
    let link = this.links.get(key);
    if (link === undefined) {
      link = { ...HEALTHY_LINK };
      this.links.set(key, link);
    }
    return link;
  }

  set(from: string, to: string, change: Partial<Link>): void {
    Object.assign(this.mutable(from, to), change);
    for (const listener of this.changed) listener(from, to);
  }

  /** All links as they were at first. */
  heal(): void {
    for (const [key, link] of this.links) {
      Object.assign(link, HEALTHY_LINK);
      const [from, to] = key.split(">") as [string, string];
      for (const listener of this.changed) listener(from, to);
    }
  }

  onChange(listener: (from: string, to: string) => void): void {
    this.changed.add(listener);
  }
}
