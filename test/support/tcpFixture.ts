// TCP transports of texts for tests: small limits, a plain source of lines, and a stop for all at the end.

import type { LineFault, Logger } from "../../src/core/ports/index.ts";
import { accept, refuse } from "../../src/core/primitives/index.ts";
import {
  type Codec,
  createTcpTransport,
  defaultTcpLimits,
  type LineSource,
  type TcpLimits,
  type TcpTransport,
  type TcpTransportOptions,
} from "../../src/io/tcp/index.ts";
import { EventRecorder } from "./eventRecorder.ts";
import { silentLogger } from "./inProcessNode.ts";

const LINE_SIZE_BYTES_MAX = 4 * 1024 * 1024;

export const TEST_LIMITS: TcpLimits = {
  ...defaultTcpLimits({ lineSizeBytesMax: LINE_SIZE_BYTES_MAX, connectionsMax: 100, perAddressMax: 50 }),
  messageRate: { perSecond: 1_000_000, burst: 1_000_000 },
  byteRate: { perSecond: 2 ** 40, burst: 2 ** 40 },
};

/** A text is its own line; one that begins with `!` is malformed. */
export const textCodec: Codec<string> = {
  encode: (text) => text,
  decode: (line) => (line.startsWith("!") ? refuse("malformed_message", `${line} is no text`) : accept(line)),
};

export function createTextLines(sizeBytesMax: number): LineSource {
  let partial: Uint8Array[] = [];
  let partialBytes = 0;
  return {
    heldBytes: () => partialBytes,
    push: (chunk) => {
      const lines: string[] = [];
      let fault: LineFault | undefined;
      for (let start = 0; start < chunk.length && fault === undefined; ) {
        const end = chunk.indexOf(0x0a, start);
        const part = chunk.subarray(start, end < 0 ? chunk.length : end);
        partial.push(part);
        partialBytes += part.length;
        start += part.length + 1;
        if (partialBytes > sizeBytesMax) fault = "line_too_long";
        if (end < 0 && fault === undefined) break;
        if (fault === undefined) lines.push(Buffer.concat(partial).toString("utf8"));
        partial = [];
        partialBytes = 0;
      }
      return fault === undefined ? { lines } : { lines, fault };
    },
  };
}

export interface TestTransport {
  readonly transport: TcpTransport<string>;
  readonly recorder: EventRecorder;
  readonly port: number;
  /** The endpoint that others connect to. */
  readonly endpoint: string;
}

export interface TestTransportOptions {
  readonly limits?: Partial<TcpLimits>;
  readonly lineSizeBytesMax?: number;
  readonly isListening?: boolean;
  readonly host?: string;
  /** Acknowledges every message at once; else the test does. */
  readonly isAcknowledging?: boolean;
  readonly tls?: TcpTransportOptions<string>["tls"];
  readonly logger?: Logger;
  readonly resolve?: TcpTransportOptions<string>["resolve"];
  readonly codec?: Codec<string>;
}

const running: TcpTransport<string>[] = [];

export async function stopTransports(): Promise<void> {
  await Promise.all(running.splice(0).map((transport) => transport.stop()));
}

/** To be followed by `stopTransports` when the test is over. */
export async function startTransport(options: TestTransportOptions = {}): Promise<TestTransport> {
  const { lineSizeBytesMax = LINE_SIZE_BYTES_MAX, isListening = true, host = "127.0.0.1" } = options;
  const recorder = new EventRecorder();
  const created = await createTcpTransport<string>({
    listen: isListening ? { host, port: 0 } : undefined,
    codec: options.codec ?? textCodec,
    createLineSource: () => createTextLines(lineSizeBytesMax),
    limits: { ...TEST_LIMITS, ...options.limits },
    emit: recorder.emit,
    logger: options.logger ?? silentLogger,
    now: () => performance.now(),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  });
  if (!created.ok) throw new RangeError(created.refusal.message);
  const transport = created.value;
  running.push(transport);
  if (options.isAcknowledging ?? true) {
    recorder.onEvent = (event) => {
      if (event.kind === "message") transport.acknowledge(event.connectionId, 1);
    };
  }
  const port = transport.port ?? 0;
  return { transport, recorder, port, endpoint: `${host.includes(":") ? `[${host}]` : host}:${port}` };
}
