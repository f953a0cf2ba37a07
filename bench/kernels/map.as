// Strings as keys of a Map, counted n times: allocation, hashing, comparison, growing memory. Each run begins with an empty heap.

export function run(n: i32): i32 {
  heap.reset();
  const counts = new Map<string, i32>();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const key = "account-" + (i % 257).toString();
    if (counts.has(key)) counts.set(key, counts.get(key) + 1);
    else counts.set(key, 1);
    sum += counts.get(key);
  }
  return sum + counts.size;
}
