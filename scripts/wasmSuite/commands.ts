// Turns what wast2json writes into the test data of test/vectors/wasm: all modules for the validator, and for those that a
// contract could be, the calls with what they must give.

import { decodeAndValidate } from "../../src/core/vm/index.ts";
import type { SuiteCall, SuiteModule, SuiteRun } from "../../test/support/wasmSuite.ts";
import { SUITE_IMPORTS } from "../../test/support/wasmSuite.ts";

interface SuiteValue {
  readonly type: string;
  readonly value?: string;
}

/** A command as wast2json writes it. */
export interface SuiteCommand {
  readonly type: string;
  readonly line: number;
  readonly name?: string;
  readonly filename?: string;
  readonly wasm?: Uint8Array;
  readonly text?: string;
  readonly action?: {
    readonly type: string;
    readonly module?: string;
    readonly field: string;
    readonly args?: readonly SuiteValue[];
  };
  readonly expected?: readonly SuiteValue[];
}

const KINDS: Readonly<Record<string, SuiteModule["kind"]>> = {
  module: "valid",
  assert_unlinkable: "valid",
  assert_uninstantiable: "valid",
  assert_invalid: "invalid",
  assert_malformed: "malformed",
};

/** All modules in binary form, each once. */
export function modulesOf(commands: readonly SuiteCommand[]): readonly SuiteModule[] {
  const modules = new Map<string, SuiteModule>();
  for (const { type, line, wasm, text } of commands) {
    const kind = KINDS[type];
    if (kind === undefined || wasm === undefined) continue;
    const bytes = wasm.toBase64();
    const key = `${kind} ${bytes}`;
    const told = text === undefined || kind === "valid" ? {} : { text };
    if (!modules.has(key)) modules.set(key, { line, kind, ...told, wasm: bytes });
  }
  return [...modules.values()];
}

function isInteger(value: SuiteValue): boolean {
  return value.type === "i32" || value.type === "i64";
}

/** Undefined for what is no call over integers. */
function callOf(command: SuiteCommand): SuiteCall | undefined {
  const { type, line, action, expected = [] } = command;
  const args = action?.args ?? [];
  if (action?.type !== "invoke" || ![...args, ...expected].every(isInteger)) return undefined;
  const written = (values: readonly SuiteValue[]) => values.map((value) => `${value.type} ${value.value}`);
  const call = { line, call: action.field, args: written(args) };
  switch (type) {
    case "action":
      return call;
    case "assert_return":
      return expected.length <= 1 ? { ...call, gives: written(expected) } : undefined;
    case "assert_trap":
      return { ...call, traps: command.text ?? "" };
    case "assert_exhaustion":
      return { ...call, exhausts: true };
    default:
      return undefined;
  }
}

/** The modules that are accepted for contracts, each with the calls of it. */
export function executionOf(commands: readonly SuiteCommand[]): readonly SuiteRun[] {
  const runs: { line: number; wasm: string; traps?: string; commands: SuiteCall[] }[] = [];
  const byName = new Map<string, SuiteCall[]>();
  // Calls of modules that are left out go nowhere.
  let current: SuiteCall[] = [];
  for (const command of commands) {
    const { type, line, name, wasm, text } = command;
    if (type === "module" || type === "assert_uninstantiable") {
      const calls: SuiteCall[] = [];
      if (type === "module") {
        current = calls;
        if (name !== undefined) byName.set(name, calls);
      }
      if (wasm === undefined || !decodeAndValidate(wasm, SUITE_IMPORTS).ok) continue;
      const traps = type === "module" ? {} : { traps: text ?? "" };
      runs.push({ line, wasm: wasm.toBase64(), ...traps, commands: calls });
      continue;
    }
    const call = callOf(command);
    const target = command.action?.module;
    if (call !== undefined) (target === undefined ? current : (byName.get(target) ?? [])).push(call);
  }
  return runs.filter((run) => run.commands.length > 0 || run.traps !== undefined);
}
