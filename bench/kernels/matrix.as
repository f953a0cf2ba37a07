// Product of two matrices of 48 x 48 numbers of 64 bits, n times; returns the trace.

const SIZE = 48;
const A = heap.alloc(18432);
const B = heap.alloc(18432);
const C = heap.alloc(18432);

function place(base: usize, row: i32, column: i32): usize {
  return base + ((row * SIZE + column) << 3);
}

export function run(n: i32): i32 {
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      store<i64>(place(A, i, j), i + j);
      store<i64>(place(B, i, j), i - j);
    }
  }
  let trace: i64 = 0;
  for (let round = 0; round < n; round++) {
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) {
        let sum: i64 = 0;
        for (let k = 0; k < SIZE; k++) sum += load<i64>(place(A, i, k)) * load<i64>(place(B, k, j));
        store<i64>(place(C, i, j), sum);
      }
    }
    for (let i = 0; i < SIZE; i++) trace += load<i64>(place(C, i, i));
  }
  return <i32>trace;
}
