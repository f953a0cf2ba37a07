// `aureon init`: the configuration of a new chain.

import { join, resolve } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { CONFIG_FILE_NAME, shownDatadir } from "../configuration.ts";
import { type Command, failAtRuntime, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { isPresent } from "../files.ts";
import { writeStarterFile } from "../starterFile.ts";

const FLAG_KEYS = [
  ["chain-name", "genesis.chain_name"],
  ["port", "api.port"],
] as const;

export const init: Command = ({ invocation, dependencies }) => {
  const datadir = shownDatadir(invocation);
  const fileName = join(datadir, CONFIG_FILE_NAME);
  const overwrite = invocation.has("force");
  if (!overwrite && isPresent(resolve(dependencies.cwd, fileName))) {
    return refuseUsage(dependencies, `${fileName} is there already; --force overwrites it`);
  }
  const flags = FLAG_KEYS.flatMap(([flag, key]) => {
    const text = invocation.value(flag);
    return text === undefined ? [] : [{ flag: `--${flag}`, key, text }];
  });
  const checked = loadConfig({ file: undefined, environment: {}, flags, readFile: () => ({ ok: false, reason: "" }) });
  if (!checked.ok) {
    const problems = checked.problems.map((problem) => `${problem.where}: ${problem.message}`);
    return refuseUsage(dependencies, problems.join("\n  "));
  }
  const development = invocation.has("dev");
  const chainName = invocation.value("chain-name");
  const port = invocation.has("port") ? checked.config.api.port : undefined;
  const written = writeStarterFile(dependencies, { fileName, development, chainName, port, overwrite });
  if (!written.ok) return failAtRuntime(dependencies, `can't write ${fileName}: ${written.reason}`);

  const inFolder = invocation.has("datadir") ? ` --datadir ${datadir}` : "";
  const next = development
    ? `Start the chain: aureon dev${inFolder}\n`
    : `Write who owns what under [state.accounts], then start the chain: aureon start${inFolder}\n`;
  dependencies.stdout(`Wrote ${fileName}.\n${next}`);
  return EXIT_CODES.ok;
};
