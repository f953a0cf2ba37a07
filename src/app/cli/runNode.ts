// Runs a node from its start to its end: until a signal stops it, or it dies by itself.

import type { LoadedForCommand } from "./configuration.ts";
import type { CommandContext } from "./context.ts";
import type { RunningNode } from "./dependencies.ts";
import { EXIT_CODES, type ExitCode, StartError } from "./exitCodes.ts";

/** What an error has to say to a user: never a stack trace, unless the log is at level debug. */
export function describeError(error: unknown, options: { withStack: boolean }): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof StartError || !options.withStack) return error.message;
  return error.stack ?? error.message;
}

async function runUntilEnd(
  context: CommandContext,
  options: { loaded: LoadedForCommand; onReady: (node: RunningNode) => void; stopAsked: Promise<unknown> },
): Promise<ExitCode> {
  const { dependencies } = context;
  const { loaded, onReady, stopAsked } = options;
  const { config, genesis, datadir } = loaded;
  const node = await dependencies.startNode({ config, genesis, datadir });
  onReady(node);
  const failure = await Promise.race([stopAsked.then(() => undefined), node.failed]);
  if (failure === undefined) {
    await node.stop();
    return EXIT_CODES.ok;
  }
  dependencies.stderr(`aureon: ${failure.message}\n`);
  return failure.exitCode;
}

/**
 * Starts the node, tells `onReady`, and waits. The first signal stops it in good order, even while it starts; the
 * second one gives up waiting for that.
 */
export async function runNode(
  context: CommandContext,
  options: { loaded: LoadedForCommand; onReady: (node: RunningNode) => void },
): Promise<ExitCode> {
  const { dependencies } = context;
  const stopAsked = dependencies.waitForSignal();
  const hurried = stopAsked
    .then(() => dependencies.waitForSignal())
    .then((signal) => {
      dependencies.stderr(`aureon: ${signal} again: ended at once\n`);
      return EXIT_CODES.runtime;
    });
  try {
    return await Promise.race([runUntilEnd(context, { ...options, stopAsked }), hurried]);
  } catch (error) {
    const withStack = options.loaded.config.logging.level.default === "debug";
    dependencies.stderr(`aureon: ${describeError(error, { withStack })}\n`);
    return error instanceof StartError ? error.exitCode : EXIT_CODES.runtime;
  }
}
