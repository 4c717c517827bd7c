import type { Problem } from "../../tasks/playground/choices.js";
import type { DrawnExamples } from "../../tasks/playground/examples.js";
import { range, type OwnData } from "../../tasks/playground/settings.js";

export type Point = readonly [x: number, y: number];

/** The most points that can be drawn. */
export const mostPoints = 500;

const rounded = (value: number): number => Math.round(Math.min(range[1], Math.max(range[0], value)) * 100) / 100;

/** The points with one more. */
export function withPoint({ inputs, targets }: OwnData, [x, y]: Point, target: number): OwnData {
  return inputs.length >= mostPoints ? { inputs, targets } : { inputs: [...inputs, [rounded(x), rounded(y)]], targets: [...targets, target] };
}

/** The points without those that are near a place. */
export function withoutNear({ inputs, targets }: OwnData, [x, y]: Point, radius: number): OwnData {
  const kept = inputs.flatMap(([left = 0, top = 0], at) => (Math.hypot(left - x, top - y) > radius ? [at] : []));
  return { inputs: kept.map((at) => inputs[at] ?? []), targets: kept.map((at) => targets[at] ?? 0) };
}

/** The points without the one nearest to a place. */
export function withoutNearest(own: OwnData, [x, y]: Point): OwnData {
  const distances = own.inputs.map(([left = 0, top = 0]) => Math.hypot(left - x, top - y));
  const nearest = distances.indexOf(Math.min(...distances));
  return { inputs: own.inputs.filter((_, at) => at !== nearest), targets: own.targets.filter((_, at) => at !== nearest) };
}

/** So many of the examples are kept when one begins to draw, which leaves room for more. */
const mostKept = 150;

/** Some of the examples that are shown, as points of one's own. They are in random order, those for training first. */
export function ownFrom({ train, test }: { readonly train: DrawnExamples; readonly test: DrawnExamples }): OwnData {
  const all = [train, test].flatMap(({ x, y, targets }) => x.map((left, at) => ({ input: [rounded(left), rounded(y[at] ?? 0)], target: targets[at] ?? 0 })));
  const kept = all.slice(0, mostKept);
  return { inputs: kept.map(({ input }) => input), targets: kept.map(({ target }) => target) };
}

/** Points as they are drawn. */
export const drawnFrom = ({ inputs, targets }: OwnData): DrawnExamples => ({ x: inputs.map(([x]) => x ?? 0), y: inputs.map(([, y]) => y ?? 0), targets });

/** Whether a network can be trained with the points. */
export function isEnough({ inputs, targets }: OwnData, problem: Problem): boolean {
  return inputs.length >= 4 && (problem === "regression" || new Set(targets).size > 1);
}
