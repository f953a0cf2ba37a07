// Keccak-f[1600] (FIPS 202, section 3) as a WebAssembly module of one function, assembled here instruction by
// instruction: JavaScript has no 64-bit integers that are fast, and no library offers a module without `await`.

const ROUNDS = 24;
const LANES = 25;
/** Of Keccak-256: 1,088 of the state's 1,600 bits. */
const RATE_LANES = 17;
const LANE_SIZE_BYTES = 8;

/** Where things lie in the module's memory. */
export const STATE_OFFSET = 0;
export const BLOCK_OFFSET = 256;
const CONSTANTS_OFFSET = 512;
const CONSTANTS_END = CONSTANTS_OFFSET + ROUNDS * LANE_SIZE_BYTES;

// Opcodes and types of the WebAssembly core specification, version 1, chapter 5.
const LOOP = 0x03;
const END = 0x0b;
const BR_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I64_LOAD = 0x29;
const I64_STORE = 0x37;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
const I64_AND = 0x83;
const I64_XOR = 0x85;
const I64_ROTL = 0x89;
const TYPE_I32 = 0x7f;
const TYPE_I64 = 0x7e;
const TYPE_FUNCTION = 0x60;
const NO_RESULT = 0x40;
const ALIGNED_8 = 3;
const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const SECTION_TYPE = 1;
const SECTION_FUNCTION = 3;
const SECTION_MEMORY = 5;
const SECTION_EXPORT = 7;
const SECTION_CODE = 10;
const SECTION_DATA = 11;

// The function's locals: the state, the columns' parities and what theta makes of them, the state between the steps, and
// the place of the round's constant.
const PARITY_LOCALS = LANES;
const THETA_LOCALS = PARITY_LOCALS + 5;
const MOVED_LOCALS = THETA_LOCALS + 5;
const CONSTANT_LOCAL = MOVED_LOCALS + LANES;

/** Collects bytes; a start of the node waits for it, so nothing is copied on the way. */
class Code {
  readonly bytes: number[] = [];

  op(...bytes: number[]): this {
    this.bytes.push(...bytes);
    return this;
  }

  unsigned(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.bytes.push((rest & 0x7f) | 0x80);
    return this.op(rest);
  }

  signed(value: number): this {
    let rest = value;
    for (; rest < -0x40 || rest >= 0x40; rest >>= 7) this.bytes.push((rest & 0x7f) | 0x80);
    return this.op(rest & 0x7f);
  }

  get(local: number): this {
    return this.op(LOCAL_GET).unsigned(local);
  }

  set(local: number): this {
    return this.op(LOCAL_SET).unsigned(local);
  }

  load(offset: number): this {
    return this.op(I32_CONST, 0, I64_LOAD, ALIGNED_8).unsigned(offset);
  }

  store(offset: number, local: number): this {
    return this.op(I32_CONST, 0).get(local).op(I64_STORE, ALIGNED_8).unsigned(offset);
  }

  rotateLeft(bits: number): this {
    return bits === 0 ? this : this.op(I64_CONST).signed(bits).op(I64_ROTL);
  }

  /** The bytes of `part` after their count. */
  sized(part: Code): this {
    this.unsigned(part.bytes.length);
    for (const byte of part.bytes) this.bytes.push(byte);
    return this;
  }
}

function lane(x: number, y: number): number {
  return (x % 5) + 5 * (y % 5);
}

/** How far rho turns each lane (FIPS 202, section 3.2.2). */
function rotations(): readonly number[] {
  const bits = new Array<number>(LANES).fill(0);
  let x = 1;
  let y = 0;
  for (let step = 0; step < ROUNDS; step++) {
    bits[lane(x, y)] = (((step + 1) * (step + 2)) / 2) % 64;
    const next = (2 * x + 3 * y) % 5;
    x = y;
    y = next;
  }
  return bits;
}

/** The constants of iota, little-endian, from the shift register of FIPS 202, section 3.2.5. */
function roundConstants(): Code {
  const code = new Code();
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = new Array<number>(LANE_SIZE_BYTES).fill(0);
    for (let power = 0; power <= 6; power++) {
      const bit = 2 ** power - 1;
      if (register & 1) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7));
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
    code.op(...bytes);
  }
  return code;
}

