// One layer of the configuration: the values that one source sets, each with its origin, and what is wrong with them.
// Later layers override earlier ones; a bad value is a problem even where it is overridden.

import type { KeyEntry } from "./config.ts";
import { formatOrigin, type Origin, type Problem } from "./problem.ts";
import { textToRaw } from "./valueTypes.ts";

export interface Setting {
  readonly value: unknown;
  readonly origin: Origin;
}

export interface Layer {
  readonly settings: Map<string, Setting>;
  readonly problems: Problem[];
  readonly warnings: string[];
}

export function createLayer(): Layer {
  return { settings: new Map(), problems: [], warnings: [] };
}

/** Reads a raw value of a key into the layer. */
export function putRaw(
  layer: Layer,
  options: { entry: KeyEntry; raw: unknown; originOf: (tableEntry: string | undefined) => Origin },
): void {
  const { entry, raw, originOf } = options;
  const result = entry.spec.type.read(raw);
  if (result.ok) {
    layer.settings.set(entry.name, { value: result.value, origin: originOf(undefined) });
    return;
  }
  for (const { reason, entry: tableEntry } of result.faults) {
    layer.problems.push({
      where: formatOrigin(originOf(tableEntry)),
      key: entry.name,
      message: `${entry.name} ${reason}`,
    });
  }
}

/** Reads the text of a variable or flag into the layer. */
export function putText(layer: Layer, options: { entry: KeyEntry; text: string; origin: Origin }): void {
  const { entry, text, origin } = options;
  const raw = textToRaw(entry.spec.type.shape, text);
  if (raw.ok) {
    putRaw(layer, { entry, raw: raw.value, originOf: () => origin });
    return;
  }
  for (const { reason } of raw.faults) {
    layer.problems.push({ where: formatOrigin(origin), key: entry.name, message: `${entry.name} ${reason}` });
  }
}
