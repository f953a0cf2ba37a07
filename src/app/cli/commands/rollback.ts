// `aureon rollback`: takes the chain of a stopped node back to a height.

import { findAndLoad } from "../configuration.ts";
import { type Command, refuseUsage } from "../context.ts";
import { EXIT_CODES, StartError } from "../exitCodes.ts";

const HEIGHT_PATTERN = /^(?:0|[1-9][0-9]{0,15})$/;

export const rollback: Command = async (context) => {
  const { invocation, dependencies } = context;
  const text = invocation.value("height");
  if (text === undefined) return refuseUsage(dependencies, "rollback needs a height: aureon rollback --height N");
  const height = Number(text);
  if (!HEIGHT_PATTERN.test(text) || !Number.isSafeInteger(height)) {
    return refuseUsage(dependencies, `--height is "${text}"; expected an integer from 0 to 2^53-1`);
  }
  const loaded = findAndLoad(context);
  if (!loaded.ok) return loaded.exitCode;
  const { config, genesis, datadir } = loaded.value;
  try {
    const report = await dependencies.rollBack({ config, genesis, datadir, height });
    const count = report.heightBefore - report.height;
    const what = count === 0 ? "Nothing to take back" : `Took back ${count} ${count === 1 ? "block" : "blocks"}`;
    dependencies.stdout(`${what}: the head is at height ${report.height}, ${report.hash}.\n`);
    return EXIT_CODES.ok;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    dependencies.stderr(`aureon: ${error.message}\n`);
    return error.exitCode;
  }
};
