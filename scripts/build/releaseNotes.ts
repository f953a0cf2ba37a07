// What a release says of itself: the section of its version in CHANGELOG.md, which also has to be there for a tag to be
// released at all.

export type ReleaseNotes =
  | { readonly ok: true; readonly text: string }
  /** Why the tag can't be released. */
  | { readonly ok: false; readonly reason: string };

/** @param options.version that of package.json */
export function releaseNotes(options: {
  readonly tag: string;
  readonly version: string;
  readonly changelog: string;
}): ReleaseNotes {
  const { tag, version, changelog } = options;
  if (tag !== `v${version}`) return { ok: false, reason: `the tag is ${tag}, but package.json has version ${version}` };
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) return { ok: false, reason: `CHANGELOG.md has no section "## [${version}] - DATE"` };
  // After the last section come the addresses of the links in its heading.
  const text = section
    .replace(/^.*\n/, "")
    .replace(/^\[[^\]]+\]: .*$/gm, "")
    .trim();
  return text === "" ? { ok: false, reason: `the section [${version}] of CHANGELOG.md is empty` } : { ok: true, text };
}
