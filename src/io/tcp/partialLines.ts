// What all connections together hold of lines whose ends have not come. Each line has a limit of its own, but many
// connections that stop just before theirs would still fill the memory of a small machine.

interface PartialLine {
  readonly sizeBytes: number;
  /** When its first byte came. */
  readonly sinceMs: number;
}

export class PartialLines {
  private readonly sizeBytesMax: number;
  private readonly lines = new Map<number, PartialLine>();
  private sizeBytesTotal = 0;

  constructor(options: { sizeBytesMax: number }) {
    this.sizeBytesMax = options.sizeBytesMax;
  }

  /** How much memory a connection's line takes now; 0 when there is none, or no connection. */
  set(connectionId: number, line: PartialLine): void {
    this.sizeBytesTotal += line.sizeBytes - (this.lines.get(connectionId)?.sizeBytes ?? 0);
    if (line.sizeBytes === 0) this.lines.delete(connectionId);
    else this.lines.set(connectionId, line);
  }

  /**
   * The connection that has to go for the bound to hold: the one that has held most for longest, in bytes times
   * milliseconds, so that a large line which comes quickly is not taken for one that never ends.
   */
  excess(nowMs: number): number | undefined {
    if (this.sizeBytesTotal <= this.sizeBytesMax) return undefined;
    let worst: number | undefined;
    let worstBurden = -1;
    for (const [connectionId, { sizeBytes, sinceMs }] of this.lines) {
      const burden = sizeBytes * (nowMs - sinceMs + 1);
      if (burden <= worstBurden) continue;
      worst = connectionId;
      worstBurden = burden;
    }
    return worst;
  }
}
