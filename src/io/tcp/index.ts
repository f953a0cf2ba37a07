// The contract of the TCP adapter of the Transport port.

export type { ConnectionStats } from "./connection.ts";
export { parseJsonLine } from "./jsonLine.ts";
export { defaultTcpLimits, type Rate, type TcpLimits } from "./limits.ts";
export type { Codec, LineSource } from "./lineReader.ts";
export { createLineSource } from "./lineSource.ts";
export { LineSplitter, type SplitLine } from "./lineSplitter.ts";
export type { TlsIdentity } from "./tls.ts";
export { createTcpTransport, type TcpTransport, type TcpTransportCode, type TcpTransportOptions } from "./transport.ts";
