/** Tiles of one size, side by side along an axis. */
export interface Segment {
  readonly start: number;
  /** Elements of the axis in a tile. */
  readonly size: number;
  /** How many tiles. */
  readonly count: number;
}

/**
 * Divides an axis into tiles of one size or two, so that the work of all tiles is least. `costOf(size)` is that of a tile.
 */
export function divide(length: number, largest: number, costOf: (size: number) => number): readonly Segment[] {
  let best: { readonly cost: number; readonly segments: readonly Segment[] } | undefined;
  for (let size = Math.min(largest, length); size > 0; size--) {
    const most = Math.floor(length / size);
    for (let count = most; count > Math.max(0, most - 2); count--) {
      const rest = length - count * size;
      for (let other = Math.min(rest, largest); other >= 0; other--) {
        if (other === 0 ? rest > 0 : rest % other !== 0) continue;
        const more = other === 0 ? 0 : rest / other;
        if (more > 2) continue;
        const cost = count * costOf(size) + more * costOf(other) + (more > 0 ? 0.01 : 0);
        if (best !== undefined && best.cost <= cost) continue;
        const segments = [{ start: 0, size, count }, { start: count * size, size: other, count: more }];
        best = { cost, segments: segments.filter((segment) => segment.count > 0) };
      }
    }
  }
  return best?.segments ?? [];
}
