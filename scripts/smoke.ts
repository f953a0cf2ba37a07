#!/usr/bin/env bun
// Tries an executable on the machine it is for: `bun scripts/smoke.ts PATH [--commit HASH]`. It says what it is, runs a
// development chain in a folder of its own, includes a transfer, and still has it after a restart.
// It needs Bun and no packages, and runs on Linux, macOS and Windows.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type RunningBinary, startBinary } from "../test/support/binary.ts";

// A cold machine looks through a file of 100 MB before it runs it for the first time.
const READY_TIMEOUT_MS = 90_000;
const COMMAND_TIMEOUT_MS = 90_000;
const REQUEST_TIMEOUT_MS = 10_000;
const RECEIVER = `0x${"5a".repeat(20)}`;
const AMOUNT = 4_242;
/** Windows lets go of the files of a process a moment after its end. */
const REMOVE_RETRY_COUNT_MAX = 20;
const REMOVE_RETRY_DELAY_MS = 100;
// Windows knows no signal that a process can answer: the node is killed there, and has to come back from that as well.
const CAN_STOP_IN_ORDER = process.platform !== "win32";

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new RangeError(otherwise);
}

function readArguments(): { readonly binary: string; readonly commit: string | undefined } {
  try {
    const { values, positionals } = parseArgs({ options: { commit: { type: "string" } }, allowPositionals: true });
    const [path] = positionals;
    check(path !== undefined && positionals.length === 1, "there is one executable to try");
    return { binary: resolve(path), commit: values.commit };
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}; usage: bun scripts/smoke.ts PATH [--commit HASH]`,
    );
    process.exit(2);
  }
}

/** What a command of the executable prints. @throws RangeError when it fails or takes too long */
async function run(binary: string, ...argv: readonly string[]): Promise<string> {
  const child = Bun.spawn([binary, ...argv], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: COMMAND_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const exitCode = await child.exited;
  check(exitCode === 0, `${argv.join(" ")} ended with ${exitCode}: ${stdout}${stderr}`);
  return stdout.trim();
}

async function ask<Body>(node: RunningBinary, path: string): Promise<Body> {
  const answer = await fetch(`${node.url}${path}`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  check(answer.ok, `${path} answered ${answer.status}: ${await answer.clone().text()}`);
  return (await answer.json()) as Body;
}

interface Standing {
  readonly height: number;
  readonly hash: string;
  readonly balance: number;
}

async function standing(node: RunningBinary): Promise<Standing> {
  const { head } = await ask<{ head: { height: number; hash: string } }>(node, "/chain/head");
  const { balance } = await ask<{ balance: number }>(node, `/balance/${RECEIVER}`);
  return { height: head.height, hash: head.hash, balance };
}

/** Which implementation of secp256k1 runs, by the node's log. */
function cryptoBackend(node: RunningBinary): string {
  const line = node
    .output()
    .split("\n")
    .find((text) => text.includes('"event":"backend chosen"'));
  check(line !== undefined, `the log names no crypto backend:\n${node.output()}`);
  const { backend, reason } = JSON.parse(line) as { backend: string; reason: string };
  return `${backend} (${reason})`;
}

async function checkVersion(binary: string, commit: string | undefined): Promise<void> {
  const { commit: built } = JSON.parse(await run(binary, "version", "--json")) as { commit: string };
  check(/^[0-9a-f]{40}$/.test(built), `the executable names no commit but "${built}"`);
  check(commit === undefined || built === commit, `the executable was built from ${built}; expected ${commit}`);
  console.log(await run(binary, "version"));
}

async function stop(node: RunningBinary): Promise<void> {
  await node.stop();
  const exitCode = await node.exited;
  check(!CAN_STOP_IN_ORDER || exitCode === 0, `the node ended with ${exitCode} when it was stopped:\n${node.output()}`);
}

/** The node's life: a transfer, a stop, and what is left after that. */
async function checkChain(options: { readonly binary: string; readonly datadir: string }): Promise<void> {
  const start = (env: Record<string, string> = {}) =>
    startBinary({ ...options, env, readyTimeoutMs: READY_TIMEOUT_MS });
  const nodes: RunningBinary[] = [];
  try {
    const first = await start();
    nodes.push(first);
    console.log(`ready on ${first.url}`);
    console.log(`secp256k1: ${cryptoBackend(first)}`);
    console.log(await run(options.binary, "send", "--to", RECEIVER, "--amount", String(AMOUNT), "--url", first.url));
    const before = await standing(first);
    check(before.balance === AMOUNT, `the receiver has ${before.balance}; expected ${AMOUNT}`);
    check(before.height > 0, "the chain has no block");
    await stop(first);
    console.log(`stopped at height ${before.height}, ${before.hash}`);

    // Without new blocks the head is where it was, or one that was made after the question.
    const second = await start({ AUREON_MINING_ENABLED: "false" });
    nodes.push(second);
    const after = await standing(second);
    const { block } = await ask<{ block: { hash: string } }>(second, `/block/${before.height}`);
    check(
      after.height >= before.height,
      `the head is at ${after.height} after the restart; it was at ${before.height}`,
    );
    check(
      block.hash === before.hash,
      `block ${before.height} is ${block.hash} after the restart; it was ${before.hash}`,
    );
    check(after.balance === AMOUNT, `the receiver has ${after.balance} after the restart; expected ${AMOUNT}`);
    await stop(second);
    console.log(`restarted: height ${after.height}, balance ${after.balance}`);
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
  }
}

const { binary, commit } = readArguments();
const datadir = mkdtempSync(join(tmpdir(), "aureon-smoke-"));
try {
  await checkVersion(binary, commit);
  await checkChain({ binary, datadir });
  console.log("passed");
} catch (error) {
  console.error(`failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(datadir, {
    recursive: true,
    force: true,
    maxRetries: REMOVE_RETRY_COUNT_MAX,
    retryDelay: REMOVE_RETRY_DELAY_MS,
  });
}
