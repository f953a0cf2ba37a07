// The rules behind the layer table: which layer a file belongs to, and what is wrong with its imports.

import { posix } from "node:path";
import type { Layer } from "./layerTable.ts";
import { type Import, importsOf, type Sources } from "./sources.ts";

export type Layers = Readonly<Record<string, Layer>>;

const SOURCE_ROOT = "src/";

/** The most specific layer that holds the file. */
function layerOf(path: string, layers: Layers): string | undefined {
  const inside = path.slice(SOURCE_ROOT.length);
  return Object.keys(layers)
    .filter((name) => inside === name || inside.startsWith(`${name}/`))
    .sort((left, right) => right.length - left.length)[0];
}

/** The file that a relative specifier names. */
function resolve(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function packageViolation(specifier: string, name: string, layer: Layer): string | undefined {
  const imported = packageOf(specifier);
  const scheme = specifier.split(":")[0];
  if (layer.packages.includes(imported) || layer.packages.includes(`${scheme}:*`)) return undefined;
  return `${name} may not import the package ${imported}`;
}

function allowanceViolation(taken: Import, names: { from: string; to: string }, layer: Layer): string | undefined {
  const { from, to } = names;
  const allowance = layer.imports[to];
  if (allowance === undefined) return `${from} may not import ${to}`;
  if (allowance === "all") return undefined;
  if (allowance === "types") return taken.typeOnly ? undefined : `${from} may import types alone from ${to}`;
  const refused = taken.names.filter((name) => !allowance.includes(name));
  return refused.length === 0 && taken.names.length > 0
    ? undefined
    : `${from} may import of ${to} only ${allowance.join(", ")}`;
}

/** Whether a layer's outside may import the file. Client has parts with contracts of their own; app and threads have none. */
function isContract(target: string, to: string): boolean {
  if (to === "app" || to === "threads") return true;
  return to === "client" ? target.endsWith("/index.ts") : target === `${SOURCE_ROOT}${to}/index.ts`;
}

function importViolation(path: string, taken: Import, layers: Layers): string | undefined {
  const from = layerOf(path, layers) as string;
  const layer = layers[from] as Layer;
  if (!taken.specifier.startsWith(".")) return packageViolation(taken.specifier, from, layer);
  const target = resolve(path, taken.specifier);
  if (!target.startsWith(SOURCE_ROOT)) return `${target} lies outside src`;
  const to = layerOf(target, layers);
  if (to === undefined) return `${target} is in no layer`;
  if (to === from) return undefined;
  const violation = allowanceViolation(taken, { from, to }, layer);
  if (violation !== undefined) return violation;
  const isInside = path.startsWith(`${SOURCE_ROOT}${to}/`);
  return isInside || isContract(target, to) ? undefined : `${target} is reached past ${to}/index.ts`;
}

/** One line a violation: `file: what is wrong`. */
export function layerViolations(sources: Sources, layers: Layers): readonly string[] {
  const violations: string[] = [];
  for (const [path, text] of sources) {
    if (layerOf(path, layers) === undefined) {
      violations.push(`${path}: is in no layer of the table`);
      continue;
    }
    for (const taken of importsOf(text)) {
      const violation = importViolation(path, taken, layers);
      if (violation !== undefined) violations.push(`${path}: ${violation}`);
    }
  }
  return violations;
}

/** Layers, and within app its folders: what must not form a cycle beyond what single files must not. */
function unitOf(path: string, layers: Layers): string {
  const layer = layerOf(path, layers) ?? path;
  const inside = path.slice(SOURCE_ROOT.length).split("/");
  return layer === "app" ? inside.slice(0, 2).join("/") : layer;
}

function graphOf(sources: Sources, nodeOf: (path: string) => string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    const edges = graph.get(nodeOf(path)) ?? new Set();
    graph.set(nodeOf(path), edges);
    for (const { specifier } of importsOf(text)) {
      if (!specifier.startsWith(".")) continue;
      const target = nodeOf(resolve(path, specifier));
      if (target !== nodeOf(path)) edges.add(target);
    }
  }
  return graph;
}

function cyclesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    const start = trail.indexOf(node);
    if (start >= 0) cycles.push([...trail.slice(start), node].join(" -> "));
    if (start >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

/** Import cycles between files, and between layers; types count. */
export function importCycles(sources: Sources, layers: Layers): readonly string[] {
  return [...cyclesOf(graphOf(sources, (path) => path)), ...cyclesOf(graphOf(sources, (path) => unitOf(path, layers)))];
}
