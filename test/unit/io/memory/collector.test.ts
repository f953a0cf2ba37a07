// When garbage is collected: at the bound, and not one byte before it.

import { expect, test } from "bun:test";
import { createCollector } from "../../../../src/io/memory/collector.ts";

test("collects when the bytes come to the bound, and then counts anew", () => {
  let collections = 0;
  const note = createCollector({ bytesMax: 100, collect: () => collections++ });
  const after = [99, 1, 99, 0, 1, 500, 99].map((count) => {
    note(count);
    return collections;
  });
  expect(after).toEqual([0, 1, 1, 1, 2, 3, 3]);
});

test("collects for real what nobody holds", () => {
  const note = createCollector({ bytesMax: 1 });
  let lost = 0;
  const registry = new FinalizationRegistry(() => lost++);
  for (let index = 0; index < 100; index++) registry.register(new Uint8Array(100_000), undefined);
  const { promise, resolve } = Promise.withResolvers<void>();
  note(1);
  setTimeout(resolve, 0);
  return promise.then(() => expect(lost).toBeGreaterThan(50));
});
