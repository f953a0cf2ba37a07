// Quicksort of 5,000 pseudo-random numbers, n times; returns a sum over the sorted ones.

const SIZE = 5000;
const VALUES = heap.alloc(20000);

function at(index: i32): i32 {
  return load<i32>(VALUES + (index << 2));
}

function put(index: i32, value: i32): void {
  store<i32>(VALUES + (index << 2), value);
}

function sort(low: i32, high: i32): void {
  if (low >= high) return;
  const pivot = at((low + high) >> 1);
  let i = low;
  let j = high;
  while (i <= j) {
    while (at(i) < pivot) i++;
    while (at(j) > pivot) j--;
    if (i <= j) {
      const left = at(i);
      put(i, at(j));
      put(j, left);
      i++;
      j--;
    }
  }
  sort(low, j);
  sort(i, high);
}

export function run(n: i32): i32 {
  let seed: u32 = 12345;
  let sum = 0;
  for (let round = 0; round < n; round++) {
    for (let i = 0; i < SIZE; i++) {
      seed = seed * 1664525 + 1013904223;
      put(i, seed >>> 1);
    }
    sort(0, SIZE - 1);
    for (let i = 0; i < SIZE; i += 100) sum += at(i);
  }
  return sum;
}
