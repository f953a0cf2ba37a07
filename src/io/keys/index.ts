// The contract of the keys that a node keeps in files.

export { loadNodeKey, type NodeKeyCode } from "./nodeKey.ts";
