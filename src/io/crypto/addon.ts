// Loads libsecp256k1 as the npm package `secp256k1` ships it. Each file is named in full, so that the bundler embeds it;
// the platform is a constant there, so a build carries the files of its own target alone.

import type { Secp256k1, Secp256k1Load } from "./secp256k1.ts";

// The C library that the executable is built for, whose file alone it carries. From source, both are tried.
declare const AUREON_LIBC: string;

interface Candidate {
  readonly file: string;
  readonly load: () => unknown;
}

function candidates(): readonly Candidate[] {
  const found: Candidate[] = [];
  if (process.platform === "linux" && process.arch === "x64") {
    // A system has one of the two C libraries, and the file for the other one does not load there.
    if (typeof AUREON_LIBC !== "string" || AUREON_LIBC === "glibc") {
      const load = () => require("secp256k1/prebuilds/linux-x64/secp256k1.glibc.node");
      found.push({ file: "linux-x64 glibc", load });
    }
    if (typeof AUREON_LIBC !== "string" || AUREON_LIBC === "musl") {
      const load = () => require("secp256k1/prebuilds/linux-x64/secp256k1.musl.node");
      found.push({ file: "linux-x64 musl", load });
    }
  }
  if (process.platform === "darwin" && process.arch === "arm64") {
    const load = () => require("secp256k1/prebuilds/darwin-arm64/secp256k1.node");
    found.push({ file: "darwin-arm64", load });
  }
  if (process.platform === "win32" && process.arch === "x64") {
    const load = () => require("secp256k1/prebuilds/win32-x64/secp256k1.node");
    found.push({ file: "win32-x64", load });
  }
  return found;
}

/** Loads the addon of this platform; never throws. */
export function loadSecp256k1Addon(): Secp256k1Load {
  const failures: string[] = [];
  for (const { file, load } of candidates()) {
    try {
      const addon = load() as { readonly Secp256k1: new () => Secp256k1 };
      return { ok: true, secp256k1: new addon.Secp256k1(), file };
    } catch (error) {
      failures.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const none = `there is no file for ${process.platform}-${process.arch}`;
  return { ok: false, reason: failures.length === 0 ? none : failures.join("; ") };
}
