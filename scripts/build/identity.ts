// What an executable says of itself: version, commit and date. Equal sources give equal answers, on whatever day.
// Where there is no repository, as in the build of an image, AUREON_COMMIT and SOURCE_DATE_EPOCH say them.

import packageJson from "../../package.json" with { type: "json" };

export interface Identity {
  readonly version: string;
  readonly commit: string;
  readonly date: string;
}

/** What git answers, or undefined outside a repository, without git, or in a folder that git does not trust. */
function git(...args: string[]): string | undefined {
  if (Bun.which("git") === null) return undefined;
  const result = Bun.spawnSync(["git", ...args], { stdout: "pipe", stderr: "ignore" });
  const text = result.stdout.toString().trim();
  return result.success && text !== "" ? text : undefined;
}

/** By https://reproducible-builds.org/docs/source-date-epoch, or the commit's time. */
function buildDate(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH || git("log", "-1", "--format=%ct");
  if (epoch === undefined) return new Date().toISOString();
  if (!/^[0-9]{1,11}$/.test(epoch)) {
    console.error(`SOURCE_DATE_EPOCH is "${epoch}"; expected a number of seconds since 1970, for example 1767225600`);
    process.exit(2);
  }
  return new Date(Number(epoch) * 1000).toISOString();
}

export function readIdentity(): Identity {
  return {
    version: packageJson.version,
    commit: process.env.AUREON_COMMIT || git("rev-parse", "HEAD") || "unknown",
    date: buildDate(),
  };
}
