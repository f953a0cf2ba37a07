// What a value of the configuration may be: the kinds that know of the chain and the network.

import { isSecretKey, parseAddress } from "../../core/crypto/index.ts";
import {
  type Address,
  type Amount,
  type Hash,
  type Hex,
  hexToBytes,
  isUint,
  utf8ToBytes,
} from "../../core/primitives/index.ts";
import type { GenesisAccount } from "../../core/protocol/index.ts";
import { type Fault, fault, isTable, showRaw, text, type ValueType } from "./valueTypes.ts";

const ACCOUNT_COUNT_MAX = 100_000;
const CHAIN_NAME_SIZE_BYTES_MAX = 64;
const HOST_LENGTH_MAX = 253;
const HASH_PATTERN = /^0x[0-9a-f]{64}$/;
const SECRET_KEY_PATTERN = /^0x[0-9a-fA-F]{64}$/;
const HOST_PATTERN = /^(?:[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?)*$/;
const IPV4_PATTERN = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;
const DIGITS_AND_DOTS = /^[0-9.]+$/;
const IPV6_CHARACTERS = /^[0-9a-fA-F:.]+$/;

function isIpv6(candidate: string): boolean {
  return IPV6_CHARACTERS.test(candidate) && candidate.includes(":") && URL.canParse(`http://[${candidate}]/`);
}

function isHost(candidate: string): boolean {
  if (candidate.length > HOST_LENGTH_MAX) return false;
  if (DIGITS_AND_DOTS.test(candidate)) return IPV4_PATTERN.test(candidate);
  return HOST_PATTERN.test(candidate) || isIpv6(candidate);
}

/** True for `host:port` with a port from 1 to 65535; an IPv6 address stands in brackets. */
function isEndpoint(candidate: string): boolean {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):([1-9][0-9]{0,4})$/.exec(candidate);
  if (match === null || Number(match[3]) > 65_535) return false;
  return match[1] === undefined ? isHost(match[2] ?? "") : isIpv6(match[1]);
}

function isOrigin(candidate: string): boolean {
  if (candidate === "*") return true;
  const url = URL.parse(candidate);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.origin === candidate;
}

export const host = text({
  expected: "an IP address or a host name",
  parse: (candidate) => (isHost(candidate) ? candidate : undefined),
});

export const endpoint = text({
  expected: "host:port (an IPv6 host in brackets)",
  parse: (candidate) => (isEndpoint(candidate) ? candidate : undefined),
});

export const origin = text({
  expected: 'an origin such as "https://example.org" (no path), or "*" for all',
  parse: (candidate) => (isOrigin(candidate) ? candidate : undefined),
});

export const path = text({
  expected: "a path",
  parse: (candidate) => (candidate !== "" && !candidate.includes("\0") ? candidate : undefined),
});

export const chainName = text({
  expected: `1 to ${CHAIN_NAME_SIZE_BYTES_MAX} bytes of text`,
  parse(candidate) {
    const bytes = utf8ToBytes(candidate);
    const fits = bytes !== undefined && bytes.length > 0 && bytes.length <= CHAIN_NAME_SIZE_BYTES_MAX;
    return fits ? candidate : undefined;
  },
});

export const hash = text<Hash>({
  expected: "0x and 64 lower-case hex digits",
  parse: (candidate) => (HASH_PATTERN.test(candidate) ? (candidate as Hash) : undefined),
});

/** An address whose message says when only the checksum is wrong. */
export const address: ValueType<Address> = {
  shape: "text",
  expected: "an address (0x and 40 hex digits)",
  read(raw) {
    if (typeof raw !== "string") return fault(`is ${showRaw(raw)}; expected an address in quotes`);
    const parsed = parseAddress(raw);
    return parsed.ok ? parsed : fault(`is ${showRaw(raw)}: ${parsed.refusal.message}`);
  },
  toToml: (value) => JSON.stringify(value),
};

/** A secret key. Its messages never repeat the text, which may be a key but for a digit. */
export const secretKey: ValueType<Hex> = {
  shape: "text",
  expected: "a secret key (0x and 64 hex digits)",
  read(raw) {
    if (typeof raw !== "string" || !SECRET_KEY_PATTERN.test(raw)) {
      return fault("is no secret key; expected 0x and 64 hex digits");
    }
    const hex = `0x${raw.slice(2).toLowerCase()}` as const;
    if (!isSecretKey(hexToBytes(hex))) return fault("is no secret key; expected a number from 1 to the curve's order");
    return { ok: true, value: hex };
  },
  toToml: (value) => JSON.stringify(value),
};

function readBalance(raw: unknown): Amount | undefined {
  const balance = typeof raw === "bigint" ? Number(raw) : undefined;
  return isUint(balance) && balance > 0 ? (balance as Amount) : undefined;
}

/** Addresses and what they own at the start, ascending by address. */
export const balances: ValueType<readonly GenesisAccount[]> = {
  shape: "table",
  expected: 'entries "0x<address>" = balance, each balance an integer from 1 to 2^53-1',
  read(raw) {
    if (!isTable(raw)) return fault(`is ${showRaw(raw)}; expected entries "0x<address>" = balance`);
    const entries = Object.entries(raw);
    if (entries.length > ACCOUNT_COUNT_MAX) {
      return fault(`has ${entries.length} entries; expected at most ${ACCOUNT_COUNT_MAX}`);
    }
    const accounts = new Map<Address, Amount>();
    const faults: Fault[] = [];
    for (const [name, value] of entries) {
      const parsed = parseAddress(name);
      const balance = readBalance(value);
      if (!parsed.ok) {
        faults.push({ entry: name, reason: `names ${showRaw(name)}: ${parsed.refusal.message}` });
      } else if (balance === undefined) {
        faults.push({ entry: name, reason: `gives ${name} ${showRaw(value)}; expected an integer from 1 to 2^53-1` });
      } else if (accounts.has(parsed.value)) {
        faults.push({ entry: name, reason: `names ${parsed.value} twice` });
      } else {
        accounts.set(parsed.value, balance);
      }
    }
    if (faults.length > 0) return { ok: false, faults };
    const sorted = [...accounts].sort(([left], [right]) => (left < right ? -1 : 1));
    return { ok: true, value: sorted.map(([owner, balance]) => ({ address: owner, balance })) };
  },
  toToml: (accounts) => accounts.map((account) => `"${account.address}" = ${account.balance}`).join("\n"),
};
