// The least of HTTP/1.1 that a load generator needs: requests as bytes made beforehand, and answers cut from a stream.

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LENGTH_PATTERN = /\r\ncontent-length: *(\d+)/i;

export function encodeRequest(options: { port: number; path: string; body: string }): Buffer {
  const { port, path, body } = options;
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

/** Cuts the answers of one connection, which come one after the other, out of what arrives. */
export class AnswerReader {
  private pending: Buffer = Buffer.alloc(0);

  /** The next whole answer once it is there. */
  push(chunk: Buffer): Answer | undefined {
    this.pending = this.pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk]);
    const headEnd = this.pending.indexOf(HEAD_END);
    if (headEnd < 0) return undefined;
    const head = this.pending.toString("latin1", 0, headEnd);
    const length = LENGTH_PATTERN.exec(head)?.[1];
    if (length === undefined) throw new RangeError(`an answer without Content-Length:\n${head}`);
    const start = headEnd + HEAD_END.length;
    const end = start + Number(length);
    if (this.pending.length < end) return undefined;
    const body = this.pending.subarray(start, end);
    this.pending = this.pending.subarray(end);
    return { status: Number(head.slice(9, 12)), body };
  }
}
