// Which Host headers a POST may carry. A web page whose name was rebound to this machine's address sends its own name, so
// names that nobody outside can own are taken, and others are refused (docs/adr/0012-known-hosts.md).

const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];
const IPV4_PATTERN = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6_PATTERN = /^\[[0-9a-f:.]+\]$/;
/** Single labels are names of containers and services; the suffixes are reserved for private use. */
const PRIVATE_NAME_PATTERN = /^(?:[a-z0-9_-]+|.+\.(?:localhost|local|internal|test|svc))$/;
const PORT_PATTERN = /:\d*$/;
const ANY_HOST = "*";

export interface HostSettings {
  /** What the server is bound to. */
  readonly host: string;
  /** Further names; `*` allows all. */
  readonly hostsAllowed: readonly string[];
  /** Without a wallet every transaction carries a signature, which no web page can make. */
  readonly isWalletEnabled: boolean;
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.includes(host) || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** @returns a function that tells of a Host header, its port included, whether it names this server */
export function createHostCheck(settings: HostSettings): (header: string) => boolean {
  const boundTo = bracketed(settings.host.toLowerCase());
  const known = new Set([...LOOPBACK_NAMES, boundTo, ...settings.hostsAllowed.map((host) => host.toLowerCase())]);
  const isBoundToLoopback = isLoopback(boundTo);
  if (known.has(ANY_HOST) || (!isBoundToLoopback && !settings.isWalletEnabled)) return () => true;
  return (header) => {
    const name = header.toLowerCase().replace(PORT_PATTERN, "");
    if (known.has(name)) return true;
    if (isBoundToLoopback) return isLoopback(name);
    return IPV4_PATTERN.test(name) || IPV6_PATTERN.test(name) || PRIVATE_NAME_PATTERN.test(name);
  };
}
