// `aureon dev`: a chain for development without any configuration.

import { join, resolve } from "node:path";
import { DEVELOPMENT_ACCOUNTS } from "../../config/index.ts";
import { CONFIG_FILE_NAME, type LoadedForCommand, loadForCommand, shownDatadir } from "../configuration.ts";
import { type Command, refuseUsage } from "../context.ts";
import type { NodeUrls } from "../dependencies.ts";
import { isPresent } from "../files.ts";
import { runNode } from "../runNode.ts";
import { writeStarterFile } from "../starterFile.ts";

/** Those of the development accounts that the chain knows. */
function accountsText(loaded: LoadedForCommand): string {
  const balances = new Map(loaded.genesis.accounts.map((account) => [account.address, account.balance]));
  const lines = DEVELOPMENT_ACCOUNTS.flatMap(({ address, secretKey }, index) => {
    const balance = balances.get(address);
    return balance === undefined ? [] : [`  (${index}) ${address}  key ${secretKey}  ${balance} at the start\n`];
  });
  if (lines.length === 0) return "";
  return (
    `Accounts:\n${lines.join("")}` +
    "WARNING: everybody knows these keys. Whatever is sent to these accounts on another chain is lost.\n\n"
  );
}

function urlsText(urls: NodeUrls): string {
  const websocket = urls.websocket === undefined ? "" : `  WebSocket  ${urls.websocket}\n`;
  return `  API        ${urls.api}\n  Swagger    ${urls.swagger}\n${websocket}\nTry: curl ${urls.api}/chain/head\n`;
}

function bannerText(loaded: LoadedForCommand, urls: NodeUrls | undefined): string {
  const { chainName } = loaded.genesis;
  const heading = `Chain ${chainName}, kept in ${loaded.datadir}; Ctrl+C stops it.\n`;
  return `${accountsText(loaded)}${heading}${urls === undefined ? "" : urlsText(urls)}`;
}

export const dev: Command = (context) => {
  const { invocation, dependencies } = context;
  const fileName = join(shownDatadir(invocation), CONFIG_FILE_NAME);
  if (!isPresent(resolve(dependencies.cwd, fileName))) {
    const options = { fileName, development: true, chainName: undefined, port: undefined, overwrite: false };
    const written = writeStarterFile(dependencies, options);
    if (!written.ok) return refuseUsage(dependencies, `can't write ${fileName}: ${written.reason}`);
  }
  const loaded = loadForCommand(context, fileName);
  if (!loaded.ok) return loaded.exitCode;
  if (!loaded.value.genesis.development) {
    const message =
      `${fileName} is of a chain that is not for development\n` +
      `  start it with \`aureon start --datadir ${shownDatadir(invocation)}\`, or give another --datadir`;
    return refuseUsage(dependencies, message);
  }
  return runNode(context, {
    loaded: loaded.value,
    onReady: ({ urls }) => dependencies.stdout(bannerText(loaded.value, urls)),
  });
};
