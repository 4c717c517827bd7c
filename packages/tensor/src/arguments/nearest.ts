/**
 * The name that was probably meant by a misspelt one, as an ending for an error message (`; did you mean "axis"?`), or an empty
 * string if none is close. Case, spaces, dashes and underscores do not count.
 */
export function didYouMean(name: string, names: readonly string[]): string {
  const wanted = normalize(name);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const each of names) {
    const candidate = normalize(each);
    // A longer or shorter form of a name is close to it (`dropoutRate`, `numLayers`), but not as close as a slip of the finger.
    const contained = wanted.length > 2 && candidate.length > 2 && (candidate.includes(wanted) || wanted.includes(candidate));
    const distance = contained ? Math.min(limit + 0.5, editDistance(wanted, candidate)) : editDistance(wanted, candidate);
    if (distance < least) [best, least] = [each, distance];
  }
  return best === undefined ? "" : `; did you mean "${best}"?`;
}

function normalize(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}

/** Number of single characters to insert, delete, replace, or swap with their neighbour, to get from `a` to `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, at(beforeLast, j - 2) + 1);
      row.push(distance);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
