// Docker and `make` as a user has them: commands with a time limit, names that tests take for what they make, and the
// questions that they ask about containers.

import { expect } from "bun:test";
import { resolve } from "node:path";

const COMMAND_TIMEOUT_MS = 60_000;
/** Repository, so that commands find the Makefile whatever folder the tests are started in. */
const REPOSITORY = resolve(import.meta.dir, "../..");
/** An image with a shell and tar, which the cluster's scripts use too. */
export const HELPER_IMAGE = process.env.HELPER_IMAGE ?? "debian:bookworm-slim";
export const IMAGE = process.env.AUREON_IMAGE ?? "aureon-chain:latest";

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Standard output and error, one after the other. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** What a surrounding `make` tells its children, and a cluster of the user's, must not reach the tests' commands. */
const FOREIGN_VARIABLE =
  /^(?:MAKE.*|MFLAGS|AUREON_.*|COMPOSE_PROJECT_NAME|COMPOSE_FILE|CONTAINER_PREFIX|NETWORK_NAME|BIND_ADDRESS|BACKUPS|NODE.*)$/;

function cleanEnvironment(extra: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN_VARIABLE.test(name));
  return { ...Object.fromEntries(inherited), AUREON_IMAGE: IMAGE, ...extra };
}

/** Whatever the command's exit code is. A command past its time is killed with all that it started. */
export async function tryRun(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { env = {}, timeoutMs = COMMAND_TIMEOUT_MS } = options;
  const child = Bun.spawn([...command], {
    cwd: REPOSITORY,
    env: cleanEnvironment(env),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A group of its own, which is what is killed.
    detached: true,
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill(-child.pid, "SIGKILL");
  }, timeoutMs);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]).finally(() => clearTimeout(timer));
  const output = `${stdout}${stderr}`;
  if (isLate) throw new RangeError(`${command.join(" ")} took more than ${timeoutMs} ms; it wrote:\n${output}`);
  return { exitCode, stdout, output };
}

/** @throws RangeError with what the command wrote, where its exit code is not 0 */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const result = await tryRun(command, options);
  if (result.exitCode !== 0) {
    throw new RangeError(`${command.join(" ")} ended with ${result.exitCode}; it wrote:\n${result.output}`);
  }
  return result;
}

/** Runs `docker` and answers with its standard output, without white space around it. */
export async function docker(...args: readonly string[]): Promise<string> {
  return (await run(["docker", ...args])).stdout.trim();
}

/** A field of a container by a template, for example `.State.Pid`; undefined where there is no such container. */
export async function inspect(container: string, field: string): Promise<string | undefined> {
  const result = await tryRun(["docker", "inspect", "-f", `{{${field}}}`, container]);
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}

/** What the container's process wrote, from `sinceTime` on (RFC 3339) where it is given. */
export async function containerLog(container: string, sinceTime?: string): Promise<string> {
  const since = sinceTime === undefined ? [] : ["--since", sinceTime];
  return (await run(["docker", "logs", ...since, container])).output;
}

/** A name of this run's: everything that begins with `DOCKER_TEST_PREFIX` may be removed once the tests are over. */
export function uniqueName(what: string): string {
  const prefix = process.env.DOCKER_TEST_PREFIX ?? "aureon-test";
  return `${prefix}-${what}-${crypto.randomUUID().slice(0, 8)}`;
}

/** Removes what there is of containers and volumes. One that is not there is no failure. */
export async function removeAll(names: { containers?: readonly string[]; volumes?: readonly string[] }): Promise<void> {
  for (const container of names.containers ?? []) await tryRun(["docker", "rm", "-f", "-v", container]);
  for (const volume of names.volumes ?? []) await tryRun(["docker", "volume", "rm", "-f", volume]);
}

/** @throws RangeError where Docker does not answer, or an image is not there */
export async function requireImages(...images: readonly string[]): Promise<void> {
  await run(["docker", "info"]);
  for (const image of images) {
    const { exitCode } = await tryRun(["docker", "image", "inspect", image]);
    if (exitCode !== 0) throw new RangeError(`the image ${image} is not here; build it with: make build build-dev`);
  }
}

/** A figure for whoever reads the tests' output. */
export function report(what: string, figure: string): void {
  process.stdout.write(`    ${what}: ${figure}\n`);
}

/** That `text` has a line of the log with this event; answers with the first one. */
export function expectEvent(text: string, event: string): string {
  const line = text.split("\n").find((candidate) => candidate.includes(`"event":"${event}"`));
  expect(line, `no "${event}" in:\n${text}`).toBeDefined();
  return line as string;
}
