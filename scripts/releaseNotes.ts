// Prints the notes of a release: `bun scripts/releaseNotes.ts v1.2.3`. Fails when the tag and package.json disagree, or
// CHANGELOG.md has nothing to say of the version.

import { readFileSync } from "node:fs";
import packageJson from "../package.json" with { type: "json" };
import { releaseNotes } from "./build/releaseNotes.ts";

const [tag] = process.argv.slice(2);
if (tag === undefined || process.argv.length !== 3) {
  console.error("usage: bun scripts/releaseNotes.ts TAG");
  process.exit(2);
}
const notes = releaseNotes({ tag, version: packageJson.version, changelog: readFileSync("CHANGELOG.md", "utf8") });
if (!notes.ok) {
  console.error(notes.reason);
  process.exit(1);
}
console.log(notes.text);
