// A plain model of how contracts are called (docs/spec/contracts.md), apart from the machine that runs their code: state
// that is copied before each call, and programs in place of modules. Gas is no part of it.

export interface LedgerAccount {
  readonly balance: number;
  readonly nonce: number;
  /** Hex of the hash; absent for an account without code. */
  readonly codeHash?: string;
}

/** The state between two transactions. Slots are named by the hex digits of address and key, and have those of the value. */
export interface LedgerState {
  readonly accounts: ReadonlyMap<string, LedgerAccount>;
  readonly slots: ReadonlyMap<string, string>;
  /** Deployed modules by the hex of their hash. */
  readonly codes: ReadonlyMap<string, Uint8Array>;
}

export const ABSENT: LedgerAccount = { balance: 0, nonce: 0 };

/** By their number in a receipt (docs/spec/encoding.md). */
export const REASONS = [
  "none",
  "revert",
  "outOfGas",
  "trap",
  "noContract",
  "noFunction",
  "badArguments",
  "hostRange",
  "stackExhausted",
  "depthExceeded",
  "reentrancy",
  "memoryLimit",
  "limitExceeded",
  "invalidModule",
  "insufficientBalance",
  "addressTaken",
] as const;

export type ModelReason = (typeof REASONS)[number];

const STATUS_3: readonly ModelReason[] = ["trap", "hostRange", "stackExhausted", "limitExceeded"];

export function statusOf(reason: ModelReason): number {
  if (reason === "none" || reason === "revert" || reason === "outOfGas") return REASONS.indexOf(reason);
  return STATUS_3.includes(reason) ? 3 : 4;
}

export interface ModelEnd {
  readonly reason: ModelReason;
  readonly data: Uint8Array;
}

export interface ModelEvent {
  readonly address: string;
  readonly topics: readonly Uint8Array[];
  readonly data: Uint8Array;
}

export type ModelLog = Omit<ModelEvent, "topics">;

/** What a program does that is called by this name; it throws a `ModelStop` to fail. */
export type Program = (frame: ModelFrame, name: string, values: readonly bigint[]) => Uint8Array;

export interface ModelContract {
  readonly program: Program;
  /** Types of the parameters of each exported function, `init` among them. */
  readonly functions: Readonly<Record<string, readonly ("i32" | "i64")[]>>;
}

/** A call that fails. */
export class ModelStop extends Error {
  readonly reason: ModelReason;
  readonly data: Uint8Array;

  constructor(reason: ModelReason, data: Uint8Array = new Uint8Array(0)) {
    super(reason);
    this.reason = reason;
    this.data = data;
  }
}

function failed(reason: ModelReason): ModelEnd {
  return { reason, data: new Uint8Array(0) };
}

function slotName(address: string, key: string): string {
  return address.slice(2) + key;
}

const BLANKS = "[ \\t\\n\\r]*";
const INTEGER = "(?:0|-?[1-9][0-9]*)";

/** The values of the arguments' text; undefined where it does not fit the types. */
function parse(args: string, types: readonly ("i32" | "i64")[]): bigint[] | undefined {
  const numbers = types.map((type) => (type === "i32" ? `(${INTEGER})` : `"(${INTEGER})"`));
  const listed = numbers.join(`${BLANKS},${BLANKS}`);
  const match = new RegExp(`^${BLANKS}\\[${BLANKS}${listed}${BLANKS}\\]${BLANKS}$`).exec(args);
  if (match === null) return undefined;
  const values = match.slice(1).map(BigInt);
  const isInRange = (value: bigint, index: number) => BigInt.asIntN(types[index] === "i32" ? 32 : 64, value) === value;
  return values.every(isInRange) ? values : undefined;
}

export interface ModelCall {
  readonly caller: string;
  readonly address: string;
  readonly name: string;
  readonly args: string;
  readonly amount: number;
}

/** One transaction's calls. */
export class ModelRun {
  accounts: Map<string, LedgerAccount>;
  slots: Map<string, string>;
  codes: Map<string, Uint8Array>;
  readonly origin: string;
  readonly logs: ModelLog[] = [];
  events: ModelEvent[] = [];
  /** What gas depends on: two runs with the same path use the same. */
  path = "";
  private readonly running: string[] = [];
  private readonly contractOf: (code: Uint8Array) => ModelContract;

  constructor(options: { state: LedgerState; origin: string; contractOf: (code: Uint8Array) => ModelContract }) {
    this.accounts = new Map(options.state.accounts);
    this.slots = new Map(options.state.slots);
    this.codes = new Map(options.state.codes);
    this.origin = options.origin;
    this.contractOf = options.contractOf;
  }

