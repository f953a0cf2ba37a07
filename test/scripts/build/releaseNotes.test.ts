// The notes of a release, and which tags are refused.

import { expect, test } from "bun:test";
import { releaseNotes } from "../../../scripts/build/releaseNotes.ts";

const CHANGELOG = `# Changes

## [Unreleased]

## [1.2.0] - 2026-02-01

### Added

- A thing.

## [1.1.0] - 2026-01-01

- The first.

[1.1.0]: https://example.com/1.1.0
`;

test("they are the section of the version", () => {
  expect(releaseNotes({ tag: "v1.2.0", version: "1.2.0", changelog: CHANGELOG })).toEqual({
    ok: true,
    text: "### Added\n\n- A thing.",
  });
  expect(releaseNotes({ tag: "v1.1.0", version: "1.1.0", changelog: CHANGELOG })).toEqual({
    ok: true,
    text: "- The first.",
  });
});

test.each([
  ["v1.2.1", "1.2.0", "the tag is v1.2.1, but package.json has version 1.2.0"],
  ["1.2.0", "1.2.0", "the tag is 1.2.0"],
  ["v1.3.0", "1.3.0", 'no section "## [1.3.0] - DATE"'],
  ["v1.2.0", "1.2.0", "is empty"],
])("%s of version %s is refused", (tag, version, reason) => {
  const changelog = reason === "is empty" ? "# Changes\n\n## [1.2.0] - 2026-02-01\n\n## [1.1.0]\n" : CHANGELOG;
  expect(releaseNotes({ tag, version, changelog })).toMatchObject({
    ok: false,
    reason: expect.stringContaining(reason),
  });
});
