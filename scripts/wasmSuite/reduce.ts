// Reduces a file of the WebAssembly test suite to integers. Functions, types, globals and imports that need more are replaced
// by empty ones, so that indices stay as they are, and what is asserted of them is dropped, as is what is asserted of
// modules that may not be. Line numbers stay.

/** A form in parentheses, and the forms directly inside of it. */
interface Form {
  readonly start: number;
  end: number;
  /** The word behind the opening parenthesis. */
  readonly head: string;
  readonly children: Form[];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|;;[^\n]*|\(;|;\)|[()]|[^\s()";]+|;/g;
const KEPT_ASSERTIONS = new Set(["assert_return", "assert_trap", "assert_exhaustion", "invoke"]);
const REPLACED_FIELDS = new Set(["func", "type", "global", "import", "table"]);
/** A longer one is there to pass what contracts may have. */
const FIELD_LENGTH_MAX = 20_000;
/** Floats, references, more than one result, parameters of blocks, operations on tables and segments. */
const BEYOND =
  /f32|f64|v128|externref|\bref\.|\(result(?:\s+\w+){2}|\(result[^)]*\)\s*\(result|\((?:block|loop|if)(?:\s+\$\S+)?(?:\s+\(type\s[^)]*\))?\s*\(param|table\.|elem\.drop|memory\.init|data\.drop|funcref|^\(global[\s\S]*\(global\.get/;

const IMPORTED_GLOBAL =
  /^\(\s*(?:import[^()]*\(\s*global\s*(\$\S+)?|global\s*(\$\S+)?\s*\(import[^()]*\))\s*(i32|i64)\s*\)/;

function parse(text: string): Form[] {
  const root: Form = { start: 0, end: text.length, head: "", children: [] };
  const open: Form[] = [root];
  let comments = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    if (token === "(;") comments++;
    else if (token === ";)") comments--;
    else if (comments > 0) continue;
    else if (token === "(") {
      const head = /^\(\s*([^\s()";]*)/.exec(text.slice(match.index, match.index + 64))?.[1] ?? "";
      const form: Form = { start: match.index, end: match.index, head, children: [] };
      open.at(-1)?.children.push(form);
      open.push(form);
    } else if (token === ")") {
      const form = open.pop();
      if (form !== undefined) form.end = match.index + 1;
    }
  }
  return root.children;
}

function lineBreaks(text: string): string {
  return "\n".repeat(text.split("\n").length - 1);
}

const NAME = /^\(\s*\w+\s+(\$[^\s()]+)/;

function replacementOf(form: Form, source: string): string {
  const name = NAME.exec(source)?.[1] ?? "";
  const exports = form.children.filter((child) => child.head === "export");
  const texts = exports.map((child) => source.slice(child.start - form.start, child.end - form.start)).join(" ");
  const global = IMPORTED_GLOBAL.exec(source);
  // All globals of `spectest` have this value.
  if (global !== null) return `(global ${global[1] ?? global[2] ?? ""} ${global[3]} (${global[3]}.const 666))`;
  switch (form.head) {
    case "table":
      return "";
    case "type":
      return `(type ${name} (func))`;
    case "global":
      return `(global ${name} ${texts} i32 (i32.const 0))`;
    case "import": {
      const inner = /\(\s*func\s+(\$[^\s()]+)/.exec(source)?.[1] ?? "";
      return `(import "spectest" "print" (func ${inner}))`;
    }
    default:
      return `(func ${name} ${texts})`;
  }
}

function isBeyond(head: string, source: string): boolean {
  if (head === "table") return source.includes("externref");
  return source.length > FIELD_LENGTH_MAX || BEYOND.test(source) || IMPORTED_GLOBAL.test(source);
}

/** The fields of a module that have to be replaced: those beyond, and those that use such ones by name. */
function fieldsBeyond(text: string, module: Form): ReadonlySet<Form> {
  const sourceOf = (form: Form) => text.slice(form.start, form.end);
  const fields = module.children.filter((form) => REPLACED_FIELDS.has(form.head));
  const beyond = new Set(fields.filter((form) => isBeyond(form.head, sourceOf(form))));
  for (let before = -1; before !== beyond.size; ) {
    before = beyond.size;
    const names = new Set([...beyond].flatMap((form) => NAME.exec(sourceOf(form))?.[1] ?? []));
    for (const form of fields) {
      const words = sourceOf(form).split(/[\s()]+/);
      if (words.slice(1).some((word, index) => index > 0 && names.has(word))) beyond.add(form);
    }
  }
  return beyond;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @returns the names of exports that no longer do what the file says of them */
function reduceModule(text: string, module: Form, edits: Edit[]): ReadonlySet<string> {
  const beyond = fieldsBeyond(text, module);
  const lost = new Set<string>();
  const names = new Set<string>();
  for (const form of beyond) {
    const source = text.slice(form.start, form.end);
    edits.push({ start: form.start, end: form.end, text: replacementOf(form, source) + lineBreaks(source) });
    for (const [, exported] of source.matchAll(/\(export\s+("(?:[^"\\]|\\.)*")/g)) lost.add(exported as string);
    const name = NAME.exec(source)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (const form of module.children.filter((child) => child.head === "export")) {
    const [, exported, name] = /("(?:[^"\\]|\\.)*")\s*\(func\s+([^\s()]+)/.exec(text.slice(form.start, form.end)) ?? [];
    if (exported !== undefined && name !== undefined && names.has(name)) lost.add(exported);
  }
  return lost;
}

export function reduceToIntegers(text: string): string {
  const edits: Edit[] = [];
  let lost: ReadonlySet<string> = new Set();
  const drop = (form: Form) => {
    edits.push({ start: form.start, end: form.end, text: lineBreaks(text.slice(form.start, form.end)) });
  };
  for (const form of parse(text)) {
    if (form.head === "module") {
      lost = reduceModule(text, form, edits);
      continue;
    }
    const source = text.slice(form.start, form.end);
    const isOfModule =
      form.head === "register" || (form.head === "assert_trap" && /^\(assert_trap\s*\(module/.test(source));
    if (isOfModule) continue;
    const called = /\(\s*invoke\s+(?:\$\S+\s+)?("(?:[^"\\]|\\.)*")/.exec(source)?.[1];
    const isKept = KEPT_ASSERTIONS.has(form.head) && called !== undefined && !lost.has(called) && !BEYOND.test(source);
    if (!isKept) drop(form);
  }
  let reduced = "";
  let offset = 0;
  for (const edit of edits.sort((left, right) => left.start - right.start)) {
    reduced += text.slice(offset, edit.start) + edit.text;
    offset = edit.end;
  }
  return reduced + text.slice(offset);
}
