// The sieve of Eratosthenes over 20,000 numbers, n times; returns how many primes there are.

const SIZE = 20000;
const FLAGS = heap.alloc(20000);

export function run(n: i32): i32 {
  let count = 0;
  for (let round = 0; round < n; round++) {
    memory.fill(FLAGS, 1, SIZE);
    count = 0;
    for (let i = 2; i < SIZE; i++) {
      if (!load<u8>(FLAGS + i)) continue;
      count++;
      for (let j = i + i; j < SIZE; j += i) store<u8>(FLAGS + j, 0);
    }
  }
  return count;
}
