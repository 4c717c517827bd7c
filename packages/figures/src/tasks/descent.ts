import { grad } from "@nn/autograd";
import { tensor, type Tensor } from "@nn/tensor";
import type { Task } from "./task.js";

/** A function of one number, and the part of it that a figure shows. */
interface Landscape {
  readonly f: (x: Tensor) => Tensor;
  readonly formula: string;
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** The functions that can be descended. */
export const landscapes = {
  bowl: { f: (x) => x.square(), formula: "x²", x: [-2.2, 2.2], y: [-0.4, 4.8] },
  valleys: { f: (x) => x.square().square().mul(0.5).sub(x.square().mul(2)).add(x.mul(0.4)), formula: "x⁴/2 − 2x² + 0.4x", x: [-2.4, 2.4], y: [-3.6, 3.4] },
} as const satisfies Readonly<Record<string, Landscape>>;

export type LandscapeName = keyof typeof landscapes;
export const landscapeNames = ["bowl", "valleys"] as const;

export interface DescentSettings {
  readonly landscape: LandscapeName;
  readonly start: number;
  readonly learningRate: number;
}

/** Where the descent is after a step. */
export interface DescentPoint {
  readonly x: number;
  readonly value: number;
  readonly slope: number;
}

export interface DescentView {
  readonly path: readonly DescentPoint[];
  /** What the tangent promised for the last step, `α f′(x)²`, and by how much the function really fell; `undefined` before the first step. */
  readonly fall: { readonly promised: number; readonly real: number } | undefined;
  readonly ending: "none" | "arrived" | "diverged" | "slow";
}

const exact = (x: number): Tensor => tensor(x, { dtype: "float64" });

/** Value and slope of a function at a number, by autograd. */
export function pointAt(landscape: LandscapeName, x: number): DescentPoint {
  const { f } = landscapes[landscape];
  return { x, value: f(exact(x)).item(), slope: grad(f)(exact(x)).item() };
}

/** The curve of a function, as points. */
export function curveOf(landscape: LandscapeName, points = 161): readonly (readonly [x: number, y: number])[] {
  const { f, x: [from, to] } = landscapes[landscape];
  const xs = Array.from({ length: points }, (_, at) => from + ((to - from) * at) / (points - 1));
  const ys = f(tensor(xs, { dtype: "float64" })).toArray() as number[];
  return xs.map((x, at) => [x, ys[at] ?? NaN]);
}

const mostSteps = 200;

/** Gradient descent: `x ← x − α f′(x)`. */
export function descent({ landscape, start, learningRate }: DescentSettings): Task<DescentView> {
  const path = [pointAt(landscape, start)];
  const last = (): DescentPoint => path.at(-1) ?? pointAt(landscape, start);
  const before = (): DescentPoint | undefined => path.at(-2);
  const ending = (): DescentView["ending"] => {
    const { x, slope } = last();
    const [from, to] = landscapes[landscape].x;
    if (!(x >= 5 * from && x <= 5 * to)) return "diverged";
    return Math.abs(slope) < 1e-3 ? "arrived" : path.length > mostSteps ? "slow" : "none";
  };
  return {
    step() {
      const { x, slope } = last();
      if (ending() === "none") path.push(pointAt(landscape, x - learningRate * slope));
    },
    view() {
      const from = before();
      return { path: [...path], fall: from === undefined ? undefined : { promised: learningRate * from.slope ** 2, real: from.value - last().value }, ending: ending() };
    },
    isDone: () => ending() !== "none",
  };
}
