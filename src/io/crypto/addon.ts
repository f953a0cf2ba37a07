// Loads libsecp256k1 as the npm package `secp256k1` ships it. Each file is named in full, so that the bundler embeds it;
// the platform is a constant there, so a build carries the files of its own target alone.

/** The one method that the node uses of the addon's class. */
export interface Secp256k1Addon {
  /**
   * Writes the uncompressed key into `output`, 65 bytes.
   * @returns 0 when it did; 1 when r or s is out of range; 2 when no key fits
   */
  ecdsaRecover(output: Uint8Array, compact: Uint8Array, recoveryId: number, digest: Uint8Array): number;
}

export type AddonLoad =
  | { readonly ok: true; readonly addon: Secp256k1Addon; readonly file: string }
  | { readonly ok: false; readonly reason: string };

interface Candidate {
  readonly file: string;
  readonly load: () => unknown;
}

function candidates(): readonly Candidate[] {
  if (process.platform === "linux" && process.arch === "x64") {
    // A system has one of the two C libraries, and the file for the other one does not load there.
    return [
      { file: "linux-x64 glibc", load: () => require("secp256k1/prebuilds/linux-x64/secp256k1.glibc.node") },
      { file: "linux-x64 musl", load: () => require("secp256k1/prebuilds/linux-x64/secp256k1.musl.node") },
    ];
  }
  if (process.platform === "darwin" && process.arch === "arm64") {
    return [{ file: "darwin-arm64", load: () => require("secp256k1/prebuilds/darwin-arm64/secp256k1.node") }];
  }
  if (process.platform === "win32" && process.arch === "x64") {
    return [{ file: "win32-x64", load: () => require("secp256k1/prebuilds/win32-x64/secp256k1.node") }];
  }
  return [];
}

/** Loads the addon of this platform; never throws. */
export function loadSecp256k1Addon(): AddonLoad {
  const failures: string[] = [];
  for (const { file, load } of candidates()) {
    try {
      const { Secp256k1 } = load() as { readonly Secp256k1: new () => Secp256k1Addon };
      return { ok: true, addon: new Secp256k1(), file };
    } catch (error) {
      failures.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const none = `there is no file for ${process.platform}-${process.arch}`;
  return { ok: false, reason: failures.length === 0 ? none : failures.join("; ") };
}
