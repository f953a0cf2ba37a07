// Environment variables: AUREON_<SECTION>_<KEY> sets a key, AUREON_<SECTION>_<KEY>_FILE names a file that holds its
// value. An unknown variable only warns: Kubernetes sets some of its own for each service whose name starts with
// `aureon`.

import { suggest } from "../suggest.ts";
import { KEY_LIST, type KeyEntry } from "./config.ts";
import { createLayer, type Layer, putText } from "./layer.ts";

const PREFIX = "AUREON_";
const FILE_SUFFIX = "_FILE";
// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
const SERVICE_VALUE = /^(?:tcp|udp|sctp):\/\//;
const SERVICE_NAME = /_SERVICE_(?:HOST|PORT(?:_[0-9A-Z_]+)?)$|_PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Answers with the text of a file, or with the reason why it can't be read. */
export type ReadTextFile = (path: string) => { ok: true; text: string } | { ok: false; reason: string };

/** The variable that sets a key. */
export function variableOf(entry: KeyEntry): string {
  return `${PREFIX}${entry.section}_${entry.key}`.toUpperCase();
}

const ENTRIES: ReadonlyMap<string, KeyEntry> = new Map(KEY_LIST.map((entry) => [variableOf(entry), entry]));

function readVariableFile(
  layer: Layer,
  options: { entry: KeyEntry; variable: string; path: string; readFile: ReadTextFile },
): void {
  const { entry, variable, path, readFile } = options;
  const file = readFile(path);
  if (file.ok) {
    putText(layer, { entry, text: file.text.trim(), origin: { kind: "environment", variable } });
    return;
  }
  layer.problems.push({
    where: variable,
    key: entry.name,
    message: `${entry.name}: can't read ${path}: ${file.reason}`,
  });
}

function warnOfUnknown(layer: Layer, options: { unknown: readonly string[]; services: readonly string[] }): void {
  for (const variable of options.unknown) {
    const nearest = suggest(variable, [...ENTRIES.keys()]);
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    layer.warnings.push(`${variable} sets no key of the configuration and is ignored${hint}`);
  }
  if (options.services.length > 0) {
    layer.warnings.push(`ignored what Kubernetes set for services: ${options.services.join(", ")}`);
  }
}

export function readEnvironmentLayer(environment: Environment, readFile: ReadTextFile): Layer {
  const layer = createLayer();
  const unknown: string[] = [];
  const services: string[] = [];
  for (const [variable, text] of Object.entries(environment).sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (!variable.startsWith(PREFIX) || text === undefined) continue;
    const entry = ENTRIES.get(variable);
    const fileEntry = variable.endsWith(FILE_SUFFIX) ? ENTRIES.get(variable.slice(0, -FILE_SUFFIX.length)) : undefined;
    if (SERVICE_VALUE.test(text) || (entry === undefined && SERVICE_NAME.test(variable))) {
      services.push(variable);
    } else if (entry !== undefined) {
      putText(layer, { entry, text, origin: { kind: "environment", variable } });
    } else if (fileEntry === undefined) {
      unknown.push(variable);
    } else if (environment[variableOf(fileEntry)] !== undefined) {
      const message = `${fileEntry.name} is set by ${variableOf(fileEntry)} too; expected one of the two`;
      layer.problems.push({ where: variable, key: fileEntry.name, message });
    } else {
      readVariableFile(layer, { entry: fileEntry, variable, path: text, readFile });
    }
  }
  warnOfUnknown(layer, { unknown, services });
  return layer;
}
