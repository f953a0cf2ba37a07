// What the modules of modules.ts do, as programs of the model: written from what they are for, so that a mistake of the
// machine, of metering or of the state shows as a difference.

import { type ModelContract, type ModelFrame, ModelStop, statusOf } from "./model.ts";
import { BROKEN, CHURNER, COUNTER, FAILING, TOKEN, targetOf } from "./modules.ts";

function integer(value: bigint | number, sizeBytes: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt.asIntN(64, BigInt(value)), true);
  return new Uint8Array(view.buffer, 0, sizeBytes);
}

function numberOf(value: Uint8Array | undefined): bigint {
  return value === undefined ? 0n : new DataView(value.buffer, value.byteOffset).getBigInt64(0, true);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function hexOf(value: string): string {
  return text(value).toHex();
}

const COUNT = hexOf("n");

const counter: ModelContract = {
  functions: { init: ["i32"], add: ["i32"], get: [] },
  program: (frame, name, [by = 0n]) => {
    if (name !== "get") {
      const sum = integer(numberOf(frame.read(COUNT)) + by, 8);
      frame.write(COUNT, sum);
      frame.event([], sum);
    }
    return text(`"${numberOf(frame.read(COUNT))}"`);
  },
};

function setBalance(frame: ModelFrame, holder: bigint, balance: bigint): void {
  frame.write(integer(holder, 4).toHex(), balance === 0n ? new Uint8Array(0) : integer(balance, 8));
}

const token: ModelContract = {
  functions: { init: ["i64"], move: ["i32", "i32", "i64"] },
  program: (frame, name, values) => {
    if (name === "init") {
      setBalance(frame, 0n, values[0] ?? 0n);
      return new Uint8Array(0);
    }
    const [from, to, amount] = values as [bigint, bigint, bigint];
    const balanceOf = (holder: bigint) => numberOf(frame.read(integer(holder, 4).toHex()));
    if (balanceOf(from) < amount) throw new ModelStop("revert", text("short"));
    setBalance(frame, from, balanceOf(from) - amount);
    const balance = balanceOf(to) + amount;
    setBalance(frame, to, balance);
    const topic = new Uint8Array(32);
    topic.set(integer(from, 4));
    frame.event([topic], integer(balance, 8));
    return text("1");
  },
};

const churner: ModelContract = {
  functions: { fill: ["i32", "i32", "i32"], clear: ["i32", "i32"], both: ["i32", "i32", "i32"] },
  program: (frame, name, values) => {
    const [first, count, size = 0n] = values as [bigint, bigint, bigint?];
    const slots = Array.from({ length: Number(count) }, (_, index) => first + count - 1n - BigInt(index));
    if (name !== "clear") {
      for (const slot of slots) {
        frame.write(integer(slot, 4).toHex(), new Uint8Array(Number(size)).fill(Number(slot & 255n)));
      }
    }
    if (name === "fill") return new Uint8Array(0);
    return text(String(slots.filter((slot) => frame.remove(integer(slot, 4).toHex())).length));
  },
};

const FAILURES = [
  "none",
  "trap",
  "revert",
  "outOfGas",
  "trap",
  "hostRange",
  "stackExhausted",
  "limitExceeded",
] as const;

const failing: ModelContract = {
  functions: { init: ["i32", "i32", "i32"], run: ["i32", "i32", "i32"] },
  program: (frame, _, [how = 0n]) => {
    const told = integer(how, 4);
    frame.write(hexOf("f"), told);
    const hasPaid = frame.run.pay(frame.address, frame.run.origin, 1);
    frame.event([new Uint8Array(32), new Uint8Array(32)], told);
    frame.log(told);
    const reason = FAILURES[Number(how & 7n)] ?? "none";
    if (reason !== "none") throw new ModelStop(reason, reason === "revert" ? told : new Uint8Array(0));
    return text(hasPaid ? "1" : "0");
  },
};

function nest(target: string): ModelContract {
  return {
    functions: { run: ["i32", "i32", "i32"] },
    program: (frame, _, values) => {
      const [how, , amount] = values as [bigint, bigint, bigint];
      frame.write(hexOf("f"), integer(how, 4));
      const address = (how & 8n) === 0n ? target : frame.address;
      const called = { caller: frame.address, address, name: "run", args: frame.args, amount: Number(amount) };
      const end = frame.run.call(called, true);
      frame.run.path += end.reason;
      if (end.reason === "outOfGas" && frame.isLimited) throw new ModelStop("outOfGas");
      const status = integer(statusOf(end.reason), 4);
      frame.write(hexOf("s"), status);
      frame.log(status);
      if ((how & 16n) !== 0n) throw new ModelStop("trap");
      if ((how & 32n) !== 0n) throw new ModelStop("revert", integer(how, 4));
      return text(String(statusOf(end.reason) * 1000 + end.data.length));
    },
  };
}

const contracts = new Map(
  (
    [
      [COUNTER, counter],
      [TOKEN, token],
      [CHURNER, churner],
      [FAILING, failing],
    ] as const
  ).map(([code, contract]) => [code.toHex(), contract]),
);

export function isBroken(code: Uint8Array): boolean {
  return code.toHex() === BROKEN.toHex();
}

/** What a deployed module does. */
export function contractOf(code: Uint8Array): ModelContract {
  const target = targetOf(code);
  const contract = target === undefined ? contracts.get(code.toHex()) : nest(target);
  if (contract === undefined) throw new RangeError("a module is none of the simulation's");
  return contract;
}
