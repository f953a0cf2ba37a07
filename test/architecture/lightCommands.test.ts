// Holds what a health probe loads to the little that it needs: it runs every few seconds beside each node.

import { expect, test } from "bun:test";
import { posix } from "node:path";
import { importsOf, readSources } from "./sources.ts";

const sources = readSources("src");

/** What comes into memory with these files; what they import with `import()` waits until it is asked for. */
function loadedWith(roots: readonly string[]): {
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
} {
  const files = new Set<string>(roots);
  const packages = new Set<string>();
  for (const path of files) {
    const text = (sources.get(path) as string).replace(/\bimport\s*\(/g, "later(");
    for (const { specifier, typeOnly } of importsOf(text)) {
      if (typeOnly) continue;
      if (specifier.startsWith(".")) files.add(posix.join(posix.dirname(path), specifier));
      else packages.add(specifier);
    }
  }
  return { files, packages };
}

test("a health probe loads neither the node nor a package", () => {
  const { files, packages } = loadedWith(["src/main.ts", "src/app/cli/commands/healthcheck.ts"]);
  expect(files.size).toBeGreaterThan(10);
  const parts = new Set([...files].map((path) => path.split("/").slice(1, 3).join("/")));
  expect([...parts].sort()).toEqual(["app/cli", "app/suggest.ts", "io/clock", "io/engine", "io/logging", "main.ts"]);
  expect([...packages].sort()).toEqual(["node:fs", "node:path", "node:util"]);
});

test("a node is loaded for the commands that need one", () => {
  const { files } = loadedWith(["src/composition/index.ts"]);
  expect(files).toContain("src/threads/node.ts");
  expect(files).toContain("src/app/api/startApi.ts");
});
