// `aureon version`: what exactly this program is.

import type { Command } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";

// The build puts text constants here; they are undefined where the program runs from its sources.
declare const AUREON_VERSION: string;
declare const AUREON_COMMIT: string;
declare const AUREON_BUILD_DATE: string;

interface VersionInfo {
  readonly version: string;
  readonly commit: string;
  readonly buildDate: string;
  readonly bun: string;
  readonly platform: string;
}

export function versionInfo(): VersionInfo {
  return {
    version: typeof AUREON_VERSION === "string" ? AUREON_VERSION : "development",
    commit: typeof AUREON_COMMIT === "string" ? AUREON_COMMIT : "unknown",
    buildDate: typeof AUREON_BUILD_DATE === "string" ? AUREON_BUILD_DATE : "unknown",
    bun: Bun.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

export const version: Command = ({ invocation, dependencies }) => {
  const info = versionInfo();
  const text = invocation.has("json")
    ? JSON.stringify(info)
    : `aureon ${info.version} (commit ${info.commit}, built ${info.buildDate}, bun ${info.bun}, ${info.platform})`;
  dependencies.stdout(`${text}\n`);
  return EXIT_CODES.ok;
};
