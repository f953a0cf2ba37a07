// What the command line needs of the process around it. The composition root supplies it; tests supply their own.

import type { Genesis } from "../../core/protocol/index.ts";
import type { Config } from "../config/index.ts";
import type { StartError } from "./exitCodes.ts";

export type Signal = "SIGINT" | "SIGTERM";

export interface NodeUrls {
  /** Without a slash at the end. */
  readonly api: string;
  readonly swagger: string;
  /** Absent where the WebSocket has no port of its own. */
  readonly websocket?: string;
}

export interface RunningNode {
  /** Absent where the API is off. */
  readonly urls: NodeUrls | undefined;
  /** Stops in good order and releases the data folder. */
  stop(): Promise<void>;
  /** Resolves when the node died by itself; it has then released what it held, and `stop` is not called. */
  readonly failed: Promise<StartError>;
}

export interface StartNodeOptions {
  readonly config: Config;
  readonly genesis: Genesis;
  /** Absolute path of the data folder, which need not exist yet. */
  readonly datadir: string;
}

export interface RollbackOptions extends StartNodeOptions {
  /** An integer from 0; whether the chain reaches there is not known yet. */
  readonly height: number;
}

export interface RollbackReport {
  readonly heightBefore: number;
  readonly height: number;
  /** Of the block that is the head now. */
  readonly hash: string;
}

export interface CliDependencies {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether standard error, where the log goes, is a terminal. */
  readonly isTerminal: boolean;
  /** Absolute path of the folder that relative paths start from. */
  readonly cwd: string;
  readonly nowMs: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Resolves once the node serves. Rejects with a StartError where the reason is one that users can mend. */
  readonly startNode: (options: StartNodeOptions) => Promise<RunningNode>;
  /** Takes the chain of a stopped node back. Rejects with a StartError where the reason is one that users can mend. */
  readonly rollBack: (options: RollbackOptions) => Promise<RollbackReport>;
  /** Each call resolves with the next signal that no call has answered with yet. */
  readonly waitForSignal: () => Promise<Signal>;
}
