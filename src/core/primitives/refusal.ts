// A refusal: somebody outside broke a rule. It is returned, never thrown, with a code from docs/spec/errors.md and the
// evidence that a person or a program needs to mend it.

export interface Refusal<Code extends string = string> {
  readonly code: Code;
  /** One sentence: what was wrong and what was expected. Never hashed. */
  readonly message: string;
  /** Plain data that repeats the figures of the message for programs. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

export type Result<Value, Code extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

export function accept<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refuse<Code extends string>(
  code: Code,
  message: string,
  details?: Readonly<Record<string, string | number | boolean>>,
): { readonly ok: false; readonly refusal: Refusal<Code> } {
  return { ok: false, refusal: details === undefined ? { code, message } : { code, message, details } };
}
