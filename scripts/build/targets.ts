// The platforms that a release is built for. Bun takes the runtime of each from its npm package, of the same version as
// the Bun that builds.

export interface Target {
  /** As files are named. */
  readonly name: string;
  readonly runtime: Bun.Build.CompileTarget;
  /** Which file of the secp256k1 bindings is embedded, where there is a choice. */
  readonly libc?: "glibc" | "musl";
  readonly suffix?: ".exe";
  readonly isMacos?: true;
}

export const TARGETS: readonly Target[] = [
  { name: "linux-x64", runtime: "bun-linux-x64", libc: "glibc" },
  { name: "linux-x64-musl", runtime: "bun-linux-x64-musl", libc: "musl" },
  { name: "linux-arm64", runtime: "bun-linux-arm64", libc: "glibc" },
  { name: "linux-arm64-musl", runtime: "bun-linux-arm64-musl", libc: "musl" },
  { name: "macos-arm64", runtime: "bun-darwin-arm64", isMacos: true },
  { name: "macos-x64", runtime: "bun-darwin-x64", isMacos: true },
  { name: "windows-x64", runtime: "bun-windows-x64", suffix: ".exe" },
];
