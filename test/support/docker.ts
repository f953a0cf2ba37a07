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

/** The process groups of commands that run. */
const groupsRunning = new Set<number>();

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended by itself just now.
  }
}

interface Finished extends CommandResult {
  readonly isLate: boolean;
}

/** A command past its time is killed with all that it started. */
async function execute(command: readonly string[], options: CommandOptions): Promise<Finished> {
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
  groupsRunning.add(child.pid);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killGroup(child.pid);
  }, timeoutMs);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]).finally(() => {
    clearTimeout(timer);
    groupsRunning.delete(child.pid);
  });
  return { exitCode, stdout, output: `${stdout}${stderr}`, isLate };
}

/** Whatever the command's exit code is. @throws RangeError where it takes too long */
export async function tryRun(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const result = await execute(command, options);
  if (result.isLate) throw new RangeError(`${command.join(" ")} took too long; it wrote:\n${result.output}`);
  return result;
}

/** What a command that goes on by itself wrote in its time. @throws RangeError where it ended before */
export async function runFor(command: readonly string[], options: CommandOptions): Promise<string> {
  const result = await execute(command, options);
  if (!result.isLate) throw new RangeError(`${command.join(" ")} ended; it wrote:\n${result.output}`);
  return result.output;
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

/** Every name that `uniqueName` gave out and that may still be in use. */
const namesInUse = new Set<string>();

/**
 * A name for containers, volumes and networks of this run, which the names of all others of one test begin with. With
 * `DOCKER_TEST_PREFIX` all names begin with that, so that whoever set it can look for what is left.
 */
export function uniqueName(what: string): string {
  const prefix = process.env.DOCKER_TEST_PREFIX ?? "aureon-test";
  const name = `${prefix}-${what}-${crypto.randomUUID().slice(0, 8)}`;
  namesInUse.add(name);
  return name;
}

const lines = (command: readonly string[]) =>
  Bun.spawnSync([...command])
    .stdout.toString()
    .split("\n")
    .filter((line) => line !== "");

/** Removes every container, volume, network and what a swarm has whose name begins with `name`, whatever state they are in. */
export function removeAll(name: string): void {
  // Without a swarm there are none. A service starts its containers again for as long as it is there.
  const services = lines(["docker", "service", "ls", "-q", "--filter", `name=${name}`]);
  if (services.length > 0) Bun.spawnSync(["docker", "service", "rm", ...services]);
  const configs = lines(["docker", "config", "ls", "-q", "--filter", `name=${name}`]);
  if (configs.length > 0) Bun.spawnSync(["docker", "config", "rm", ...configs]);
  const containers = lines(["docker", "ps", "-aq", "--filter", `name=^/?${name}`]);
  if (containers.length > 0) Bun.spawnSync(["docker", "rm", "-f", "-v", ...containers]);
  const volumes = lines(["docker", "volume", "ls", "-q", "--filter", `name=^${name}`]);
  if (volumes.length > 0) Bun.spawnSync(["docker", "volume", "rm", "-f", ...volumes]);
  const networks = lines(["docker", "network", "ls", "-q", "--filter", `name=^${name}`]);
  if (networks.length > 0) Bun.spawnSync(["docker", "network", "rm", ...networks]);
  namesInUse.delete(name);
}

// A user who interrupts the tests finds no cluster left that restarts for ever.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    for (const group of groupsRunning) killGroup(group);
    for (const name of namesInUse) removeAll(name);
    process.exit(1);
  });
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

export interface Usage {
  /** Of the container, health checks included, since it was started. */
  readonly cpuSeconds: number;
  /** Without the pages of files that the kernel could drop. */
  readonly memoryBytes: number;
  readonly timeMs: number;
}

interface StatsJson {
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: { readonly usage: number; readonly stats: Readonly<Record<string, number>> };
  readonly read: string;
}

/** What a container has used, as Docker's API counts it: `docker stats` shows shares only. */
export async function usageOf(container: string): Promise<Usage> {
  const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  const isSocket = host.startsWith("unix://");
  const base = isSocket ? "http://localhost" : host.replace(/^tcp:/, "http:");
  const response = await fetch(`${base}/containers/${container}/stats?stream=false&one-shot=true`, {
    ...(isSocket ? { unix: host.slice("unix://".length) } : {}),
  });
  if (!response.ok) throw new RangeError(`Docker answered ${response.status}: ${await response.text()}`);
  const { cpu_stats: cpu, memory_stats: memory, read } = (await response.json()) as StatsJson;
  // Of version 1 of control groups, else of version 2.
  const droppable = memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0;
  return {
    cpuSeconds: cpu.cpu_usage.total_usage / 1e9,
    memoryBytes: memory.usage - droppable,
    timeMs: Date.parse(read),
  };
}
