// Addresses of the internet as peers need them: what kind they are, which group they belong to, and endpoints in the form
// `host:port` (docs/spec/handshake-and-peers.md, "Endpoints and groups").

import { ENDPOINT_LENGTH_MAX } from "../limits.ts";

/** `private` covers what is reached only from nearby: RFC 1918, RFC 6598, RFC 4193, link-local, single-label names. */
export type AddressKind = "public" | "private" | "loopback" | "unusable";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** All host names are one group, since whoever has a domain has as many names under it as he likes. */
const NAME_GROUP = "name";
const PORT_MAX = 65_535;

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4_PATTERN = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6_WORD_PATTERN = /^[0-9a-fA-F]{1,4}$/;
const LABEL_PATTERN = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
// Resolvers take a name that ends so for an IPv4 address.
const NUMBER_PATTERN = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const BRACKETED_PATTERN = /^\[[0-9a-f:]+\]$/;
const PORT_PATTERN = /^[1-9][0-9]{0,4}$/;

function parseIpv4(text: string): readonly number[] | undefined {
  return IPV4_PATTERN.test(text) ? text.split(".").map(Number) : undefined;
}

function parseWords(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const words: number[] = [];
  for (const [index, part] of parts.entries()) {
    const tail = index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (tail !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = tail;
      words.push(a * 256 + b, c * 256 + d);
    } else if (IPV6_WORD_PATTERN.test(part)) words.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return words;
}

/** The eight 16-bit words of an IPv6 address (RFC 4291, section 2.2), without a zone. */
function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseWords(halves[0] as string);
  const tail = halves.length === 2 ? parseWords(halves[1] as string) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  const isWhole = halves.length === 2 ? missing >= 1 : missing === 0;
  return isWhole ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : undefined;
}

/** IPv4 as four numbers, also where it is mapped into IPv6 (`::ffff:1.2.3.4`); IPv6 as eight. */
function parseIp(text: string): readonly number[] | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return ipv4;
  const words = parseIpv6(text);
  if (words === undefined) return undefined;
  const isMapped = words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0);
  if (!isMapped) return words;
  const [high = 0, low = 0] = words.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255];
}

function ipv4Kind([a = 0, b = 0]: readonly number[]): AddressKind {
  if (a === 127) return "loopback";
  // "This network", multicast, reserved and broadcast.
  if (a === 0 || a >= 224) return "unusable";
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128);
  return isPrivate ? "private" : "public";
}

function ipv6Kind(words: readonly number[]): AddressKind {
  const first = words[0] as number;
  if (words.slice(0, 7).every((word) => word === 0)) return words[7] === 1 ? "loopback" : "unusable";
  if (first >= 0xff00) return "unusable";
  return first >> 9 === 0xfc00 >> 9 || first >> 6 === 0xfe80 >> 6 ? "private" : "public";
}

function nameKind(host: string): AddressKind {
  if (host === "localhost") return "loopback";
  return host.includes(".") ? "public" : "private";
}

/** The kind of an IP address, or of a host name as far as it can be told without resolving it. */
export function addressKind(host: string): AddressKind {
  const ip = parseIp(host);
  if (ip === undefined) return nameKind(host);
  return ip.length === 4 ? ipv4Kind(ip) : ipv6Kind(ip);
}

/** The /16 of an IPv4 address, the /32 of an IPv6 one, or that of all names; undefined for private and loopback ones. */
export function groupOf(host: string): string | undefined {
  const kind = addressKind(host);
  if (kind === "private" || kind === "loopback") return undefined;
  const ip = parseIp(host);
  if (ip === undefined) return NAME_GROUP;
  const [first = 0, second = 0] = ip;
  return ip.length === 4 ? `${first}.${second}` : `${first.toString(16)}:${second.toString(16)}`;
}

/** What connections are counted under where every connection must belong somewhere: the group, else the address. */
export function groupOrAddress(host: string): string {
  return groupOf(host) ?? host;
}

function isHostName(text: string): boolean {
  const labels = text.split(".");
  return labels.every((label) => LABEL_PATTERN.test(label)) && !NUMBER_PATTERN.test(labels.at(-1) as string);
}

/** Reads `host:port` in lower case, IPv6 in brackets; undefined for any other text and for unusable addresses. */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (text.length > ENDPOINT_LENGTH_MAX) return undefined;
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  if (colon < 1 || !PORT_PATTERN.test(port) || Number(port) > PORT_MAX) return undefined;
  const written = text.slice(0, colon);
  const isBracketed = BRACKETED_PATTERN.test(written);
  const host = isBracketed ? written.slice(1, -1) : written;
  const isHost = isBracketed ? parseIpv6(host) !== undefined : parseIpv4(host) !== undefined || isHostName(host);
  if (!isHost || addressKind(host) === "unusable") return undefined;
  return { host, port: Number(port) };
}

/**
 * Where a peer is reached that listens on all its addresses and knows none of them: at the one its connection has.
 * @param options.address of the connection's other end
 */
export function reachableEndpoint(options: { listenEndpoint: string; address: string }): string {
  const { listenEndpoint, address } = options;
  const colon = listenEndpoint.lastIndexOf(":");
  const host = listenEndpoint.slice(0, colon);
  if (host !== "0.0.0.0" && host !== "[::]") return listenEndpoint;
  return `${address.includes(":") ? `[${address}]` : address}${listenEndpoint.slice(colon)}`;
}

/**
 * Whether an endpoint means the same thing to the node at the other end as to us: a loopback address only to one on this
 * machine, a private one only to one nearby. Holds for telling and for believing.
 */
export function isSharedWith(options: { endpointHost: string; address: string }): boolean {
  const kind = addressKind(options.endpointHost);
  const other = addressKind(options.address);
  if (kind === "loopback") return other === "loopback";
  return kind === "public" || (kind === "private" && other !== "public");
}
