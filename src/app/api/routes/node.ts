// Routes of the node itself: where to find what, and health checks.

import { errorResponse } from "../errors.ts";
import type { Route } from "../route.ts";
import { answers } from "../schemas.ts";
import { viewPeers } from "../views.ts";
import type { ApiContext } from "./context.ts";

export function nodeRoutes({ node, version }: ApiContext): readonly Route[] {
  const links = { head: "/chain/head", info: "/chain/info", swagger: "/swagger", openapi: "/swagger/json" };
  const index = { name: "aureon", version, links };
  return [
    {
      method: "GET",
      path: "/",
      tag: "node",
      summary: "Where to find what",
      answer: answers.index,
      errors: [],
      handler: () => index,
    },
    {
      method: "GET",
      path: "/peers",
      tag: "node",
      summary: "The nodes that this one is connected to",
      description: "What a node says of itself, its head above all, is its word; the rest is measured here.",
      answer: answers.peers,
      errors: ["node_busy"],
      handler: async () => ({ ...viewPeers(await node.peers()), status: "ok" }),
    },
    {
      method: "GET",
      path: "/liveness",
      tag: "node",
      summary: "Whether the process answers",
      answer: answers.liveness,
      errors: [],
      handler: () => ({ status: "ok" }),
    },
    {
      method: "GET",
      path: "/readiness",
      tag: "node",
      summary: "Whether the node serves fully",
      answer: answers.readiness,
      errors: ["not_ready"],
      handler: () => {
        const { ready, reason } = node.status();
        if (ready) return { status: "ok" };
        return errorResponse({ code: "not_ready", message: reason ?? "the node is starting" });
      },
    },
  ];
}
