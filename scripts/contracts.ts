// Compiles the example contracts: `bun run contracts` writes each module beside its source. The modules are checked in, so
// that they can be deployed without a compiler; test/contracts/build.test.ts compares them with their sources. The Rust
// example needs tools of its own and is built by hand (contracts/examples/counterRust/README.md).

import { join } from "node:path";
import asc from "assemblyscript/asc";
import wabt from "wabt";

const REPOSITORY = join(import.meta.dir, "..");

/** From the repository's root. */
export const CONTRACT_SOURCES = [
  "contracts/examples/add/add.wat",
  "contracts/examples/bank/bank.ts",
  "contracts/examples/counter/counter.ts",
  "contracts/examples/counterWat/counter.wat",
  "contracts/examples/reentrancy/carelessBank.ts",
  "contracts/examples/reentrancy/recklessBank.ts",
  "contracts/examples/reentrancy/thief.ts",
  "contracts/examples/token/token.ts",
] as const;

/** The options of docs/contracts.md, "Building". */
export const COMPILER_OPTIONS: readonly string[] = [
  "-Oz",
  "--runtime",
  "stub",
  "--use",
  "abort=",
  "--exportStart",
  "_start",
  "--importMemory",
];

/** Where the module of a source is kept. */
export function modulePath(source: string): string {
  return join(REPOSITORY, source.replace(/\.\w+$/, ".wasm"));
}

/** @throws with the compiler's messages */
export async function compileAssemblyScript(source: string): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [source, "--baseDir", REPOSITORY, "--outFile", "module.wasm", ...COMPILER_OPTIONS],
    {
      writeFile: (_name, contents) => {
        module = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
      },
    },
  );
  if (error !== null || module === undefined) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return module;
}

async function compileText(source: string): Promise<Uint8Array> {
  const assembler = await wabt();
  const text = await Bun.file(join(REPOSITORY, source)).text();
  const parsed = assembler.parseWat(source, text);
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  return buffer;
}

/** The module of one of the sources. */
export function compileContract(source: string): Promise<Uint8Array> {
  return source.endsWith(".wat") ? compileText(source) : compileAssemblyScript(source);
}

if (import.meta.main) {
  for (const source of CONTRACT_SOURCES) {
    const module = await compileContract(source);
    await Bun.write(modulePath(source), module);
    console.log(`${source}: ${module.length} bytes`);
  }
}
