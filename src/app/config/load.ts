// Loads the configuration: defaults, then the file, then environment variables, then flags
// (docs/spec/configuration.md). All that is wrong is found in one go.

import { secretKeyToAddress } from "../../core/crypto/index.ts";
import { hexToBytes } from "../../core/primitives/index.ts";
import { buildConfig, type Config, KEY_LIST, type KeyEntry } from "./config.ts";
import { type Environment, type ReadTextFile, readEnvironmentLayer } from "./environmentLayer.ts";
import { type ConfigFile, readFileLayer } from "./fileLayer.ts";
import { createLayer, type Layer, putText, type Setting } from "./layer.ts";
import { formatOrigin, type Problem } from "./problem.ts";
import { checkRules, warningsOf } from "./rules.ts";

/** A flag of the command line that sets a key. */
export interface FlagValue {
  /** As the user writes it, e.g. `--port`. */
  readonly flag: string;
  /** `section.key` */
  readonly key: string;
  readonly text: string;
}

export interface ConfigSources {
  readonly file: ConfigFile | undefined;
  readonly environment: Environment;
  readonly flags: readonly FlagValue[];
  readonly readFile: ReadTextFile;
}

export type Settings = ReadonlyMap<string, Setting>;

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

const PORT_MAX = 65_535;

function entryOf(name: string): KeyEntry | undefined {
  return KEY_LIST.find((entry) => entry.name === name);
}

function readFlagLayer(flags: readonly FlagValue[]): Layer {
  const layer = createLayer();
  for (const { flag, key, text } of flags) {
    const entry = entryOf(key);
    if (entry !== undefined) putText(layer, { entry, text, origin: { kind: "flag", flag } });
  }
  return layer;
}

function configOf(settings: Settings): Config {
  return buildConfig((entry) => settings.get(entry.name)?.value);
}

/** Fills in the keys whose value, where they are not set, follows from others. */
function derive(settings: Map<string, Setting>): void {
  const { api, wallet } = configOf(settings);
  const isDefault = (key: string) => settings.get(key)?.origin.kind === "default";
  if (isDefault("api.websocket_port") && !isDefault("api.port")) {
    const next = api.port === 0 ? 0 : api.port === PORT_MAX ? api.port - 1 : api.port + 1;
    settings.set("api.websocket_port", { value: next, origin: { kind: "derived", from: "api.port" } });
  }
  const [firstKey] = wallet.keys;
  if (isDefault("mining.beneficiary") && wallet.enabled && firstKey !== undefined) {
    const value = secretKeyToAddress(hexToBytes(firstKey));
    settings.set("mining.beneficiary", { value, origin: { kind: "derived", from: "wallet.keys" } });
  }
}

/** Never throws for what a user has written. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const layers = [
    sources.file === undefined ? createLayer() : readFileLayer(sources.file),
    readEnvironmentLayer(sources.environment, sources.readFile),
    readFlagLayer(sources.flags),
  ];
  const settings = new Map<string, Setting>(
    KEY_LIST.map((entry) => [entry.name, { value: entry.spec.default, origin: { kind: "default" } }]),
  );
  for (const layer of layers) {
    for (const [name, setting] of layer.settings) settings.set(name, setting);
  }
  derive(settings);
  const config = configOf(settings);

  const problems = layers.flatMap((layer) => layer.problems);
  const faultyKeys = problems.map((problem) => problem.key).filter((key) => key !== undefined);
  // A problem without a key is a file that couldn't be read as TOML: nothing is known of what it sets.
  const findings = faultyKeys.length < problems.length ? [] : checkRules(config, faultyKeys);
  for (const { key, message } of findings) {
    problems.push({ where: formatOrigin(settings.get(key)?.origin ?? { kind: "default" }), key, message });
  }
  const warnings = layers.flatMap((layer) => layer.warnings);
  if (problems.length > 0) return { ok: false, problems, warnings };
  return { ok: true, config, settings, warnings: [...warnings, ...warningsOf(config)] };
}
