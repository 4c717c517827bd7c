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
    // A longer or shorter form of a name is close to it (`dropoutRate`, `numLayers`), but not as close as a typing error.
    const contained = wanted.length > 2 && candidate.length > 2 && (candidate.includes(wanted) || wanted.includes(candidate));
    const distance = contained ? Math.min(limit + 0.5, editDistance(wanted, candidate)) : editDistance(wanted, candidate);
    if (distance < least) [best, least] = [each, distance];
  }
  return best === undefined ? "" : `; did you mean "${best}"?`;
}

function normalize(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}

/** How many characters to insert, delete, replace, or swap with their neighbour to get from `a` to `b` (optimal string alignment distance). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 0; i <= a.length; i++) {
    const row: number[] = (rows[i] = []);
    for (let j = 0; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(i + j === 0 ? 0 : Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}
