// One attempt to reach another node: its name is resolved anew, and its addresses are tried one after the other, all
// within one time.

import { lookup } from "node:dns";
import { isIP, type Socket, connect as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { accept, type Result, refuse } from "../../core/primitives/index.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ADDRESSES_PER_NAME_MAX } from "./limits.ts";
import { reasonOf } from "./reasons.ts";
import { type TlsIdentity, tlsOptions } from "./tls.ts";

/** All addresses of a name. @throws the resolver's error */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface DialOptions {
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly tls: TlsIdentity | undefined;
  readonly resolve: Resolve;
  readonly now: () => number;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** The least that one of several addresses gets. */
const ADDRESS_TIMEOUT_MS_MIN = 250;

export function resolveWithSystem(host: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses.map(({ address }) => address));
    });
  });
}

/** Rejects when the time is over or the signal comes, whatever becomes of `work`. */
function within<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error("the other end does not answer"));
    if (signal.aborted) fail();
    const timer = setTimeout(fail, timeoutMs);
    signal.addEventListener("abort", fail, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", fail);
    });
  });
}

function attempt(options: DialOptions & { address: string; port: number }): Promise<Socket> {
  const { address: host, port, tls, timeoutMs, signal } = options;
  const socket =
    tls === undefined
      ? tcpConnect({ host, port, allowHalfOpen: true })
      : tlsConnect({ host, port, ...tlsOptions(tls), allowHalfOpen: true });
  const connected = new Promise<Socket>((resolve, reject) => {
    socket.once(tls === undefined ? "connect" : "secureConnect", () => resolve(socket));
    // It stays, so that no error of the socket is ever without a listener.
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("the other end broke the connection off")));
  });
  return within(connected, timeoutMs, signal).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
}

async function addressesOf(host: string, options: DialOptions): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const addresses = await within(options.resolve(host), options.timeoutMs, options.signal);
  return addresses.slice(0, ADDRESSES_PER_NAME_MAX);
}

/** The connected socket; with TLS, its handshake is done and the other end verified. */
export async function dial(options: DialOptions): Promise<Result<Socket, "not_reached">> {
  const { endpoint, now, signal } = options;
  const parsed = parseEndpoint(endpoint);
  if (!parsed.ok) return refuse("not_reached", parsed.refusal.message);
  const { host, port } = parsed.value;
  const deadlineMs = now() + options.timeoutMs;
  let reason = "no address is known for this name";
  try {
    const addresses = await addressesOf(host, options);
    for (const [index, address] of addresses.entries()) {
      const share = (deadlineMs - now()) / (addresses.length - index);
      const timeoutMs = Math.max(share, ADDRESS_TIMEOUT_MS_MIN);
      if (signal.aborted) break;
      try {
        return accept(await attempt({ ...options, address, port, timeoutMs }));
      } catch (error) {
        reason = reasonOf(error);
      }
    }
  } catch (error) {
    reason = reasonOf(error);
  }
  return refuse("not_reached", `${endpoint} is not reached: ${reason}`);
}
