// Replaces this process by itself with other options, under the same process id. Imported before everything else, so
// that nothing is done twice.

import { dlopen, ptr } from "bun:ffi";
import { type Replacement, replacementOf } from "./replacement.ts";

/** Where the C library is, by platform; the first that is there is taken. On other platforms the process stays as it is. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  linux: ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"],
  darwin: ["libSystem.B.dylib"],
};

function execve(library: string, { argv, environment }: Replacement): void {
  const { symbols } = dlopen(library, { execve: { args: ["ptr", "ptr", "ptr"], returns: "int" } });
  const texts = (list: readonly string[]) => list.map((text) => Buffer.from(`${text}\0`));
  // A list of addresses that ends with 0. The texts are held until the call, which does not return when it succeeds.
  const held = [texts([process.execPath]), texts(argv), texts(environment)] as const;
  const addresses = held.map((list) => BigUint64Array.from([...list.map((text) => BigInt(ptr(text))), 0n]));
  symbols.execve(ptr(held[0][0] as Buffer), ptr(addresses[1] as BigUint64Array), ptr(addresses[2] as BigUint64Array));
}

function replaceProcess(): void {
  const replacement = replacementOf(process);
  if (replacement === undefined) return;
  for (const library of LIBRARIES[process.platform] ?? []) {
    try {
      execve(library, replacement);
    } catch {
      // Another library of the list may be there. With none, the node runs all the same, only slower.
    }
  }
}

replaceProcess();
