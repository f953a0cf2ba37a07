// `host:port` and `[IPv6]:port`, as configurations and other nodes write them.

import { isIPv6 } from "node:net";
import { accept, type Result, refuse } from "../../core/primitives/index.ts";

export interface Endpoint {
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

const ENDPOINT = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]{1,253})):([1-9][0-9]{0,4})$/;
const PORT_MAX = 65_535;

export function parseEndpoint(text: string): Result<Endpoint, "invalid_endpoint"> {
  const [, ipv6, name, digits] = ENDPOINT.exec(text) ?? [];
  const port = Number(digits);
  const isHost = ipv6 === undefined ? name !== undefined : isIPv6(ipv6);
  if (!isHost || port > PORT_MAX) {
    return refuse("invalid_endpoint", `an endpoint is host:port or [IPv6]:port with a port from 1 to ${PORT_MAX}`);
  }
  return accept({ host: ipv6 ?? name ?? "", port });
}
