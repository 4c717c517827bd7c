/** A leaf of a tree: a box of the unit cube, and the value of the tree there. */
export interface Leaf {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly value: number;
}

/** Examples of a function on the unit cube. */
export interface Examples {
  readonly points: readonly (readonly number[])[];
  readonly values: readonly number[];
}

/**
 * The leaves of a regression tree (Breiman et al. 1984): each box is split where the sum of squared deviations from the means of the two parts is
 * smallest, halfway between two coordinates, until all values of a box are equal or no split is left. `chosen` are the indices of the
 * examples that the tree is grown from; they may repeat.
 */
export function growTree(examples: Examples, chosen: readonly number[]): Leaf[] {
  const width = examples.points[0]?.length ?? 0;
  const leaves: Leaf[] = [];
  const boxes = [{ chosen, low: new Array<number>(width).fill(0), high: new Array<number>(width).fill(1) }];
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
    const { chosen, low, high } = box;
    const split = bestSplit(examples, chosen, width);
    if (split === undefined) {
      leaves.push({ low, high, value: mean(chosen.map((index) => examples.values[index] ?? 0)) });
      continue;
    }
    const { feature, at } = split;
    const isBelow = (index: number): boolean => (examples.points[index]?.[feature] ?? 0) < at;
    boxes.push(
      { chosen: chosen.filter(isBelow), low, high: high.with(feature, at) },
      { chosen: chosen.filter((index) => !isBelow(index)), low: low.with(feature, at), high },
    );
  }
  return leaves;
}

/** The best split of some examples; `undefined` if all values or all points are equal. */
function bestSplit({ points, values }: Examples, chosen: readonly number[], width: number): { readonly feature: number; readonly at: number } | undefined {
  const average = mean(chosen.map((index) => values[index] ?? 0));
  const total = chosen.reduce((sum, index) => sum + ((values[index] ?? 0) - average) ** 2, 0);
  if (total <= 1e-24 * (1 + average * average)) return undefined;
  let best: { readonly feature: number; readonly at: number } | undefined;
  let most = -Infinity;
  for (let feature = 0; feature < width; feature++) {
    const sorted = chosen.map((index) => [points[index]?.[feature] ?? 0, (values[index] ?? 0) - average] as const).toSorted(([a], [b]) => a - b);
    let below = 0;
    for (let count = 1; count < sorted.length; count++) {
      const [before, value] = sorted[count - 1] ?? [0, 0];
      const after = sorted[count]?.[0] ?? 0;
      below += value;
      // The squared deviations fall by n_l m_l² + n_r m_r², where the m are the means of the parts less that of all.
      const gain = (below * below) / count + (below * below) / (sorted.length - count);
      if (after > before && gain > most) [best, most] = [{ feature, at: (before + after) / 2 }, gain];
    }
  }
  return best;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
