// SHA-256 of a 64-byte message, chained n times; returns the first word of the last digest.

const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const W = memory.data(256);
const STATE = memory.data(32);
const MESSAGE = memory.data(64);

function word(base: usize, index: i32): u32 {
  return load<u32>(base + (index << 2));
}

function setWord(base: usize, index: i32, value: u32): void {
  store<u32>(base + (index << 2), value);
}

function expand(block: usize): void {
  for (let i = 0; i < 16; i++) setWord(W, i, bswap(word(block, i)));
  for (let i = 16; i < 64; i++) {
    const a = word(W, i - 15);
    const b = word(W, i - 2);
    const s0 = rotr(a, 7) ^ rotr(a, 18) ^ (a >>> 3);
    const s1 = rotr(b, 17) ^ rotr(b, 19) ^ (b >>> 10);
    setWord(W, i, word(W, i - 16) + s0 + word(W, i - 7) + s1);
  }
}

function compress(block: usize): void {
  expand(block);
  let a = word(STATE, 0);
  let b = word(STATE, 1);
  let c = word(STATE, 2);
  let d = word(STATE, 3);
  let e = word(STATE, 4);
  let f = word(STATE, 5);
  let g = word(STATE, 6);
  let h = word(STATE, 7);
  for (let i = 0; i < 64; i++) {
    const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + word(K, i) + word(W, i);
    const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  setWord(STATE, 0, word(STATE, 0) + a);
  setWord(STATE, 1, word(STATE, 1) + b);
  setWord(STATE, 2, word(STATE, 2) + c);
  setWord(STATE, 3, word(STATE, 3) + d);
  setWord(STATE, 4, word(STATE, 4) + e);
  setWord(STATE, 5, word(STATE, 5) + f);
  setWord(STATE, 6, word(STATE, 6) + g);
  setWord(STATE, 7, word(STATE, 7) + h);
}

function begin(): void {
  setWord(STATE, 0, 0x6a09e667);
  setWord(STATE, 1, 0xbb67ae85);
  setWord(STATE, 2, 0x3c6ef372);
  setWord(STATE, 3, 0xa54ff53a);
  setWord(STATE, 4, 0x510e527f);
  setWord(STATE, 5, 0x9b05688c);
  setWord(STATE, 6, 0x1f83d9ab);
  setWord(STATE, 7, 0x5be0cd19);
}

export function run(n: i32): i32 {
  memory.fill(MESSAGE, 0x61, 64);
  for (let round = 0; round < n; round++) {
    begin();
    compress(MESSAGE);
    for (let i = 0; i < 8; i++) setWord(MESSAGE, i, bswap(word(STATE, i)));
  }
  return word(STATE, 0);
}
