// What is wrong with a configuration and where a value came from, in the words that users read.

export type Origin =
  | { readonly kind: "default" }
  /** The table's value stands for "not set"; this one follows from other keys. */
  | { readonly kind: "derived"; readonly from: string }
  | { readonly kind: "file"; readonly file: string; readonly line: number | undefined }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "flag"; readonly flag: string };

export interface Problem {
  /** `config.toml:12`, `AUREON_API_PORT` or `--port`. */
  readonly where: string;
  /** `section.key`, where the problem is about one. */
  readonly key: string | undefined;
  /** Names the key and says what was expected. */
  readonly message: string;
}

export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "default";
    case "derived":
      return `from ${origin.from}`;
    case "file":
      return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
    case "environment":
      return origin.variable;
    case "flag":
      return origin.flag;
  }
}

export function formatProblem(problem: Problem): string {
  return `${problem.where}: ${problem.message}`;
}
