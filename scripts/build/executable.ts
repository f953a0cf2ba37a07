// Bundles and compiles the node into one executable.
//
// Workers are entry points of their own. Inside the executable main.ts is the module /$bunfs/root/aureon, and the chunks
// that entry points share lie beside it, so `new URL("./replica.ts", import.meta.url)` in src/threads/startNode.ts means
// /$bunfs/root/replica.ts there. With src/threads as the root, the Workers lie at just that place, and one expression
// serves source and build.

import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Identity } from "./identity.ts";
import { createCompressor, withoutThemes } from "./plugins.ts";
import type { Target } from "./targets.ts";

const MAIN = "src/main.ts";
const WORKER_ROOT = "src/threads";
/** The head of an ELF file names the loader of its C library within so many bytes. */
const INTERPRETER_END_BYTES = 4096;
const WORKERS = ["replica.ts", "sealer.ts", "signatures.ts", "pastProofs.ts", "views.ts"];

export interface ExecutableOptions {
  readonly output: string;
  readonly identity: Identity;
  /** This machine when absent. */
  readonly target?: Target;
}

/** Which C library the executable needs: a build for this machine carries on the runtime that builds it. */
async function libcOf(target: Target | undefined): Promise<Target["libc"]> {
  if (target !== undefined) return target.libc;
  if (process.platform !== "linux") return undefined;
  const head = await Bun.file(process.execPath).slice(0, INTERPRETER_END_BYTES).text();
  return head.includes("ld-musl-") ? "musl" : "glibc";
}

async function define({ identity, target }: ExecutableOptions): Promise<Record<string, string>> {
  const libc = await libcOf(target);
  return {
    AUREON_VERSION: JSON.stringify(identity.version),
    AUREON_COMMIT: JSON.stringify(identity.commit),
    AUREON_BUILD_DATE: JSON.stringify(identity.date),
    "process.env.NODE_ENV": JSON.stringify("production"),
    ...(libc === undefined ? {} : { AUREON_LIBC: JSON.stringify(libc) }),
  };
}

/** Writes the executable and says its size; on failure prints why and ends the process. */
export async function buildExecutable(options: ExecutableOptions): Promise<void> {
  const { output, identity, target } = options;
  const folder = dirname(output);
  mkdirSync(folder, { recursive: true });
  const compressor = createCompressor();
  const result = await Bun.build({
    entrypoints: [MAIN, ...WORKERS.map((file) => `${WORKER_ROOT}/${file}`)],
    root: WORKER_ROOT,
    target: "bun",
    format: "esm",
    // What several threads need is there once, and what one command needs is read by that command.
    splitting: true,
    // Bytecode halves the time to the first answer.
    bytecode: true,
    // The executable carries its maps, so that a crash names files and lines of src.
    sourcemap: "linked",
    // Shorter identifiers break Elysia, which reads the source text of handlers.
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: await define(options),
    plugins: [compressor.plugin, withoutThemes],
    // Elysia looks into uploaded files with it where it is there; the API takes no files.
    external: ["file-type"],
    compile: {
      outfile: output,
      ...(target === undefined ? {} : { target: target.runtime }),
      // Files that happen to lie in the user's folder do not change what the node does.
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
    throw: false,
  });
  compressor.remove();
  for (const log of result.logs) console.error(log);
  if (!result.success) {
    if (target !== undefined) console.error(`${target.name} is not built; its runtime comes from the npm registry`);
    process.exit(1);
  }
  for (const file of new Bun.Glob("*.map").scanSync(folder)) rmSync(`${folder}/${file}`);
  const sizeMb = Math.round(Bun.file(output).size / 1_000_000);
  console.log(`${output}: ${identity.version}, commit ${identity.commit}, ${identity.date}, ${sizeMb} MB`);
}
