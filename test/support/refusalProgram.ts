// The compiled program as a command that may fail: run to its end, or until it serves. AUREON_BINARY names another one
// than dist/aureon.

import { join, resolve } from "node:path";
import { ISOLATED_ENVIRONMENT } from "./binary.ts";

const BINARY = resolve(process.env.AUREON_BINARY ?? join(import.meta.dir, "../../dist/aureon"));

/** All of it but for what isolates the program, so that no setting of whoever runs the tests reaches it. */
export type Environment = Readonly<Record<string, string>>;

export interface ServingProgram {
  readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** Of the REST API. */
  readonly url: string;
  /** Standard error, once the program has ended. */
  readonly stderr: Promise<string>;
}

export interface ProgramRunner {
  /** Runs a command to its end. */
  run(argv: readonly string[], environment?: Environment): Promise<{ stdout: string; stderr: string; code: number }>;
  /** Starts a node on a free port, and returns once it says where it serves, ready or not. */
  serve(argv: readonly string[], environment?: Environment): Promise<ServingProgram>;
  /** Ends all that still runs. */
  stopAll(): Promise<void>;
}

/** @param options.cwd the folder that the program is run in, asked at each start */
export function createProgramRunner(options: { readonly cwd: () => string }): ProgramRunner {
  const running = new Set<Bun.Subprocess>();

  function spawn(argv: readonly string[], environment: Environment = {}) {
    const child = Bun.spawn([BINARY, ...argv], {
      cwd: options.cwd(),
      env: { ...ISOLATED_ENVIRONMENT, ...environment },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    running.add(child);
    return child;
  }

  return {
    async run(argv, environment) {
      const child = spawn(argv, environment);
      const [stdout, stderr, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      return { stdout, stderr, code };
    },
    async serve(argv, environment) {
      const child = spawn([...argv, "--port", "0"], environment);
      const stderr = new Response(child.stderr).text();
      const decoder = new TextDecoder();
      let stdout = "";
      for await (const chunk of child.stdout) {
        stdout += decoder.decode(chunk, { stream: true });
        const url = /http:\/\/127\.0\.0\.1:\d+(?=\/swagger)/.exec(stdout)?.[0];
        if (url !== undefined) return { child, url, stderr };
      }
      throw new RangeError(`the node ended before it served: ${await stderr}`);
    },
    async stopAll() {
      for (const child of running) child.kill("SIGTERM");
      await Promise.all([...running].map((child) => child.exited));
      running.clear();
    },
  };
}
