import type { Dataset } from "@nn/data";
import type { Tensor } from "@nn/tensor";
import { chart } from "./chart.js";
import { planePoints } from "./plane.js";

/** Options of {@link decisionRegions}. */
export interface DecisionRegionsOptions {
  readonly title: string;
  /** The names of the classes, by their numbers. */
  readonly classes: readonly string[];
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
  /** The probabilities of the classes, `[N, classes]`, at points `[N, 2]`. */
  readonly probabilities: (points: Tensor) => Tensor;
}

/** Points of a plane by their classes, above what a classifier thinks of every position, as an SVG picture. */
export function decisionRegions(points: Dataset<readonly [point: Tensor, label: Tensor]>, { title, classes, x, y, probabilities }: DecisionRegionsOptions): string {
  const side = 96;
  const [positions, labels] = points.all();
  const [places, numbers] = [positions.toArray() as [number, number][], labels.toArray() as number[]];
  const series = classes.map((name, label) => ({ name, points: places.filter((_, index) => numbers[index] === label), as: "points", radius: 3.5 }) as const);
  const regions = { probabilities: probabilities(planePoints({ x, y, side })).reshape([side, side, classes.length]), x, y };
  return chart(series, { title, xLabel: "x", yLabel: "y", square: true, regions });
}
