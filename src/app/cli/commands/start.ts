// `aureon start`: a node with the configuration that is there.

import { findAndLoad } from "../configuration.ts";
import type { Command } from "../context.ts";
import type { NodeUrls } from "../dependencies.ts";
import { runNode } from "../runNode.ts";

/** In words beside a log in words; as one JSON object beside a log in JSON, which programs read line by line. */
function readyText(urls: NodeUrls, isJson: boolean): string {
  if (isJson) return `${JSON.stringify({ event: "ready", ...urls })}\n`;
  const websocket = urls.websocket === undefined ? "" : `WebSocket  ${urls.websocket}\n`;
  return `API        ${urls.api}\nSwagger    ${urls.swagger}\n${websocket}`;
}

export const start: Command = (context) => {
  const loaded = findAndLoad(context);
  if (!loaded.ok) return loaded.exitCode;
  const { stdout, isTerminal } = context.dependencies;
  const { format } = loaded.value.config.logging;
  const isJson = format === "json" || (format === "auto" && !isTerminal);
  return runNode(context, {
    loaded: loaded.value,
    onReady({ urls }) {
      if (urls !== undefined) stdout(readyText(urls, isJson));
    },
  });
};
