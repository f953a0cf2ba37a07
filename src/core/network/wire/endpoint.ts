// `host:port`, under which a node is reached: a DNS name, an IPv4 address, or an IPv6 address in brackets, in lower case.

import { ENDPOINT_LENGTH_MAX } from "../limits.ts";

const ENDPOINT_PATTERN = /^([^:]+|\[[0-9a-f:]+\]):([1-9][0-9]{0,4})$/;
const PORT_MAX = 65_535;
const DNS_NAME_LENGTH_MAX = 253;
// An underscore is no part of a host name by RFC 1123, but Docker gives containers names with one.
const LABEL_PATTERN = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
// Resolvers take a name that ends so for an IPv4 address, in one of its many old spellings (127.1, 0x7f000001).
const NUMBER_PATTERN = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const OCTET_PATTERN = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP_PATTERN = /^[0-9a-f]{1,4}$/;
const IPV6_GROUPS = 8;

function isIpv4(host: string): boolean {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => OCTET_PATTERN.test(part) && Number(part) <= 255);
}

function isDnsName(host: string): boolean {
  const labels = host.split(".");
  const isNumber = NUMBER_PATTERN.test(labels.at(-1) ?? "");
  return host.length <= DNS_NAME_LENGTH_MAX && !isNumber && labels.every((label) => LABEL_PATTERN.test(label));
}

/** RFC 4291, section 2.2, forms 1 and 2: without an IPv4 address at the end and without a zone. */
function isIpv6(host: string): boolean {
  const sides = host.split("::");
  if (sides.length > 2) return false;
  const groups = sides.flatMap((side) => (side === "" ? [] : side.split(":")));
  const isCountRight = sides.length === 2 ? groups.length < IPV6_GROUPS : groups.length === IPV6_GROUPS;
  return isCountRight && groups.every((group) => GROUP_PATTERN.test(group));
}

/** Whether a text is an endpoint as messages carry it: strict, so that one node is not kept under many spellings. */
export function isEndpoint(text: string): boolean {
  if (text.length > ENDPOINT_LENGTH_MAX) return false;
  const [, host, port] = ENDPOINT_PATTERN.exec(text) ?? [];
  if (host === undefined || Number(port) > PORT_MAX) return false;
  return host.startsWith("[") ? isIpv6(host.slice(1, -1)) : isIpv4(host) || isDnsName(host);
}
