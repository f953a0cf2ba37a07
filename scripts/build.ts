// Builds dist/aureon, the node in one executable for this machine: `bun run build`.
//
// Workers are entry points of their own. Inside the executable every file that main.ts imports is part of the module
// /$bunfs/root/aureon, so `new URL("./replica.ts", import.meta.url)` in src/threads/node.ts means /$bunfs/root/replica.ts
// there. With src/threads as the root, the Workers lie at just that place, and one expression serves source and build.

import { rmSync } from "node:fs";
import packageJson from "../package.json" with { type: "json" };

const OUTPUT_FOLDER = "dist";
const OUTPUT = `${OUTPUT_FOLDER}/aureon`;
const MAIN = "src/main.ts";
const WORKER_ROOT = "src/threads";
const WORKERS = ["replica.ts", "sealer.ts", "signatures.ts"];

/** What git answers, or undefined outside a repository, without git, or in a folder that git does not trust. */
function git(...args: string[]): string | undefined {
  if (Bun.which("git") === null) return undefined;
  const result = Bun.spawnSync(["git", ...args], { stdout: "pipe", stderr: "ignore" });
  const text = result.stdout.toString().trim();
  return result.success && text !== "" ? text : undefined;
}

/** Equal sources give an equal date: https://reproducible-builds.org/docs/source-date-epoch. */
function buildDate(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH ?? git("log", "-1", "--format=%ct");
  if (epoch === undefined) return new Date().toISOString();
  if (!/^[0-9]{1,11}$/.test(epoch)) {
    console.error(`SOURCE_DATE_EPOCH is "${epoch}"; expected a number of seconds since 1970, for example 1767225600`);
    process.exit(2);
  }
  return new Date(Number(epoch) * 1000).toISOString();
}

const identity = {
  version: packageJson.version,
  commit: git("rev-parse", "HEAD") ?? "unknown",
  date: buildDate(),
};

const result = await Bun.build({
  entrypoints: [MAIN, ...WORKERS.map((file) => `${WORKER_ROOT}/${file}`)],
  root: WORKER_ROOT,
  target: "bun",
  format: "esm",
  // Bytecode halves the time to the first answer.
  bytecode: true,
  // The executable carries its maps, so that a crash names files and lines of src.
  sourcemap: "linked",
  // Shorter identifiers break Elysia, which reads the source text of handlers.
  minify: { whitespace: true, syntax: true, identifiers: false },
  define: {
    AUREON_VERSION: JSON.stringify(identity.version),
    AUREON_COMMIT: JSON.stringify(identity.commit),
    AUREON_BUILD_DATE: JSON.stringify(identity.date),
    "process.env.NODE_ENV": JSON.stringify("production"),
  },
  compile: {
    outfile: OUTPUT,
    // Files that happen to lie in the user's folder do not change what the node does.
    autoloadDotenv: false,
    autoloadBunfig: false,
    autoloadTsconfig: false,
    autoloadPackageJson: false,
  },
  throw: false,
});

for (const log of result.logs) console.error(log);
if (!result.success) process.exit(1);

for (const file of new Bun.Glob("*.map").scanSync(OUTPUT_FOLDER)) rmSync(`${OUTPUT_FOLDER}/${file}`);

const sizeMb = Math.round(Bun.file(OUTPUT).size / 1_000_000);
console.log(`${OUTPUT}: ${identity.version}, commit ${identity.commit}, ${identity.date}, ${sizeMb} MB`);