  account(address: string): LedgerAccount {
    return this.accounts.get(address) ?? ABSENT;
  }

  /** Whether the amount was there to be moved. */
  pay(from: string, to: string, amount: number): boolean {
    const payer = this.account(from);
    if (payer.balance < amount) return false;
    this.accounts.set(from, { ...payer, balance: payer.balance - amount });
    const receiver = this.account(to);
    this.accounts.set(to, { ...receiver, balance: receiver.balance + amount });
    return true;
  }

  private undoable(run: () => ModelEnd): ModelEnd {
    const { accounts, slots, codes, events } = this;
    [this.accounts, this.slots, this.codes, this.events] = [
      new Map(accounts),
      new Map(slots),
      new Map(codes),
      [...events],
    ];
    const end = run();
    if (end.reason !== "none") {
      [this.accounts, this.slots, this.codes, this.events] = [accounts, slots, codes, events];
    }
    return end;
  }

  call(call: ModelCall, isLimited = false): ModelEnd {
    const { caller, address, name } = call;
    const { codeHash } = this.account(address);
    this.path += `(${codeHash} ${name} ${call.args} `;
    if (call.amount > this.account(caller).balance) return failed("insufficientBalance");
    if (codeHash === undefined) return failed("noContract");
    if (this.running.includes(address)) return failed("reentrancy");
    const { functions } = this.contractOf(this.codes.get(codeHash) as Uint8Array);
    if (name === "init" || !Object.hasOwn(functions, name)) return failed("noFunction");
    return this.enter(call, isLimited);
  }

  /** What a deploy transaction does. */
  deploy(call: Omit<ModelCall, "name">, module: { code: Uint8Array; codeHash: string; isValid: boolean }): ModelEnd {
    const { caller, address } = call;
    const { code, codeHash, isValid } = module;
    this.path += `deploy ${codeHash} `;
    if (call.amount > this.account(caller).balance) return failed("insufficientBalance");
    if (this.account(address).codeHash !== undefined) return failed("addressTaken");
    if (!isValid) return failed("invalidModule");
    return this.undoable(() => {
      this.codes.set(codeHash, code);
      this.accounts.set(address, { ...this.account(address), codeHash });
      this.path += `(init ${call.args} `;
      return this.enter({ ...call, name: "init" }, false);
    });
  }

  private enter(call: ModelCall, isLimited: boolean): ModelEnd {
    const { caller, address, name, amount, args } = call;
    const { codeHash } = this.account(address);
    const { functions, program } = this.contractOf(this.codes.get(codeHash ?? "") as Uint8Array);
    const types = functions[name] ?? [];
    const values = types.length === 0 ? [] : parse(args, types);
    if (values === undefined) return failed("badArguments");
    return this.undoable(() => {
      this.pay(caller, address, amount);
      this.running.push(address);
      try {
        const frame = new ModelFrame(this, { address, args, isLimited });
        const data = Object.hasOwn(functions, name) ? program(frame, name, values) : new Uint8Array(0);
        return { reason: "none", data };
      } catch (error) {
        if (!(error instanceof ModelStop)) throw error;
        return { reason: error.reason, data: error.data };
      } finally {
        this.running.pop();
        this.path += ")";
      }
    });
  }
}

/** What a program has of the host. */
export class ModelFrame {
  readonly address: string;
  readonly args: string;
  /** It was called with no more gas than it asks for when it calls, so a callee that uses all leaves it none. */
  readonly isLimited: boolean;
  readonly run: ModelRun;

  constructor(run: ModelRun, fields: { address: string; args: string; isLimited: boolean }) {
    this.run = run;
    this.address = fields.address;
    this.args = fields.args;
    this.isLimited = fields.isLimited;
  }

  read(key: string): Uint8Array | undefined {
    const value = this.run.slots.get(slotName(this.address, key));
    this.run.path += `r${(value?.length ?? 0) / 2} `;
    return value === undefined ? undefined : Uint8Array.fromHex(value);
  }

  /** An empty value removes. */
  write(key: string, value: Uint8Array): void {
    this.run.path += `w${value.length} `;
    if (value.length === 0) this.run.slots.delete(slotName(this.address, key));
    else this.run.slots.set(slotName(this.address, key), value.toHex());
  }

  remove(key: string): boolean {
    this.run.path += "d ";
    return this.run.slots.delete(slotName(this.address, key));
  }

  event(topics: readonly Uint8Array[], data: Uint8Array): void {
    this.run.events.push({ address: this.address, topics, data });
  }

  log(data: Uint8Array): void {
    this.run.logs.push({ address: this.address, data });
  }
}
