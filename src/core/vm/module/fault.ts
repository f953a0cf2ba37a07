// What is wrong with a contract's module (docs/spec/modules.md). It is thrown where it is found, since decoding is deep
// in loops there, and caught by decodeAndValidate alone, which returns it as a refusal.

/** Why a module is refused; the codes' meanings are in docs/spec/modules.md. */
export type ModuleCode = "malformed_module" | "invalid_module" | "module_feature" | "module_import" | "module_limit";

export interface Fault {
  readonly code: ModuleCode;
  /** Of the first byte of what is wrong, in the module. */
  readonly offset: number;
  /** What is wrong, without a full stop. */
  readonly what: string;
  /** What to change, without a full stop. */
  readonly hint: string;
}

export class ModuleFault extends Error {
  override readonly name = "ModuleFault";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.what);
    this.fault = fault;
  }
}

const MALFORMED_HINT = "build the module again: a tool has written or cut it wrongly";
const INVALID_HINT = "build the module again with a compiler whose output follows the WebAssembly specification";
const SHOWN_CHARACTERS_MAX = 64;

/** The bytes do not follow the binary format. */
export function malformed(offset: number, what: string, hint: string = MALFORMED_HINT): ModuleFault {
  return new ModuleFault({ code: "malformed_module", offset, what, hint });
}

/** The format is right, but what it says breaks a rule of validation. */
export function invalid(offset: number, what: string, hint: string = INVALID_HINT): ModuleFault {
  return new ModuleFault({ code: "invalid_module", offset, what, hint });
}

/** Valid WebAssembly perhaps, but of a part that contracts may not use. */
export function unsupported(offset: number, what: string, hint: string): ModuleFault {
  return new ModuleFault({ code: "module_feature", offset, what, hint });
}

export function badImport(offset: number, what: string, hint: string): ModuleFault {
  return new ModuleFault({ code: "module_import", offset, what, hint });
}

/** Refuses a figure above its limit. */
export function checkLimit(
  figure: { readonly value: number; readonly max: number },
  offset: number,
  text: { readonly what: string; readonly hint: string },
): void {
  if (figure.value <= figure.max) return;
  const what = `${text.what}: ${figure.value}, at most ${figure.max} are allowed`;
  throw new ModuleFault({ code: "module_limit", offset, what, hint: text.hint });
}

/** A name that the module chose, in quotes: cut when it is long, with all but printable ASCII escaped. */
export function quoted(name: string): string {
  let text = "";
  let count = 0;
  for (const character of name) {
    if (count++ === SHOWN_CHARACTERS_MAX) return `"${text}..."`;
    const point = character.codePointAt(0) as number;
    const isPlain = point >= 0x20 && point < 0x7f && character !== '"' && character !== "\\";
    text += isPlain ? character : `\\u{${point.toString(16)}}`;
  }
  return `"${text}"`;
}
