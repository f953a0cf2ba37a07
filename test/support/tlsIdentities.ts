// The identities of test/vectors/tls.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsIdentity } from "../../src/io/tcp/index.ts";

const FOLDER = join(import.meta.dir, "../vectors/tls");

function read(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

/** @param options.authority whose certificates this one accepts */
function identity(name: string, options: { authority: "network" | "foreign" }): TlsIdentity {
  return { cert: read(`${name}.crt`), key: read(`${name}.key`), ca: read(`${options.authority}-ca.crt`) };
}

export const NODE_A = identity("node-a", { authority: "network" });
export const NODE_B = identity("node-b", { authority: "network" });
export const EXPIRED = identity("expired", { authority: "network" });
/** Accepts the network's certificates, but shows one of another authority. */
export const STRANGER = identity("stranger", { authority: "network" });
/** Shows a certificate of the network, but accepts only another authority's. */
export const DISTRUSTFUL = identity("node-b", { authority: "foreign" });
