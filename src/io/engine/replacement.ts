// What a process has to be replaced by for the engine to run with the options that the node needs. JavaScriptCore reads
// them from the environment when the process begins, and at no other time (docs/adr/0061-contract-execution.md).

/** Without guard pages a new WebAssembly memory does not have all of the thread's garbage collected. */
const ENGINE_OPTIONS = { BUN_JSC_useWasmFastMemory: "0" } as const;
/** The commands that run contracts; to the others it makes no difference. */
const NODE_COMMANDS: ReadonlySet<string | undefined> = new Set(["start", "dev"]);
/** The executable's own files lie here; run from source there is an interpreter with arguments of its own. */
const COMPILED_ROOT = "/$bunfs/";

export interface Replacement {
  readonly argv: readonly string[];
  /** `NAME=value` each. */
  readonly environment: readonly string[];
}

/** Undefined where the process is right as it is. */
export function replacementOf(process: {
  argv0: string;
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}): Replacement | undefined {
  const { argv0, argv, env } = process;
  const [, main, ...given] = argv;
  if (main?.startsWith(COMPILED_ROOT) !== true || !NODE_COMMANDS.has(given[0])) return undefined;
  // Whoever has set them, be it this function, is not overruled.
  if (Object.keys(ENGINE_OPTIONS).every((name) => env[name] !== undefined)) return undefined;
  const environment = Object.entries({ ...ENGINE_OPTIONS, ...env }).filter(([, value]) => value !== undefined);
  return { argv: [argv0, ...given], environment: environment.map(([name, value]) => `${name}=${value}`) };
}
