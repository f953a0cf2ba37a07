// Builds release files: an executable for each target, signed ad hoc where its system asks for it, the bill of materials
// of all of them, and the SHA-256 sums of those in the folder.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildExecutable } from "./executable.ts";
import type { Identity } from "./identity.ts";
import { isMachoSigned, signMacho } from "./machoSignature.ts";
import type { Target } from "./targets.ts";

export const RELEASE_FOLDER = "dist/release";
const SUMS = "SHA256SUMS";

/** In the form that `sha256sum --check` reads. */
function writeSums(): void {
  const lines = readdirSync(RELEASE_FOLDER)
    .filter((file) => file !== SUMS)
    .sort()
    .map((file) => {
      const digest = createHash("sha256").update(readFileSync(`${RELEASE_FOLDER}/${file}`));
      return `${digest.digest("hex")}  ${file}\n`;
    });
  writeFileSync(`${RELEASE_FOLDER}/${SUMS}`, lines.join(""));
  console.log(`${RELEASE_FOLDER}/${SUMS}: ${lines.length} files`);
}

function sign(path: string): void {
  if (isMachoSigned(path)) return;
  signMacho(path);
  if (isMachoSigned(path)) return;
  console.error(`${path} has no valid signature; macOS would not start it`);
  process.exit(1);
}

async function writeSbom(identity: Identity): Promise<void> {
  // An image is built without the development dependencies, of which this needs one.
  const { createSbom, readLock, sbomName } = await import("./sbom.ts");
  const path = `${RELEASE_FOLDER}/${sbomName(identity)}`;
  writeFileSync(path, createSbom(identity, readLock()));
  console.log(`${path}: bill of materials, CycloneDX 1.6`);
}

export async function buildRelease(targets: readonly Target[], identity: Identity): Promise<void> {
  for (const target of targets) {
    const output = `${RELEASE_FOLDER}/aureon-${identity.version}-${target.name}${target.suffix ?? ""}`;
    await buildExecutable({ output, identity, target });
    if (target.isMacos) sign(output);
  }
  await writeSbom(identity);
  writeSums();
}
