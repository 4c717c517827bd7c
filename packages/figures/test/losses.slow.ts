import { describe, expect, test } from "vitest";
import { flatLines, pointsWith, robustLine, trueLine, type Lines, type Pair } from "../src/tasks/robust-line.js";
import { spreadNames, uncertainty, type SpreadName, type UncertaintyView } from "../src/tasks/uncertainty.js";
import { trainedToEnd } from "./trained.js";

/** The line of least squares, by its formula. */
function leastSquares(points: readonly Pair[]): Pair {
  const mean = (of: (point: Pair) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const slope = mean((point) => (point[0] - x) * (point[1] - y)) / mean((point) => (point[0] - x) ** 2);
  return [slope, y - slope * x];
}

describe("lines by three losses", () => {
  const linesFor = (points: readonly Pair[], from: Lines = flatLines): Lines => trainedToEnd(robustLine({ points, from })).lines;

  test.each([0, 1, 3])("L2 with %d outliers is the line of least squares", (outliers) => {
    const points = pointsWith(outliers);
    const [slope, intercept] = leastSquares(points);
    const { L2 } = linesFor(points);
    expect(L2[0]).toBeCloseTo(slope, 2);
    expect(L2[1]).toBeCloseTo(intercept, 2);
  });

  test("L1 passes through at least two points", () => {
    const points = pointsWith(1);
    const [slope, intercept] = linesFor(points).L1;
    expect(points.filter(([x, y]) => Math.abs(slope * x + intercept - y) < 0.02).length).toBeGreaterThanOrEqual(2);
  });

  test("one outlier bends the line of L2, and not those of L1 and Huber", () => {
    const away = ([slope]: Pair): number => Math.abs(slope - trueLine[0]);
    const [clean, bent] = [linesFor(pointsWith(0)), linesFor(pointsWith(1))];
    for (const name of ["L2", "L1", "Huber"] as const) expect(away(clean[name])).toBeLessThan(0.1);
    expect(away(bent.L2)).toBeGreaterThan(0.3);
    expect(away(bent.L1)).toBeLessThan(0.1);
    expect(away(bent.Huber)).toBeLessThan(0.15);
  });
});

describe("uncertainty", () => {
  const views = new Map<SpreadName, UncertaintyView>();
  const viewOf = (spread: SpreadName): UncertaintyView => {
    const view = views.get(spread) ?? trainedToEnd(uncertainty({ spread, seed: 1 }));
    views.set(spread, view);
    return view;
  };

  test.each(spreadNames)("the band holds about 95 % of the points, if the noise is %s", (spread) => {
    const { within, points, means, deviations } = viewOf(spread);
    expect(within).toBeGreaterThan(0.9);
    expect(within).toBeLessThan(0.99);
    // The same from the curves, by the nearest place of each point.
    const inside = points.filter(([x, y]) => {
      const at = Math.round(((x + 3) / 6) * (means.length - 1));
      return Math.abs(y - (means[at] ?? NaN)) < 2 * (deviations[at] ?? NaN);
    });
    expect(inside.length / points.length).toBeCloseTo(within, 1);
  });
});
