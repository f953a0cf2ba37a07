// What all connections together hold of one kind: lines whose ends have not come, or what waits to be sent. Each connection
// has a bound of its own, but many that stay just below theirs would still fill the memory of a small machine.

interface Holding {
  readonly sizeBytes: number;
  /** When it began, or last made progress. */
  readonly sinceMs: number;
}

export class Holdings {
  private readonly sizeBytesMax: number;
  private readonly holdings = new Map<number, Holding>();
  private sizeBytesTotal = 0;

  constructor(options: { sizeBytesMax: number }) {
    this.sizeBytesMax = options.sizeBytesMax;
  }

  /** How much memory a connection takes now; 0 when it takes none, or is gone. */
  set(connectionId: number, holding: Holding): void {
    this.sizeBytesTotal += holding.sizeBytes - (this.holdings.get(connectionId)?.sizeBytes ?? 0);
    if (holding.sizeBytes === 0) this.holdings.delete(connectionId);
    else this.holdings.set(connectionId, holding);
  }

  /** As `set`, of a connection that has made no progress. */
  grow(connectionId: number, { sizeBytes, nowMs }: { sizeBytes: number; nowMs: number }): void {
    this.set(connectionId, { sizeBytes, sinceMs: this.holdings.get(connectionId)?.sinceMs ?? nowMs });
  }

  /**
   * The connection that has to go for the bound to hold: the one that has held most for longest, in bytes times
   * milliseconds, so that much which passes quickly is not taken for what never ends.
   */
  excess(nowMs: number): number | undefined {
    if (this.sizeBytesTotal <= this.sizeBytesMax) return undefined;
    let worst: number | undefined;
    let worstBurden = -1;
    for (const [connectionId, { sizeBytes, sinceMs }] of this.holdings) {
      const burden = sizeBytes * (nowMs - sinceMs + 1);
      if (burden <= worstBurden) continue;
      worst = connectionId;
      worstBurden = burden;
    }
    return worst;
  }
}
