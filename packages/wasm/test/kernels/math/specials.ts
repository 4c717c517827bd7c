import type { MathName } from "./apply.js";

const infinity = Infinity;
const pi = Math.PI;

/** Rows of argument, result, where the result is exact in every format. */
export const unarySpecials: { readonly [N in MathName]?: readonly (readonly [x: number, result: number])[] } = {
  exp: [[0, 1], [-0, 1], [infinity, infinity], [-infinity, 0], [1e30, infinity], [-1e30, 0], [NaN, NaN]],
  expm1: [[0, 0], [-0, -0], [infinity, infinity], [-infinity, -1], [1e30, infinity], [-100, -1], [NaN, NaN]],
  log: [[1, 0], [0, -infinity], [-0, -infinity], [infinity, infinity], [-infinity, NaN], [-1, NaN], [-(2 ** -149), NaN], [NaN, NaN]],
  log1p: [[0, 0], [-0, -0], [-1, -infinity], [infinity, infinity], [-1.5, NaN], [-infinity, NaN], [NaN, NaN]],
  sin: [[0, 0], [-0, -0], [infinity, NaN], [-infinity, NaN], [NaN, NaN]],
  cos: [[0, 1], [-0, 1], [infinity, NaN], [-infinity, NaN], [NaN, NaN]],
  tanh: [[0, 0], [-0, -0], [infinity, 1], [-infinity, -1], [30, 1], [-30, -1], [NaN, NaN]],
  sigmoid: [[0, 0.5], [-0, 0.5], [infinity, 1], [-infinity, 0], [40, 1], [-1000, 0], [NaN, NaN]],
  erf: [[0, 0], [-0, -0], [infinity, 1], [-infinity, -1], [7, 1], [-7, -1], [NaN, NaN]],
  erfc: [[0, 1], [-0, 1], [infinity, 0], [-infinity, 2], [30, 0], [-7, 2], [NaN, NaN]],
  erfInv: [[0, 0], [-0, -0], [1, infinity], [-1, -infinity], [1.5, NaN], [-1.5, NaN], [infinity, NaN], [-infinity, NaN], [NaN, NaN]],
};

type Row = readonly [x: number, y: number, result: number];

/** C's table of special cases (C17, F.10.4.4), and sizes beyond the range. */
const pow: readonly Row[] = [
  [0, -3, infinity], [-0, -3, -infinity], [0, -2, infinity], [-0, -2, infinity], [0, -0.5, infinity], [-0, -0.5, infinity],
  [0, -infinity, infinity], [-0, -infinity, infinity],
  [0, 3, 0], [-0, 3, -0], [0, 2, 0], [-0, 2, 0], [0, 0.5, 0], [-0, 0.5, 0], [0, infinity, 0], [-0, infinity, 0],
  [-1, infinity, 1], [-1, -infinity, 1], [1, infinity, 1], [1, NaN, 1], [1, 5, 1],
  [NaN, 0, 1], [NaN, -0, 1], [infinity, 0, 1], [-infinity, -0, 1], [0, 0, 1], [-0, 0, 1], [-3, 0, 1],
  [-8, 1 / 3, NaN], [-0.5, 0.5, NaN], [-(2 ** -149), 1.5, NaN],
  [0.5, -infinity, infinity], [-0.5, -infinity, infinity], [2, -infinity, 0], [-2, -infinity, 0],
  [0.5, infinity, 0], [-0.5, infinity, 0], [2, infinity, infinity], [-2, infinity, infinity],
  [-infinity, -3, -0], [-infinity, -2, 0], [-infinity, 3, -infinity], [-infinity, 2, infinity], [-infinity, 0.5, infinity],
  [infinity, -1, 0], [infinity, 1, infinity], [infinity, infinity, infinity], [infinity, -infinity, 0],
  [NaN, 1, NaN], [2, NaN, NaN], [-1, NaN, NaN], [0, NaN, NaN], [infinity, NaN, NaN], [NaN, NaN, NaN], [NaN, infinity, NaN],
  [-2, 3, -8], [-2, 2, 4], [-2, -1, -0.5], [-2, 2 ** 24 + 2, infinity], [2, -1e30, 0], [-1, 3, -1], [-1, 2 ** 24, 1], [4, 0.5, 2],
  [10, 400, infinity], [-10, 401, -infinity], [10, -400, 0], [-10, -401, -0], [2, 10, 1024], [3, 4, 81],
];

const atan2: readonly Row[] = [
  [0, 1, 0], [-0, 1, -0], [0, -1, pi], [-0, -1, -pi], [0, 0, 0], [-0, 0, -0], [0, -0, pi], [-0, -0, -pi],
  [1, 0, pi / 2], [-1, 0, -pi / 2], [1, -0, pi / 2], [-1, -0, -pi / 2],
  [1, infinity, 0], [-1, infinity, -0], [1, -infinity, pi], [-1, -infinity, -pi],
  [infinity, 1, pi / 2], [-infinity, 1, -pi / 2], [infinity, -1, pi / 2],
  [infinity, infinity, pi / 4], [-infinity, infinity, -pi / 4], [infinity, -infinity, (3 * pi) / 4], [-infinity, -infinity, (-3 * pi) / 4],
  [0, infinity, 0], [0, -infinity, pi], [-0, -infinity, -pi], [infinity, 0, pi / 2], [infinity, -0, pi / 2],
  [NaN, 1, NaN], [1, NaN, NaN], [NaN, NaN, NaN], [NaN, 0, NaN], [0, NaN, NaN], [NaN, infinity, NaN], [infinity, NaN, NaN],
];

/** Python's table; x mod ±∞ as in PyTorch. */
const remainder: readonly Row[] = [
  [7, 3, 1], [-7, 3, 2], [7, -3, -2], [-7, -3, -1], [5.5, 2, 1.5], [-5.5, 2, 0.5],
  [6, 3, 0], [-6, 3, -0], [6, -3, 0], [-6, -3, -0], [0, 5, 0], [-0, 5, -0], [0, -5, 0], [-0, -5, -0],
  [5, infinity, 5], [-5, infinity, infinity], [5, -infinity, -infinity], [-5, -infinity, -5], [0, infinity, 0], [-0, infinity, -0],
  [infinity, 3, NaN], [-infinity, 3, NaN], [infinity, infinity, NaN], [3, 0, NaN], [3, -0, NaN], [0, 0, NaN], [infinity, 0, NaN],
  [NaN, 3, NaN], [3, NaN, NaN], [NaN, NaN, NaN], [NaN, infinity, NaN], [infinity, NaN, NaN],
  [2 ** 100, 3, 1], [-(2 ** 100), 3, 2], [2 ** 127, 2 ** -149, 0], [2 ** 101, 3, 2], [2 ** -140, 2 ** -142 * 3, 2 ** -142],
];

export const binarySpecials: { readonly [N in MathName]?: readonly Row[] } = { pow, atan2, remainder };
