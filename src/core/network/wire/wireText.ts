// The text that messages may carry: printable ASCII without quote and backslash, so that no line needs an escape and no
// peer puts control characters into a log.

const FORBIDDEN_CHARACTER = /[^ !#-[\]-~]/;
const FORBIDDEN_CHARACTERS = /[^ !#-[\]-~]/g;

export function isWireText(text: string): boolean {
  return !FORBIDDEN_CHARACTER.test(text);
}

/** The text cut to its bound, with `?` for each character that messages may not carry. */
export function toWireText(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(FORBIDDEN_CHARACTERS, "?");
}
