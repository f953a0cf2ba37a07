// What main.ts loads when a command needs a node, and no other command does.

export { rollBack } from "./rollBack.ts";
export { startNode } from "./startNode.ts";
