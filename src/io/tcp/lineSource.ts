// The line splitter as the reader of a connection takes it: whole chunks in, lines out. A line that can be none (empty, or
// not ASCII) comes as an empty one, which no decoder takes.

import type { LineSource } from "./lineReader.ts";
import { LineSplitter } from "./lineSplitter.ts";

export function createLineSource(options: { sizeBytesMax: number }): LineSource {
  const splitter = new LineSplitter(options);
  return {
    heldBytes: () => splitter.heldBytes,
    push(chunk) {
      const lines: string[] = [];
      splitter.push(chunk);
      for (let next = splitter.next(); next !== undefined; next = splitter.next()) {
        if (next.kind === "line") lines.push(next.text);
        else if (next.fault === "malformed_message") lines.push("");
        else return { lines, fault: next.fault };
      }
      return { lines };
    },
  };
}
