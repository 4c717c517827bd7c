import type { Leaf } from "./regression-tree.js";

/**
 * The fraction of the variance of a tree over the unit cube that each coordinate explains alone: `V_d/V`, where V_d is the variance of the tree's mean over
 * all other coordinates (Hutter et al. 2014). It is computed exactly, from the boxes of the leaves. All are 0 if the tree is constant.
 */
export function mainEffects(leaves: readonly Leaf[], dimensions: number): number[] {
  const volumes = leaves.map(({ low, high }) => low.reduce((product, from, feature) => product * ((high[feature] ?? 1) - from), 1));
  const mean = leaves.reduce((sum, { value }, at) => sum + value * (volumes[at] ?? 0), 0);
  const variance = leaves.reduce((sum, { value }, at) => sum + (value - mean) ** 2 * (volumes[at] ?? 0), 0);
  if (!(variance > 0)) return new Array<number>(dimensions).fill(0);
  return Array.from({ length: dimensions }, (_, feature) => {
    const edges = [...new Set(leaves.flatMap(({ low, high }) => [low[feature] ?? 0, high[feature] ?? 1]))].toSorted((a, b) => a - b);
    let explained = 0;
    for (const [index, to] of edges.entries()) {
      const from = edges[index - 1];
      if (from === undefined) continue;
      const marginal = leaves.reduce((sum, { low, high, value }, at) => {
        const [start, end] = [low[feature] ?? 0, high[feature] ?? 1];
        return start <= from && end >= to ? sum + (value * (volumes[at] ?? 0)) / (end - start) : sum;
      }, 0);
      explained += (to - from) * (marginal - mean) ** 2;
    }
    return explained / variance;
  });
}
