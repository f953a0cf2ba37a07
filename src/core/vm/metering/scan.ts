// temporary
export class Scan {
  opcode = 0; start = 0; end = 0; label = 0; labels: number[] = [];
  readonly b: Uint8Array; at: number;
  constructor(b: Uint8Array, at: number) { this.b = b; this.at = at; }
  leb(): number { let r = 0, s = 0; for (;;) { const x = this.b[this.at++] as number; r |= (x & 127) << s; if (x < 128) return r >>> 0; s += 7; } }
  skip(): void { while ((this.b[this.at++] as number) > 127); }
  next(): void {
    this.start = this.at;
    let op = this.b[this.at++] as number;
    if (op === 0xfc) op = 0xfc00 + this.leb();
    this.opcode = op;
    if (op === 2 || op === 3 || op === 4) this.skip();
    else if (op === 12 || op === 13) this.label = this.leb();
    else if (op === 14) { this.labels = []; let n = this.leb(); for (; n >= 0; n--) this.labels.push(this.leb()); }
    else if (op === 0x10) this.skip();
    else if (op === 0x11) { this.skip(); this.skip(); }
    else if (op === 0x1c) { let n = this.leb(); while (n-- > 0) this.at++; }
    else if (op >= 0x20 && op <= 0x24) this.skip();
    else if (op >= 0x28 && op <= 0x3e) { this.skip(); this.skip(); }
    else if (op === 0x3f || op === 0x40 || op === 0x41 || op === 0x42) this.skip();
    else if (op === 0xfc0a) { this.at += 2; } else if (op === 0xfc0b) this.at += 1;
    this.end = this.at;
  }
}
