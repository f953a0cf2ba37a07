// What happened in a simulation: a hash over every event, by which two runs of a seed are compared, and the lines that a
// failure shows.

/** Lines of any kind that a failure shows: what came just before it. */
const RECENT_LINES_MAX = 25;
/** Lines of faults, crashes and heads, which are few: the story of the seed. */
const MILESTONES_MAX = 60;

/** Two sums of 32 bits each; enough to tell apart runs, which nobody tampers with. */
class RollingHash {
  private high = 0x9e3779b9;
  private low = 0x85ebca6b;

  number(value: number): void {
    this.high = Math.imul(this.high ^ value, 0x01000193);
    this.low = Math.imul(this.low ^ value ^ (this.high >>> 15), 0x85ebca6b);
    this.low ^= this.low >>> 13;
  }

  text(text: string): void {
    for (let index = 0; index < text.length; index++) this.number(text.charCodeAt(index));
  }

  get digest(): string {
    return [this.high, this.low].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

interface Line {
  readonly timeMs: number;
  readonly who: string;
  readonly what: string;
  readonly detail: string;
}

function format({ timeMs, who, what, detail }: Line): string {
  const time = (timeMs / 1000).toFixed(3).padStart(9);
  return `${time} s  ${who.padEnd(10)} ${what}${detail === "" ? "" : ` ${detail}`}`;
}

/** A ring of lines, the oldest of which give way. */
class Lines {
  private readonly lines: Line[] = [];
  private readonly countMax: number;
  private next = 0;

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  add(line: Line): void {
    this.lines[this.next % this.countMax] = line;
    this.next++;
  }

  ordered(): Line[] {
    const start = this.next % this.countMax;
    return this.next <= this.countMax ? [...this.lines] : [...this.lines.slice(start), ...this.lines.slice(0, start)];
  }
}

export class Trace {
  private readonly hash = new RollingHash();
  private readonly recent = new Lines(RECENT_LINES_MAX);
  private readonly milestones = new Lines(MILESTONES_MAX);
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** An event that was delivered. */
  event(who: string, what: string, detail = ""): void {
    this.recent.add(this.mix(who, what, detail));
  }

  /** An event that no failure is explained by, such as a tick. */
  routine(who: string, what: string): void {
    this.mix(who, what, "");
  }

  /** Something that tells the story of the seed: a fault, a crash, a new head. */
  milestone(who: string, what: string, detail = ""): void {
    this.milestones.add(this.mix(who, what, detail));
  }

  private mix(who: string, what: string, detail: string): Line {
    const timeMs = this.nowMs();
    this.hash.number(timeMs);
    this.hash.text(who);
    this.hash.text(what);
    this.hash.text(detail);
    return { timeMs, who, what, detail };
  }

  /** Equal for two runs in which the same happened. */
  get digest(): string {
    return this.hash.digest;
  }

  timeline(): string[] {
    return [
      "milestones, the last ones:",
      ...this.milestones.ordered().map(format),
      "events just before:",
      ...this.recent.ordered().map(format),
    ];
  }
}
