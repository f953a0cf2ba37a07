// Random sets, marks and reverts over the state equal a model that copies everything at each mark.

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Address, Amount, Bytes } from "../../src/core/primitives/index.ts";
import { accountKey, EMPTY_ACCOUNT, encodeAccount, State } from "../../src/core/state/index.ts";
import { checkProperty } from "./checkProperty.ts";

const ADDRESSES = ["11", "22", "33", "44"].map((digits) => `0x${digits.repeat(20)}` as Address);
const ACCOUNT_BYTES = 46;

interface Model {
  readonly balances: Map<Address, number>;
  supply: number;
}

type Step =
  | { kind: "set"; who: number; balance: number }
  | { kind: "supply"; supply: number }
  | { kind: "mark" | "revert" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), who: fc.nat(3), balance: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("supply" as const), supply: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("mark" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("revert" as const) }) },
);

const copy = (model: Model): Model => ({ balances: new Map(model.balances), supply: model.supply });
const balanceOf = (model: Model, address: Address) => model.balances.get(address) ?? 0;

function stored(balance: number): Bytes | undefined {
  return encodeAccount({ ...EMPTY_ACCOUNT, balance: balance as Amount });
}

test("accounts, supply, changes and new bytes follow the model", () => {
  checkProperty(
    fc.property(
      fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
      fc.array(step, { maxLength: 60 }),
      (initial, steps) => {
        const start: Model = {
          balances: new Map(ADDRESSES.map((who, index) => [who, initial[index] ?? 0])),
          supply: 0,
        };
        const byKey = new Map(ADDRESSES.map((who) => [accountKey(who).toHex(), stored(balanceOf(start, who))]));
        const state = new State({ stateValue: (key) => byKey.get(key.toHex()) });
        let model = copy(start);
        const marks: { checkpoint: ReturnType<State["checkpoint"]>; model: Model }[] = [
          { checkpoint: state.checkpoint(), model: copy(model) },
        ];
        for (const action of steps) {
          const mark = marks.at(-1);
          if (action.kind === "set") {
            const who = ADDRESSES[action.who] as Address;
            state.setAccount(who, { ...EMPTY_ACCOUNT, balance: action.balance as Amount });
            model.balances.set(who, action.balance);
          } else if (action.kind === "supply") {
            state.setSupply(action.supply as Amount);
            model.supply = action.supply;
          } else if (action.kind === "mark") {
            marks.push({ checkpoint: state.checkpoint(), model: copy(model) });
          } else if (mark !== undefined) {
            state.revert(mark.checkpoint);
            model = copy(mark.model);
            if (marks.length > 1) marks.pop();
          }
          compare(state, model, start);
          const last = marks.at(-1);
          if (last === undefined) continue;
          const isNew = (who: Address) =>
            balanceOf(start, who) === 0 && balanceOf(last.model, who) === 0 && balanceOf(model, who) > 0;
          expect(state.newStateBytesSince(last.checkpoint)).toBe(ADDRESSES.filter(isNew).length * ACCOUNT_BYTES);
        }
      },
    ),
    { numRuns: 200 },
  );
});

function compare(state: State, model: Model, start: Model): void {
  for (const who of ADDRESSES) expect(state.account(who).balance as number).toBe(balanceOf(model, who));
  expect(state.supply() as number).toBe(model.supply);
  const changed = ADDRESSES.filter((who) => balanceOf(start, who) !== balanceOf(model, who));
  const accountChanges = state.changes().filter(({ key }) => key.length > 1);
  expect(accountChanges.map(({ key }) => key.toHex()).toSorted()).toEqual(
    changed.map((who) => accountKey(who).toHex()).toSorted(),
  );
  for (const who of changed) {
    const change = accountChanges.find(({ key }) => key.toHex() === accountKey(who).toHex());
    expect(change?.previous).toEqual(stored(balanceOf(start, who)));
    expect(change?.value).toEqual(stored(balanceOf(model, who)));
  }
  expect(state.changes().some(({ key }) => key.length === 1)).toBe(model.supply !== 0);
}
