// Every page of the documentation that the repository names is there: by its path from the root, or as a link of a page.

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { REPOSITORY, readSources, type Sources } from "./sources.ts";

const FOLDERS = ["src", "docs", "test", "bench", "contracts", "scripts", ".ci"];
const ROOT_FILES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "config.toml", "package.json"];
const EXTENSIONS = [".ts", ".tsx", ".md", ".json", ".toml", "/run"];
const PAGE_PATH = /(?<![\w/.-])docs\/[\w./-]*\.md\b/g;
// A link within the repository; what follows # names a place of the page.
const LINK = /\]\((?![a-z]+:)([^)#\s]+)(?:#[^)\s]*)?\)/g;

// The examples below are of pages that there are not.
const THIS_FILE = "test/architecture/docs.test.ts";

const sources: Sources = new Map([
  ...FOLDERS.flatMap((folder) => [...readSources(folder, EXTENSIONS)]),
  ...ROOT_FILES.map((path) => [path, readFileSync(join(REPOSITORY, path), "utf8")] as const),
]);

/** The paths from the root that a file names. */
function pagesNamed(path: string, text: string): readonly string[] {
  const named = [...text.matchAll(PAGE_PATH)].map(([page]) => page);
  const links = path.endsWith(".md")
    ? [...text.matchAll(LINK)].map(([, target = ""]) => join(dirname(path), target))
    : [];
  return [...named, ...links];
}

test("every page that is named is there", () => {
  const others = [...sources].filter(([path]) => path !== THIS_FILE);
  const found = others.flatMap(([path, text]) => pagesNamed(path, text).map((page) => ({ path, page })));
  expect(found.length).toBeGreaterThan(40);
  const missing = found.filter(({ page }) => !existsSync(join(REPOSITORY, page)));
  expect(missing.map(({ path, page }) => `${path} names ${page}`)).toEqual([]);
});

test("a page is found by its path and by a link", () => {
  expect(pagesNamed("src/a.ts", "// see docs/spec/state.md, Proofs")).toEqual(["docs/spec/state.md"]);
  expect(pagesNamed("docs/spec/a.md", "[b](b.md#c), [d](../adr/d.md), [e](https://e.example/f.md)")).toEqual([
    "docs/spec/b.md",
    "docs/adr/d.md",
  ]);
});
