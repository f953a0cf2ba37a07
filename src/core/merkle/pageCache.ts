// Pages of the state tree that stay in memory. A block's accounts lie all over the tree, so a deep page is seldom needed
// twice and the ones above it are needed every time: the deepest go first, of them the least recently used.

import type { Bytes } from "../primitives/index.ts";

export class PageCache {
  private readonly countMax: number;
  /** By the length of their prefix; each least recently used first. */
  private readonly byDepth: Map<string, Bytes>[] = [];
  private count = 0;

  constructor(options: { countMax: number }) {
    this.countMax = options.countMax;
  }

  get(prefix: string): Bytes | undefined {
    const pages = this.byDepth[prefix.length];
    const body = pages?.get(prefix);
    if (pages === undefined || body === undefined) return undefined;
    pages.delete(prefix);
    pages.set(prefix, body);
    return body;
  }

  set(prefix: string, body: Bytes): void {
    this.delete(prefix);
    while (this.byDepth.length <= prefix.length) this.byDepth.push(new Map());
    (this.byDepth[prefix.length] as Map<string, Bytes>).set(prefix, body);
    this.count++;
    this.trim();
  }

  delete(prefix: string): void {
    if (this.byDepth[prefix.length]?.delete(prefix) === true) this.count--;
  }

  clear(): void {
    this.byDepth.length = 0;
    this.count = 0;
  }

  private trim(): void {
    for (let depth = this.byDepth.length - 1; depth >= 0; depth--) {
      const pages = this.byDepth[depth] as Map<string, Bytes>;
      for (const prefix of pages.keys()) {
        if (this.count <= this.countMax) return;
        pages.delete(prefix);
        this.count--;
      }
    }
  }
}
