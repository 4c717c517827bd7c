import { float, type Objective, type Space } from "@nn/search";

/** A function of known minimum. */
export interface Problem<S extends Space = Space> {
  readonly name: string;
  readonly space: S;
  readonly objective: Objective<S>;
  /** What is subtracted from values: the minimum, or 0 where it is not known. */
  readonly minimum: number;
}

const plane = { x: float(-5, 10), y: float(0, 15) };

/** Branin's function (Branin 1972), which has three minima of 0.397887. */
export const branin: Problem<typeof plane> = {
  name: "Branin, 2 parameters",
  space: plane,
  minimum: 0.397887,
  objective: ({ x, y }) => (y - (5.1 * x * x) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10,
};

const cube = { a: float(0, 1), b: float(0, 1), c: float(0, 1), d: float(0, 1), e: float(0, 1), f: float(0, 1) };

const weights = [1, 1.2, 3, 3.2];
const scales = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
const centres = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]];

/** Hartmann's function of six parameters (Dixon and Szegö 1978), whose minimum is −3.32237. */
export const hartmann6: Problem<typeof cube> = {
  name: "Hartmann, 6 parameters",
  space: cube,
  minimum: -3.32237,
  objective: ({ a, b, c, d, e, f }) => {
    const exponent = (row: number): number => [a, b, c, d, e, f].reduce((sum, x, at) => sum + (scales[row]?.[at] ?? 0) * (x - (centres[row]?.[at] ?? 0) * 1e-4) ** 2, 0);
    return -weights.reduce((sum, weight, row) => sum + weight * Math.exp(-exponent(row)), 0);
  },
};
