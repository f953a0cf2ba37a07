// Finds the line of each table and key in the text of a TOML document that has been parsed without error: the parser
// gives positions for broken documents only.

const BARE_KEY = /[0-9A-Za-z_-]/;

/** A path as a key of the map; JSON keeps quoted keys with dots apart from dotted ones. */
function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

class Scanner {
  private readonly text: string;
  private offset = 0;
  private line = 1;
  private readonly lines = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
  }

  private peek(): string {
    return this.text[this.offset] ?? "";
  }

  private advance(count = 1): void {
    for (let step = 0; step < count; step++) {
      if (this.peek() === "\n") this.line++;
      this.offset++;
    }
  }

  private skipLine(): void {
    while (this.offset < this.text.length && this.peek() !== "\n") this.advance();
  }

  /** Skips a string in any of its four forms and returns its contents. The escapes of a key are kept as they are. */
  private string(): string {
    const quote = this.peek();
    const isMultiline = this.text.startsWith(quote.repeat(3), this.offset);
    const end = isMultiline ? quote.repeat(3) : quote;
    this.advance(end.length);
    const start = this.offset;
    while (this.offset < this.text.length && !this.text.startsWith(end, this.offset)) {
      this.advance(quote === '"' && this.peek() === "\\" ? 2 : 1);
    }
    const contents = this.text.slice(start, this.offset);
    this.advance(end.length);
    // A multi-line string may end in up to two quotes of its own.
    while (isMultiline && this.peek() === quote) this.advance();
    return contents;
  }

  /** A dotted key, up to the `=` or `]` after it. */
  private keyPath(): string[] {
    const path: string[] = [];
    while (this.offset < this.text.length && this.peek() !== "=" && this.peek() !== "]") {
      const character = this.peek();
      if (character === '"' || character === "'") {
        path.push(this.string());
      } else if (BARE_KEY.test(character)) {
        const start = this.offset;
        while (BARE_KEY.test(this.peek())) this.advance();
        path.push(this.text.slice(start, this.offset));
      } else {
        this.advance();
      }
    }
    return path;
  }

  /** Skips a value with everything nested in it, up to the end of its line. */
  private value(): void {
    let depth = 0;
    while (this.offset < this.text.length) {
      const character = this.peek();
      if (character === "\n" && depth === 0) return;
      if (character === '"' || character === "'") {
        this.string();
      } else if (character === "#") {
        this.skipLine();
      } else {
        if (character === "[" || character === "{") depth++;
        if (character === "]" || character === "}") depth--;
        this.advance();
      }
    }
  }

  private record(path: readonly string[], line: number): void {
    const name = pathKey(path);
    if (!this.lines.has(name)) this.lines.set(name, line);
  }

  scan(): ReadonlyMap<string, number> {
    let table: readonly string[] = [];
    while (this.offset < this.text.length) {
      const character = this.peek();
      const { line } = this;
      if (character === "#") {
        this.skipLine();
      } else if (character === "[") {
        this.advance();
        table = this.keyPath();
        this.record(table, line);
        this.skipLine();
      } else if (character === '"' || character === "'" || BARE_KEY.test(character)) {
        this.record([...table, ...this.keyPath()], line);
        this.value();
      } else {
        this.advance();
      }
    }
    return this.lines;
  }
}

/** @returns the line of a path, counted from 1; that of the nearest table around it where it has none of its own */
export function locateKeys(text: string): (path: readonly string[]) => number | undefined {
  const lines = new Scanner(text).scan();
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const line = lines.get(pathKey(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  };
}
