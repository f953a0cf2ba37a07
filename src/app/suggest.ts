// "Did you mean": the known name that is nearest to a mistyped one.

const DISTANCE_MAX = 2;
const NAME_LENGTH_MAX = 64;
const BEGINNING_LENGTH_MIN = 3;

/** Edits that lead from one to the other: insert, delete, replace a letter or swap two neighbours. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, (beforeLast[column - 2] as number) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] as number;
}

/** The nearest candidate: within two edits of `name` (one for short names), or one that starts with it. */
export function suggest(name: string, candidates: readonly string[]): string | undefined {
  if (name === "" || name.length > NAME_LENGTH_MAX) return undefined;
  const wanted = name.toLowerCase().replaceAll("-", "_");
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const plain = candidate.toLowerCase().replaceAll("-", "_");
    const limit = Math.min(DISTANCE_MAX, Math.floor(Math.min(wanted.length, plain.length) / 2));
    const isBeginning = wanted.length >= BEGINNING_LENGTH_MIN && plain.startsWith(wanted);
    const distance = Math.min(editDistance(wanted, plain), isBeginning ? 1 : Number.POSITIVE_INFINITY);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const nearest = suggest(name, candidates);
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}