function theta(code: Code): void {
  for (let x = 0; x < 5; x++) {
    code.get(lane(x, 0));
    for (let y = 1; y < 5; y++) code.get(lane(x, y)).op(I64_XOR);
    code.set(PARITY_LOCALS + x);
  }
  for (let x = 0; x < 5; x++) {
    code.get(PARITY_LOCALS + ((x + 4) % 5));
    code.get(PARITY_LOCALS + ((x + 1) % 5)).rotateLeft(1);
    code.op(I64_XOR).set(THETA_LOCALS + x);
  }
}

function rhoAndPi(code: Code, turns: readonly number[]): void {
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 5; x++) {
      const from = lane(x, y);
      code
        .get(from)
        .get(THETA_LOCALS + x)
        .op(I64_XOR)
        .rotateLeft(turns[from] as number);
      code.set(MOVED_LOCALS + lane(y, 2 * x + 3 * y));
    }
  }
}

function chiAndIota(code: Code): void {
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 5; x++) {
      code.get(MOVED_LOCALS + lane(x, y));
      // Exclusive or with -1 inverts every bit.
      code
        .get(MOVED_LOCALS + lane(x + 1, y))
        .op(I64_CONST)
        .signed(-1)
        .op(I64_XOR);
      code.get(MOVED_LOCALS + lane(x + 2, y)).op(I64_AND, I64_XOR);
      if (x === 0 && y === 0) code.get(CONSTANT_LOCAL).op(I64_LOAD, ALIGNED_8, 0, I64_XOR);
      code.set(lane(x, y));
    }
  }
}

/** Adds the block to the state and permutes it. */
function absorbFunction(): Code {
  const code = new Code().op(2).unsigned(CONSTANT_LOCAL).op(TYPE_I64, 1, TYPE_I32);
  for (let index = 0; index < LANES; index++) {
    code.load(STATE_OFFSET + index * LANE_SIZE_BYTES);
    if (index < RATE_LANES) code.load(BLOCK_OFFSET + index * LANE_SIZE_BYTES).op(I64_XOR);
    code.set(index);
  }
  const turns = rotations();
  code.op(I32_CONST).signed(CONSTANTS_OFFSET).set(CONSTANT_LOCAL);
  code.op(LOOP, NO_RESULT);
  theta(code);
  rhoAndPi(code, turns);
  chiAndIota(code);
  code.get(CONSTANT_LOCAL).op(I32_CONST).signed(LANE_SIZE_BYTES).op(I32_ADD, LOCAL_TEE).unsigned(CONSTANT_LOCAL);
  code.op(I32_CONST).signed(CONSTANTS_END).op(I32_LT_U, BR_IF, 0, END);
  for (let index = 0; index < LANES; index++) code.store(STATE_OFFSET + index * LANE_SIZE_BYTES, index);
  return code.op(END);
}

function addExport(code: Code, name: string, kind: number): void {
  code.sized(new Code().op(...new TextEncoder().encode(name))).op(kind, 0);
}

/** The module's bytes. It exports `memory`, one page, and `absorb`, a function without parameters and results. */
export function assembleKeccakModule(): Uint8Array<ArrayBuffer> {
  const exports = new Code().op(2);
  addExport(exports, "memory", KIND_MEMORY);
  addExport(exports, "absorb", KIND_FUNCTION);
  const data = new Code().op(1, 0, I32_CONST).signed(CONSTANTS_OFFSET).op(END).sized(roundConstants());
  const module = new Code()
    .op(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
    .op(SECTION_TYPE)
    .sized(new Code().op(1, TYPE_FUNCTION, 0, 0))
    .op(SECTION_FUNCTION)
    .sized(new Code().op(1, 0))
    .op(SECTION_MEMORY)
    .sized(new Code().op(1, 0, 1))
    .op(SECTION_EXPORT)
    .sized(exports)
    .op(SECTION_CODE)
    .sized(new Code().op(1).sized(absorbFunction()))
    .op(SECTION_DATA)
    .sized(data);
  return Uint8Array.from(module.bytes);
}
