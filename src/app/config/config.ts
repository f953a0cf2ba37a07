// The configuration as the node reads it: the table of keys with its sections and keys in camel case.

import { type KeySpec, SECTIONS } from "./keys.ts";

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

type SectionValues<Keys> = {
  readonly [Name in keyof Keys & string as CamelCase<Name>]: Keys[Name] extends KeySpec<infer Value> ? Value : never;
};

/** E.g. `config.consensus.powDifficulty` is the value of `pow_difficulty` in `[consensus]`. */
export type Config = {
  readonly [Section in keyof typeof SECTIONS]: SectionValues<(typeof SECTIONS)[Section]["keys"]>;
};

/** A key of the table with its place. */
export interface KeyEntry {
  /** `section.key` */
  readonly name: string;
  readonly section: string;
  readonly key: string;
  readonly spec: KeySpec<unknown>;
}

export interface SectionEntry {
  readonly name: string;
  readonly description: string;
  readonly keys: readonly KeyEntry[];
}

// The table is read here without its single types; `buildConfig` gives them back.
function listSections(): readonly SectionEntry[] {
  return Object.entries(SECTIONS).map(([section, { description, keys }]) => ({
    name: section,
    description,
    keys: Object.entries(keys as Readonly<Record<string, KeySpec<unknown>>>).map(([key, spec]) => ({
      name: `${section}.${key}`,
      section,
      key,
      spec,
    })),
  }));
}

export const SECTION_LIST: readonly SectionEntry[] = listSections();
export const KEY_LIST: readonly KeyEntry[] = SECTION_LIST.flatMap((section) => section.keys);

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** @param readValue the value of each key, of the type that the table gives it */
export function buildConfig(readValue: (entry: KeyEntry) => unknown): Config {
  const config = SECTION_LIST.map((section) => [
    section.name,
    Object.fromEntries(section.keys.map((entry) => [toCamelCase(entry.key), readValue(entry)])),
  ]);
  return Object.fromEntries(config) as Config;
}
