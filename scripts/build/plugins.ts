// What the bundler does with single packages to keep the executable small.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** The large files of the Swagger page; src/app/api/serveAsset.ts knows by the ending that they are compressed. */
const COMPRESSED = /^swagger-ui-dist\/.*\.(?:css|js)$/;
/** @elysiajs/swagger takes the style of a page from it that no node serves; with it comes a validation library. */
const THEMES = /[\\/]@scalar[\\/]themes[\\/]dist[\\/]index\.js$/;

export interface BuildPlugin {
  readonly plugin: Bun.BunPlugin;
  /** Removes the plugin's own files after the build. */
  readonly remove: () => void;
}

/** Embeds the page's files with gzip. The same file gives the same bytes. */
export function createCompressor(): BuildPlugin {
  const folder = mkdtempSync(join(tmpdir(), "aureon-build-"));
  return {
    plugin: {
      name: "compressed files",
      setup(build) {
        build.onResolve({ filter: COMPRESSED }, ({ path }) => {
          const compressed = join(folder, `${basename(path)}.gz`);
          const bytes = new Uint8Array(readFileSync(Bun.resolveSync(path, import.meta.dir)));
          writeFileSync(compressed, Bun.gzipSync(bytes, { level: 9 }));
          return { path: compressed };
        });
      },
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const withoutThemes: Bun.BunPlugin = {
  name: "no themes",
  setup(build) {
    build.onLoad({ filter: THEMES }, () => ({ contents: 'export const elysiajsTheme = "";', loader: "js" }));
  },
};
