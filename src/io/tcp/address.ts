// IP addresses in one form each: what is counted, refused and reported under an address must not depend on how the system
// writes it.

import { isIPv4, isIPv6 } from "node:net";

const GROUPS = 8;
const PREFIX_GROUPS = 4;
const MAPPED_PREFIX = "0:0:0:0:0:ffff";

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const lastColon = address.lastIndexOf(":");
  const tail = address.slice(lastColon + 1);
  let text = address;
  if (isIPv4(tail)) {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split(".").map(Number);
    text = `${address.slice(0, lastColon + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const [head = "", rest] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = rest === undefined || rest === "" ? [] : rest.split(":");
  const zeros = rest === undefined ? 0 : GROUPS - left.length - right.length;
  return [...left, ...new Array<string>(zeros).fill("0"), ...right].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}

function mappedIPv4(groups: readonly string[]): string {
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** IPv4 in dots, also where it comes mapped into IPv6; IPv6 in eight groups. Text that is neither stays as it is. */
export function normalizeAddress(address: string): string {
  const [bare = address] = address.split("%");
  if (!isIPv6(bare)) return bare;
  const groups = groupsOf(bare);
  return groups.slice(0, 6).join(":") === MAPPED_PREFIX ? mappedIPv4(groups) : groups.join(":");
}

/** What one household has: an IPv4 address or a /64 of IPv6. `address` is normalized. */
export function admissionKey(address: string): string {
  return isIPv6(address) ? `${address.split(":").slice(0, PREFIX_GROUPS).join(":")}::/64` : address;
}
