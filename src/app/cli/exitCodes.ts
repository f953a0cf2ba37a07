// What the process answers to the shell. The codes are part of the interface: docs/spec/cli.md lists them.

export const EXIT_CODES = {
  ok: 0,
  runtime: 1,
  usage: 2,
  datadirLocked: 3,
  databaseCorrupt: 4,
  genesisMismatch: 5,
  signingGuard: 6,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Why a node did not start or could not go on, in words for its user. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly exitCode: Exclude<ExitCode, 0>;

  /** @param message one or more full lines that say what to do; no stack trace is shown with it */
  constructor(exitCode: Exclude<ExitCode, 0>, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
